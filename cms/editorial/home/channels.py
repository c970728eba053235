"""Accounts whose access ends soon, for those who can reconnect them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse

from cms.editorial.home.panel import DeskPanel
from cms.users import scope
from publishers.models import Credential

SOON: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Ending:
    """One account that a person must reconnect."""

    account: Credential
    days: int | None
    """Whole days left; None when it has ended already, or was cut off."""

    @property
    def url(self) -> str:
        """Where it is reconnected."""
        return reverse("publishers:connect", args=[self.account.pk])


class EndingPanel(DeskPanel):
    """Accounts that must be reconnected."""

    name = "ending_accounts"
    template_name = "editorial/home/ending.html"
    order = 140
    column = "side"

    def is_shown(self) -> bool:
        return self.desk.connects


def ending(user: Any, now: datetime) -> list[Ending]:
    """Accounts of ``user`` to reconnect within SOON or at once, the most pressing first."""
    cut_off = Q(health=Credential.Health.RECONNECT_REQUIRED)
    rows = Credential.objects.filter(cut_off | Q(reconnect_by__lte=now + SOON))
    rows = scope.visible(rows, user, "publishers.change_credential")
    found = [Ending(account, _days(account, now)) for account in rows]
    return sorted(found, key=lambda item: (-1 if item.days is None else item.days, item.account.label))


def _days(account: Credential, now: datetime) -> int | None:
    end = account.reconnect_by
    if account.health == Credential.Health.RECONNECT_REQUIRED or end is None or end <= now:
        return None
    return (end - now).days
