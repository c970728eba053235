"""Who opens the screens of people and units."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def require_administrator(request: HttpRequest) -> None:
    """Raise PermissionDenied unless the person manages people somewhere; where, the guard and the services ask."""
    if not request.user.has_perm("users.change_user"):
        raise PermissionDenied
