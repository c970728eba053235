"""What an administrator may do about the sign-in of another person. All of it is logged and told."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy

from wagtail.log_actions import log

from allauth.mfa.models import Authenticator

from cms.signin import mailing, sessions, throttling
from cms.users import memberships, scope


def may_help(actor: Any, person: Any) -> bool:
    """Whether ``actor`` may act on the sign-in of ``person``: never on their own, on a superuser only as one.

    The account carries all roles of the person, so ``actor`` looks after people in every unit these reach from.
    """
    if actor.pk == person.pk or not actor.has_perm("users.change_user"):
        return False
    if person.is_superuser and not actor.is_superuser:
        return False
    return memberships.all_of(person, scope.reach_for(actor, "users.change_user"))


def end_sessions(person: Any, by: Any) -> int:
    """Sign ``person`` out everywhere; how many sessions ended. Raises PermissionDenied."""
    _check(by, person)
    return _end_sessions(person, by)


def reset_factors(person: Any, by: Any) -> int:
    """Remove every second factor of ``person``, who sets up a new one at the next sign-in.

    For a lost phone. Returns how many were removed. Raises PermissionDenied.
    """
    _check(by, person)
    return _reset_factors(person, by)


def at_the_machine(verb: str, person: Any) -> None:
    """``unlock``, ``sign-out`` or ``reset-factors`` by whoever has the machine: logged without a name."""
    if verb == "sign-out":
        _end_sessions(person, None)
    elif verb == "reset-factors":
        _reset_factors(person, None)
    else:
        throttling.unlock(person)
        log(instance=person, action="keng.unlocked")


def _end_sessions(person: Any, by: Any) -> int:
    ended = sessions.end(person)
    log(instance=person, action="keng.sessions_ended", user=by, data={"sessions": ended})
    mailing.tell(person, gettext_lazy("An administrator signed you out on all devices."))
    return ended


@transaction.atomic
def _reset_factors(person: Any, by: Any) -> int:
    removed, _rows = Authenticator.objects.filter(user_id=person.pk).delete()
    sessions.end(person)
    throttling.unlock(person)
    log(instance=person, action="keng.factor_reset", user=by, data={"removed": removed})
    what = gettext_lazy(
        "An administrator removed the second factors of your account. Set up a new one at your next sign-in."
    )
    transaction.on_commit(lambda: mailing.tell(person, what))
    return removed


def _check(by: Any, person: Any) -> None:
    if not may_help(by, person):
        raise PermissionDenied
