"""Pages of the own account. django-allauth's views, opened where this product asks for more."""

from typing import Any, Final
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wagtail.admin.auth import require_admin_access

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView

from cms.signin import factors, invitations, requirement, sessions
from cms.signin.acceptance import AcceptanceForm
from cms.signin.adapters import MFAAdapter
from cms.signin.invitations import BadInvitation
from cms.signin.models import Invitation

NEXT: Final = "signin.next"
_TOKEN: Final = "signin.invitation"  # noqa: S105 - the name of a session key


class SignInView(LoginView):
    """Sign in; who is in already but lacks a factor goes on to set it up."""

    def get_authenticated_redirect_url(self) -> str:
        if requirement.must_set_up(self.request):
            return reverse("signin_setup")
        return str(super().get_authenticated_redirect_url())


class SecondStepView(AuthenticateView):
    """The second step; one that can no longer be taken (the factor was reset) is forgotten, not asked for ever."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if getattr(response, "url", "") == reverse("account_login"):
            clear_login(request)
        return response


@never_cache
def set_up(request: HttpRequest) -> HttpResponse:
    """Which second factor would you like?"""
    if not request.user.is_authenticated:
        return redirect("account_login")
    wanted = get_next_redirect_url(request)
    if wanted:
        request.session[NEXT] = wanted
    if requirement.must_set_up(request) and requirement.has_second_factor(request.user):
        # Signed in before the factor was there: one sign-in with it settles the matter.
        logout(request)
        messages.info(request, _("Sign in again with your second factor."))
        return redirect("account_login")
    return render(
        request,
        "signin/set_up.html",
        {"required": requirement.needs_second_factor(request.user), "passkeys_work": _passkeys_work(request)},
    )


class AppView(ActivateTOTPView):
    """Set up an authenticator app."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        context["key_groups"] = [secret[at : at + 4] for at in range(0, len(secret), 4)]
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        factors.forget_pending(self.request)
        authenticator = Authenticator.objects.get(user_id=self.request.user.pk, type=Authenticator.Type.TOTP)
        # The code just shown is used up as well.
        factors.use_app_code(authenticator, form.cleaned_data["code"])
        _shown(self.request, authenticator)
        return response


class PasskeyView(AddWebAuthnView):
    """Add a passkey that signs in by itself."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": webauthn.begin_registration(self.request.user, True)}
        context["passkeys_work"] = _passkeys_work(self.request)
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        added = Authenticator.objects.filter(user_id=self.request.user.pk, type=Authenticator.Type.WEBAUTHN)
        _shown(self.request, added.latest("pk"))
        return response


class RemovePasskeyView(RemoveWebAuthnView):
    """Remove a passkey, unless it is the last factor of somebody who needs one."""

    def get_success_url(self) -> str:
        return reverse("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = MFAAdapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return HttpResponseRedirect(self.get_success_url())
        response: HttpResponse = super().form_valid(form)
        return response


class RecoveryCodesView(ViewRecoveryCodesView):
    """The recovery codes, shown once: to be printed or kept as a file."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        lines = [_("Recovery codes for %(site)s, %(user)s") % {"site": "Kẻng", "user": self.request.user}]
        lines += ["", *context["unused_codes"]]
        context["file"] = "data:text/plain;charset=utf-8," + quote("\r\n".join(lines) + "\r\n")
        context["next"] = self.request.session.pop(NEXT, None) or reverse("wagtailadmin_home")
        return context


@never_cache
@require_admin_access
def security(request: HttpRequest) -> HttpResponse:
    """What protects the own account, and where it is signed in."""
    own = Authenticator.objects.filter(user_id=request.user.pk)
    codes = next((one for one in own if one.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "app": next((one for one in own if one.type == Authenticator.Type.TOTP), None),
        "passkeys": [one.wrap() for one in own if one.type == Authenticator.Type.WEBAUTHN],
        "has_codes": codes is not None,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "required": requirement.needs_second_factor(request.user),
        "sessions": sessions.of(request.user, request),
    }
    return render(request, "signin/security.html", context)


@require_http_methods(["POST"])
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one session of the own account, all others, or every one."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    if "everywhere" in request.POST:
        sessions.end(request.user)
        request.session.flush()
        return redirect("account_login")
    one = request.POST.get("session", "")
    if one and not one.isdecimal():
        raise Http404
    ended = sessions.end(request.user, [int(one)] if one else None, keep=request.session.session_key)
    if ended:
        messages.success(request, _("Signed out there."))
    else:
        messages.info(request, _("That session had ended already."))
    return redirect("mfa_index")


@never_cache
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Keep the key of the link in the session, and go on without it in the address."""
    try:
        invitations.opened_by(token)
    except BadInvitation:
        return render(request, "signin/invitation_gone.html", status=410)
    request.session[_TOKEN] = token
    return redirect("signin_invitation_form")


@never_cache
@sensitive_post_parameters()
def invitation_form(request: HttpRequest) -> HttpResponse:
    """The person checks the name and chooses a password."""
    token = request.session.get(_TOKEN, "")
    try:
        invitation: Invitation = invitations.opened_by(token)
        form = AcceptanceForm(request.POST or None, user=invitation.user)
        if request.method != "POST" or not form.is_valid():
            context = {"form": form, "person": invitation.user, "by": invitation.invited_by}
            return render(request, "signin/invitation.html", context)
        invitations.accept(
            token,
            last_name=form.cleaned_data["last_name"],
            first_name=form.cleaned_data["first_name"],
            password=form.cleaned_data["password1"],
        )
    except BadInvitation:
        return render(request, "signin/invitation_gone.html", status=410)
    request.session.flush()
    messages.success(request, _("Your account is open. Sign in with your new password."))
    return redirect("account_login")


def _shown(request: HttpRequest, authenticator: Authenticator) -> None:
    """Setting a factor up showed it: the session may do more now, so its key changes."""
    record_authentication(request, request.user, "mfa", id=authenticator.pk, type=authenticator.type)
    sessions.rotate(request)


def _passkeys_work(request: HttpRequest) -> bool:
    """Browsers know passkeys for named hosts over https, and for localhost."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    named = not host.strip("[]").replace(".", "").replace(":", "").isdecimal() and ":" not in host
    return named and (request.is_secure() or host == "localhost" or host.endswith(".localhost"))


sign_in = method_decorator(sensitive_post_parameters("password"), name="dispatch")(SignInView).as_view()
