"""How many wrong guesses are too many. Counted by django-axes in the database, so every process agrees.

Passwords are counted for account and address together: whoever guesses from elsewhere shuts nobody out but
themselves. Many addresses guessing at one account are slowed down together, ten times as late; browsers in which
the person signed in before stay out of that, so that guessing never shuts the person out. Codes of the second
factor come after the right password, so they are counted for the account.
"""

from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from wagtail.log_actions import log

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt

from cms.core import visitor
from cms.signin import known

CODES: Final = "code:"
"""Put before a sign-in name where its codes are counted. No name can hold a colon."""


class Handler(AxesDatabaseHandler):
    """django-axes, and the sum over all addresses (AXES_HANDLER)."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether ``request`` may not even try."""
        # Both are asked every time: which of them locks must not show in the time of the answer.
        one, many = super().is_locked(request, credentials), _account_is_locked(request, credentials)
        return bool(one or many)

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Count it; when it was the last that many addresses together have, keep that in the log."""
        was_locked = getattr(request, "axes_locked_out", False)
        super().user_login_failed(sender, credentials, request, **kwargs)
        if request is None or was_locked:
            return
        name = get_client_username(request, credentials) or ""
        if not name.startswith(CODES) and _failures(request, name) == settings.SIGNIN_ACCOUNT_LIMIT:
            user = get_user_model().objects.filter(username=name).first()
            if user is not None:
                log(instance=user, action="keng.guessed_at", data={"count": settings.SIGNIN_ACCOUNT_LIMIT})


def client_address(request: HttpRequest) -> str | None:
    """The address of the client, as the servers in TRUSTED_PROXIES tell it."""
    return visitor.address(request) or None


def lockout_parameters(request: HttpRequest, credentials: dict[str, Any] | None = None) -> list[Any]:
    """What guesses are counted by (AXES_LOCKOUT_PARAMETERS)."""
    name = str((credentials or {}).get("username") or "")
    return ["username"] if name.startswith(CODES) else [["username", "ip_address"]]


def locked_page(request: HttpRequest, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """The answer to a guess too many: the same for accounts that exist and for names that do not."""
    return render(request, "account/locked.html", {"minutes": minutes_locked()}, status=429)


def minutes_locked() -> int:
    """How long a lock lasts, in minutes."""
    cool_off = get_cool_off()
    return int(cool_off.total_seconds() // 60) if cool_off else 0


def codes_are_locked(request: HttpRequest, user: Any) -> bool:
    """Whether too many wrong codes were tried for ``user``."""
    return not AxesProxyHandler.is_allowed(request, _credentials(user))


def wrong_code(request: HttpRequest, user: Any) -> None:
    """Count a wrong code."""
    user_login_failed.send(sender=__name__, credentials=_credentials(user), request=request)
    # The page with the form says so itself, beside the field.
    request.axes_locked_out = False  # type: ignore[attr-defined]


def right_code(user: Any) -> None:
    """Forget the wrong codes of ``user``."""
    AxesProxyHandler.reset_attempts(username=_credentials(user)["username"])


def locked_sentence() -> str:
    """What to tell whoever is locked out."""
    return _("Too many wrong codes. Wait %(minutes)d minutes, then try again.") % {
        "minutes": minutes_locked()
    }


def unlock(user: Any) -> None:
    """Forget every wrong guess for ``user``."""
    AxesProxyHandler.reset_attempts(username=user.get_username())
    right_code(user)


def _account_is_locked(request: HttpRequest, credentials: dict[str, Any] | None) -> bool:
    name = get_client_username(request, credentials) or ""
    guessed = _failures(request, name) >= settings.SIGNIN_ACCOUNT_LIMIT
    return guessed and not name.startswith(CODES) and not known.is_known(request, name)


def _failures(request: HttpRequest, name: str) -> int:
    rows = AccessAttempt.objects.filter(username=name, attempt_time__gte=get_cool_off_threshold(request))
    return int(rows.aggregate(found=Sum("failures_since_start"))["found"] or 0)


def _credentials(user: Any) -> dict[str, str]:
    return {"username": f"{CODES}{user.get_username()}"}
