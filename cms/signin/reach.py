"""The sign-in of a person is looked after where the person is: addresses about people of foreign units do not exist."""

from django.contrib.auth import get_user_model
from django.db.models import Q

from cms.signin.models import Invitation
from cms.users import guard, scope


def register() -> None:
    """Say it once, when the application starts."""
    user = get_user_model()
    scope.hang(Invitation, within=_of_people)
    guard.guard("signin:person_security", "pk", user, "users.change_user")
    for view in ("invite_again", "withdraw"):
        guard.guard(f"signin:{view}", "pk", Invitation, "users.add_user")


def _of_people(reach: scope.Reach) -> Q:
    """Of those who work in a unit within reach."""
    return Q(user__unit__in=reach.units)
