"""What of a warning can be found: the four columns the search looks into."""

from cms.portal.search.words import folded_column, marked_column
from scam_warnings.snapshot import Snapshot


def columns_of(snapshot: Snapshot) -> dict[str, str]:
    """The columns title_* and text_* of ``snapshot``, in the language it speaks."""
    text = "\n".join(_parts(snapshot))
    return {
        "title_marked": marked_column(snapshot.title),
        "title_folded": folded_column(snapshot.title),
        "text_marked": marked_column(text),
        "text_folded": folded_column(text),
    }


def _parts(snapshot: Snapshot) -> tuple[str, ...]:
    return (
        snapshot.title,
        snapshot.summary,
        snapshot.scam_type.name,
        snapshot.scam_type_group.name,
        *(audience.name for audience in snapshot.audiences),
        *snapshot.how_it_works,
        *snapshot.warning_signs,
        *snapshot.what_to_do,
        *snapshot.if_you_are_a_victim,
        snapshot.sample_message,
        snapshot.reference,
        snapshot.reference.split(".")[0],
        *snapshot.hashtags,
    )
