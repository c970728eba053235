"""A copied warning keeps its authors: whoever wrote the words cannot approve them in the copy either."""

from wagtail.models import Page, Revision

from scam_warnings.models import Contribution, ScamWarningPage


def keep_authors(source: Page, copy: Page) -> None:
    """Record everybody who wrote ``source`` as an author of ``copy``."""
    source, copy = source.specific, copy.specific
    if not isinstance(source, ScamWarningPage) or not isinstance(copy, ScamWarningPage):
        return
    authors = set(source.contributions.values_list("user_id", flat=True))
    authors |= set(Revision.objects.for_instance(source).values_list("user_id", flat=True))
    latest = copy.latest_revision_created_at or copy.latest_revision.created_at
    for author in authors - {None}:
        Contribution.objects.update_or_create(page=copy, user_id=author, defaults={"latest_at": latest})
