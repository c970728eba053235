"""Who may see and do what in the delivery centre."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def require(request: HttpRequest, *permissions: str) -> None:
    """Raise PermissionDenied unless the person has one of ``permissions``."""
    if not any(request.user.has_perm(permission) for permission in permissions):
        raise PermissionDenied


def require_view(request: HttpRequest) -> None:
    """Raise PermissionDenied for those who may not see deliveries."""
    require(request, "publishers.view_delivery", "publishers.change_delivery")
