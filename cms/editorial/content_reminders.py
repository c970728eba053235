"""The editors of a unit are told of what has to be looked at again, and of what runs out: once each."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.editorial import content_review
from cms.editorial.content_review import Due
from cms.editorial.letters import send_once
from cms.users.models import Membership, Unit
from cms.users.roles import Role

HOURS: Final = (7, 18)
"""Local hours between which such letters leave; a day early or late is no matter at night."""


def remind(now: datetime) -> int:
    """One run, for the watch. Seven days before and on the day; returns how many letters left."""
    local = timezone.localtime(now)
    if not HOURS[0] <= local.hour < HOURS[1]:
        return 0
    today = local.date()
    pages = content_review.public()
    with override(settings.LANGUAGE_CODE):
        due = [
            *content_review.reviews_due(pages, None, today + content_review.AHEAD),
            *content_review.expiries_due(pages, today, today + content_review.AHEAD),
        ]
        if not due:
            return 0
        editors = _Editors()
        return sum(_tell(editors.of(item.page.unit), item, today, now) for item in due)


def _tell(people: Iterable[Any], item: Due, today: date, now: datetime) -> int:
    # On the day itself, or after a standstill: one letter, not two.
    step = "day" if item.on <= today and item.kind == "review" else "ahead"
    if item.kind == "review":
        subject = _("To be reviewed: %s") if step == "ahead" else _("Review today: %s")
    else:
        subject = _("Runs out: %s")
    return sum(
        send_once(
            person,
            f"{item.kind}-{step}:{item.page.pk}:{item.on.isoformat()}",
            now,
            subject=subject % item.title,
            template="editorial/letters/content",
            context={"item": item, "today": today, "link": f"{settings.PUBLIC_URL}{item.url}"},
        )
        for person in people
    )


class _Editors:
    """Who writes in which unit, read once for a run."""

    def __init__(self) -> None:
        rows = Membership.objects.filter(role=Role.EDITOR, ended_at__isnull=True)
        self._places: dict[int, set[str]] = {}
        for user, path in rows.values_list("user_id", "unit__path"):
            self._places.setdefault(user, set()).add(path)
        active = get_user_model().objects.filter(pk__in=self._places, is_active=True).exclude(email="")
        self._people = {person.pk: person for person in active}
        root = Unit.objects.filter(parent__isnull=True).order_by("pk").first()
        self._root = root.path if root is not None else ""

    def of(self, unit: Unit | None) -> list[Any]:
        """The editors of ``unit``; where it has none, those of the nearest unit above."""
        path = unit.path if unit is not None else self._root
        parts = path.rstrip("/").split("/")
        for length in range(len(parts), 0, -1):
            here = "/".join(parts[:length]) + "/"
            found = [
                self._people[pk]
                for pk, places in self._places.items()
                if here in places and pk in self._people
            ]
            if found:
                return sorted(found, key=lambda person: person.pk)
        return []
