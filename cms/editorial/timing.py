"""Who decides about a release that is signed and waits for its time.

Its content is signed, its time is not part of the seal: whoever approves or publishes in the unit may choose it, if
they had no hand in the content. Giving it up needs no four eyes, and is the approvers'.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from cms.editorial.models import ApprovalTask
from cms.editorial.stages import chain
from cms.editorial.stages.chain import Capacity, Rights
from cms.editorial.stages.lanes import upwards
from cms.users.roles import Role
from publishers import scheduling
from publishers.models import Release, Schedule
from publishers.refusals import Refused

NOW: Final = "dang-ngay"
LATER: Final = "doi-gio"
NEVER: Final = "huy"
VERBS: Final = (NOW, LATER, NEVER)


@dataclass(frozen=True, slots=True)
class Deciding:
    """What one person may decide about held releases; read once for a list of them."""

    approving: Rights
    timing: Rights

    def over(self, release: Release, verb: str) -> Capacity | None:
        """By whose right they decide ``verb``; None when they may not."""
        places = upwards(release.page.unit_id)
        if verb == NEVER:
            return self.approving.over(places, set())
        # First without the people behind the release: for most, this is the end.
        if self.timing.over(places, set()) is None:
            return None
        return self.timing.over(places, chain.behind(release))

    def verbs(self, release: Release) -> tuple[str, ...]:
        """Everything they may decide about it."""
        return tuple(verb for verb in VERBS if self.over(release, verb) is not None)


def deciding(user: Any) -> Deciding:
    """The rights of ``user``, their own and lent ones; being a superuser counts for nothing."""
    approvers = [role for task in ApprovalTask.objects.filter(active=True) for role in task.roles()]
    return Deciding(
        approving=chain.rights_of(user, approvers),
        timing=chain.rights_of(user, [*approvers, Role.PUBLISHER.value]),
    )


def publish_now(release: Release, user: Any, reason: str) -> None:
    """Begin a held release at once, under the same seal. Raises Refused."""
    scheduling.publish_now(release, user, reason, _noted(release, user, NOW))


def set_time(release: Release, user: Any, publish_at: datetime, reason: str) -> Schedule:
    """Give a held release another time; the seal stays. Raises Refused."""
    return scheduling.set_time(release, user, publish_at, reason, _noted(release, user, LATER))


def cancel(release: Release, user: Any, reason: str) -> None:
    """Give a held release up: nothing of it ever leaves. Raises Refused."""
    scheduling.cancel(release, user, reason, _noted(release, user, NEVER))


def _noted(release: Release, user: Any, verb: str) -> dict[str, str]:
    # As they are now, whatever the page was opened with.
    capacity = deciding(get_user_model().objects.get(pk=user.pk)).over(release, verb)
    if capacity is None:
        raise Refused(_("You do not have permission to decide on this item."))
    return capacity.noted
