"""Which tips somebody sees and may act on."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest

from cms.tips.models import Tip
from cms.tips.reach import SEE
from cms.users import scope

CHANGE = "tips.change_tip"
CONTACT = "tips.see_contact"


def may_see(user: Any) -> bool:
    """Whether ``user`` reads tips anywhere."""
    return any(user.has_perm(name) for name in SEE)


def require(request: HttpRequest, *permissions: str) -> None:
    """Raise PermissionDenied unless the person has one of ``permissions``."""
    if not any(request.user.has_perm(name) for name in permissions):
        raise PermissionDenied


def tips(user: Any, *permissions: str) -> QuerySet[Tip]:
    """The tips within reach of ``user``; with ``permissions``, those they have one of these for."""
    return scope.visible(Tip.objects.all(), user, *(permissions or SEE))
