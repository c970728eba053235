"""A draft of a warning from tips: its kind and what readers may recognise the scam by, never a citizen's words."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cms.audit.recording import record
from cms.core.text import collapse
from cms.core.text import slug as make_slug
from cms.tips import acts
from cms.tips.models import Mark, State, Tip, TipUse
from cms.users import memberships
from cms.users.roles import Role
from publishers.models import Channel
from scam_warnings import own_channels
from scam_warnings.counted import TITLE_LIMIT
from scam_warnings.models import ScamWarningPage, WarningIndexPage
from scam_warnings.taxonomy import ContentCategory, ScamType

MOST: Final = 30
"""Tips behind one warning."""
_CATEGORY: Final = "canh-bao-huong-dan"


def may_draft(user: Any) -> bool:
    """Whether ``user`` writes warnings."""
    index = WarningIndexPage.objects.first()
    return index is not None and index.permissions_for_user(user).can_add_subpage()


def marks_of(tips: Iterable[Tip]) -> list[Mark]:
    """What the tips name, each once, what most of them name first."""
    count: dict[str, int] = {}
    first: dict[str, Mark] = {}
    for mark in Mark.objects.filter(tip__in=list(tips)):
        count[mark.digest] = count.get(mark.digest, 0) + 1
        first.setdefault(mark.digest, mark)
    return sorted(first.values(), key=lambda mark: (-count[mark.digest], mark.pk))


def draft(
    tips: Sequence[Tip],
    by: Any,
    now: datetime,
    *,
    title: str,
    scam_type: ScamType | None,
    digests: Iterable[str],
) -> ScamWarningPage:
    """A new draft by ``by``, with the chosen marks as masked indicators; the tips count as used.

    Raises ValidationError for a missing or too long title.
    """
    title = collapse(title)
    if not title:
        raise ValidationError({"title": _("Give the warning a title.")})
    if len(title) > TITLE_LIMIT:
        raise ValidationError({"title": _("At most %d characters.") % TITLE_LIMIT})
    chosen = set(digests)
    indicators = [mark for mark in marks_of(tips) if mark.digest in chosen][:20]
    home = next(iter(memberships.units_of(by, Role.EDITOR)), None)
    page = ScamWarningPage.create_draft(owner=by, unit=home, title=title, slug=_slug(title))
    page.scam_type = scam_type
    page.category = ContentCategory.objects.filter(key=_CATEGORY).first()
    page.indicators = [("indicator", {"kind": mark.kind, "value": mark.shown}) for mark in indicators]
    usable = own_channels.usable(Channel.objects.all(), by)
    page.channels = list(usable.filter(is_active=True, chosen_by_default=True).exclude(kind="portal"))
    with transaction.atomic():
        WarningIndexPage.objects.get().add_child(instance=page)
        page.save_revision(user=by, clean=False, log_action="wagtail.create")
        for tip in tips:
            TipUse.objects.create(tip=tip, page=page, by=by, at=now)
            record("keng.tip_used", tip, user=by, details={"page": page.pk, "title": title})
            acts.set_state(tip, State.USED, "", by, now)
    return page


def _slug(title: str) -> str:
    base = make_slug(title) or "canh-bao"
    taken = set(ScamWarningPage.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(f"{base}-{number}" for number in range(2, len(taken) + 3) if f"{base}-{number}" not in taken)
