"""Explanations of scam types, for the portal's library."""

from cms.information.editions import is_trusted
from cms.information.kinds import Kind
from cms.information.models import Edition
from cms.information.presentation import blocks
from cms.portal.library import Explanation


def described_types(key: str = "") -> list[Explanation]:
    """Every explained scam type, or the one named ``key``, as sealed."""
    rows = Edition.objects.filter(kind=Kind.SCAM_TYPE, is_current=True, withdrawn=False)
    if key:
        rows = rows.filter(slug=key)
    return [_explanation(row) for row in rows if is_trusted(row)]


def _explanation(edition: Edition) -> Explanation:
    named, said = edition.content["type"], edition.content["vi"]
    return Explanation(
        key=named["key"],
        name=named["name"],
        group_key=named["group_key"],
        group_name=named["group_name"],
        official_no=named["official_no"],
        official_name=named["official_name"],
        summary=said["summary"],
        blocks=tuple(blocks(said["body"])),
        approved_at=edition.approved_at,
    )
