"""Every request of a signed-in person: is the session still good, and may it do more than set up a factor?"""

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cms.signin import requirement, sessions

STAFF: Final = "/admin/"
# What the set-up page needs, and the way out.
_ALWAYS_OPEN: Final = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "signin_setup",
        "signin_invitation",
        "signin_invitation_form",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_sprite",
    }
)
# Asked by scripts of an open page, whether or not somebody sits in front of it.
_PASSIVE_NAMESPACES: Final = frozenset({"wagtailadmin_editing_sessions"})


class SessionMiddleware:
    """Ends old sessions, and keeps those who lack a required factor to the pages where it is set up.

    Outside the admin such a session is nobody's: drafts, documents and uploads stay closed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A visitor without a session costs nothing here, and gets no cookie.
        if request.session.session_key is None or not request.user.is_authenticated:
            return self.get_response(request)
        if sessions.is_over(request):
            logout(request)
            messages.warning(request, _("Your session has expired. Sign in again, please."))
            return self.get_response(request)
        match = _match(request)
        if _is_activity(request, match):
            sessions.touch(request)
        if (match is None or match.view_name not in _ALWAYS_OPEN) and requirement.must_set_up(request):
            if request.path_info.startswith(STAFF):
                return _to_set_up(request)
            request.user = AnonymousUser()
        return self.get_response(request)


def _to_set_up(request: HttpRequest) -> HttpResponse:
    if request.headers.get("X-Requested-With") == "XMLHttpRequest" or request.method != "GET":
        raise PermissionDenied
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('signin_setup')}?{query}")


def _is_activity(request: HttpRequest, match: ResolverMatch | None) -> bool:
    if match is not None and _PASSIVE_NAMESPACES.intersection(match.namespaces):
        return False
    navigates = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    return navigates or request.method not in {"GET", "HEAD"}


def _match(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None
