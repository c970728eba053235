"""Second factors: a code works once, and no secret lies in the database as plain text."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp

from cms.core import sealing

_PENDING: Final = "signin.app_secret"
_LAST: Final = "last_counter"
"""In an authenticator's data: the step of the last code that was accepted. None at or before it is again."""


def current_request() -> HttpRequest:
    """The request being answered, as django-allauth's forms know it."""
    request: HttpRequest = context.request
    return request


def wrong_code() -> ValidationError:
    """What to raise for a code that does not fit."""
    error: ValidationError = get_adapter().validation_error("incorrect_code")
    return error


def pending_secret(request: HttpRequest) -> str:
    """The key of the app being set up in this session; the same until it is used, so a page may be reloaded."""
    sealed = request.session.get(_PENDING)
    if sealed:
        try:
            return sealing.unseal(sealed)
        except sealing.Unreadable:
            pass
    secret = totp.generate_totp_secret()
    request.session[_PENDING] = sealing.seal(secret)
    return secret


def forget_pending(request: HttpRequest) -> None:
    """The key being set up is in use, or given up."""
    request.session.pop(_PENDING, None)


def fits(secret: str, code: str) -> bool:
    """Whether an app with ``secret`` shows ``code`` now, or did a step ago."""
    return _counter(secret, code, after=0) is not None


def use_code(user: Any, code: str) -> Authenticator | None:
    """The authenticator of ``user`` that ``code`` belongs to; the code is used up. None for a wrong code."""
    codes = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    for authenticator in Authenticator.objects.filter(user_id=user.pk, type__in=codes).order_by("-type"):
        if authenticator.type == Authenticator.Type.TOTP:
            done = use_app_code(authenticator, code)
        else:
            done = authenticator.wrap().validate_code(code)
        if done:
            authenticator.refresh_from_db()
            authenticator.user = user
            return authenticator
    return None


@transaction.atomic
def use_app_code(authenticator: Authenticator, code: str) -> bool:
    """Whether ``code`` fits and is newer than every code accepted before; it is remembered as used."""
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    counter = _counter(sealing.unseal(row.data["secret"]), code, after=row.data.get(_LAST, 0))
    if counter is None:
        return False
    row.data[_LAST] = counter
    row.save(update_fields=["data"])
    return True


def reseal_all() -> int:
    """Encrypt every stored secret anew with the newest key; how many were."""
    done = 0
    for authenticator in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
            for name in ("secret", "seed"):
                if name in row.data:
                    row.data[name] = sealing.reseal(row.data[name])
                    done += 1
            row.save(update_fields=["data"])
    return done


def _counter(secret: str, code: str, *, after: int) -> int | None:
    for counter in totp.yield_hotp_counters_from_time():
        shown = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if counter > after and compare_user_code(actual=code, expected=shown):
            return counter
    return None
