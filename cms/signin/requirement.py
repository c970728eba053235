"""Who must show a second factor, and whether this session has."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator

from cms.users import delegations, memberships
from cms.users.roles import Role

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor; recovery codes only stand in for one."""
_ROLES = (Role.APPROVER.value, Role.ADMINISTRATOR.value)


def needs_second_factor(user: Any) -> bool:
    """Whether ``user`` may work only with two factors: approvers, whoever approves in their place, administrators
    and superusers."""
    if not settings.SECOND_FACTOR_REQUIRED or user.get_username() in exempt_accounts():
        return False
    # Also of an account that is still closed: its first password is chosen knowing this.
    if user.is_superuser or memberships.given(user, *_ROLES):
        return True
    return bool(delegations.of(user, timezone.now(), Role.APPROVER))


def exempt_accounts() -> frozenset[str]:
    """The demonstration's accounts; nobody where the settings allow no exemption."""
    return frozenset(settings.SECOND_FACTOR_EXEMPT if settings.SECOND_FACTOR_EXEMPTION_ALLOWED else ())


def has_second_factor(user: Any) -> bool:
    """Whether ``user`` has set up an authenticator app or a passkey."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def shown_second_factor(request: HttpRequest) -> bool:
    """Whether a second factor, or a passkey alone, was shown in this session."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def must_set_up(request: HttpRequest) -> bool:
    """Whether the signed-in person has to set up, or show, a second factor before anything else."""
    return not shown_second_factor(request) and needs_second_factor(request.user)
