"""Who may see and do what in the delivery centre."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from cms.users import scope

SEE: Final = ("publishers.view_delivery", "publishers.change_delivery")
"""Whoever has one of these may see deliveries."""


def require(request: HttpRequest, *permissions: str) -> None:
    """Raise PermissionDenied unless the person has one of ``permissions``."""
    if not any(request.user.has_perm(permission) for permission in permissions):
        raise PermissionDenied


def require_everywhere(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied unless the person has ``permission`` from the province down: it touches every unit."""
    if not may_everywhere(request.user, permission):
        raise PermissionDenied


def may_everywhere(user: Any, permission: str) -> bool:
    """Whether ``user`` has ``permission`` from the province down."""
    return scope.everywhere(user, permission)


def require_view(request: HttpRequest) -> None:
    """Raise PermissionDenied for those who may not see deliveries."""
    require(request, *SEE)
