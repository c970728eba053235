"""«Kết nối lại»: the page of each kind of account, and the way back from Zalo."""

import hashlib
import secrets as tokens
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request

from publishers.adapters.facebook_page.adapter import SCOPES
from publishers.connect import endpoint_for
from publishers.connecting import facebook, pending, zalo
from publishers.connecting.facebook_tokens import App
from publishers.connecting.finish import record, settle
from publishers.connecting.forms import FacebookPageForm, FacebookTokenForm, ZaloAppForm
from publishers.connecting.refusals import NotConnected
from publishers.contracts import Temporary
from publishers.credentials import enter, unseal
from publishers.models import Credential

KEY_BYTES = 32
_PAGE, _CONSENT = "facebook_page", "zalo_consent"


@never_cache
@sensitive_post_parameters()
def connect(request: HttpRequest, pk: int) -> HttpResponse:
    """The page on which an account is connected, by its kind."""
    user = _require(request)
    account = get_object_or_404(Credential, pk=pk)
    pages: dict[str, Callable[[HttpRequest, Credential, AbstractBaseUser], HttpResponse]] = {
        "facebook": _facebook,
        "zalo_oa": _zalo,
        "webhook": _webhook,
    }
    page = pages.get(account.kind)
    return page(request, account, user) if page else redirect("publishers_accounts:edit", account.pk)


@never_cache
@require_POST
def facebook_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page was chosen; the token lay sealed in the session meanwhile."""
    user = _require(request)
    account = get_object_or_404(Credential, pk=pk, kind="facebook")
    begun = pending.take(request, _PAGE, request.POST.get("state", ""))
    if begun is None or begun[0] != account.pk:
        messages.error(request, _("This took too long, or was done already. Paste the token again."))
        return redirect("publishers:connect", account.pk)
    kept = begun[1]
    app = App(kept["app_id"], kept["app_secret"])
    try:
        return _granted_page(
            request, account, user, app=app, token=kept["token"], chosen=request.POST.get("page", "")
        )
    except (NotConnected, Temporary) as refusal:
        messages.error(request, refusal.sentence)
        return redirect("publishers:connect", account.pk)


@never_cache
@require_GET
def zalo_return(request: HttpRequest) -> HttpResponse:
    """Zalo sent the person back, with a code or without."""
    user = _require(request)
    begun = pending.take(request, _CONSENT, request.GET.get("state", ""))
    if begun is None:
        messages.error(
            request,
            _(
                "This way back from Zalo belongs to nothing that was begun here within the last ten minutes. "
                "Nothing was changed. Open the account and start again."
            ),
        )
        return redirect("publishers_accounts:index")
    account = get_object_or_404(Credential, pk=begun[0], kind="zalo_oa")
    try:
        secrets = _granted_pair(request, account, begun[1])
        enter(account, secrets)
    except (NotConnected, Temporary) as refusal:
        messages.error(request, refusal.sentence)
        return redirect("publishers:connect", account.pk)
    return _connected(request, account, user, begun[1]["back"])


def _facebook(request: HttpRequest, account: Credential, user: AbstractBaseUser) -> HttpResponse:
    stored = _stored(account)
    form = FacebookTokenForm(request.POST or None, stored=stored)
    if form.is_valid():
        app = App(*form.app())
        try:
            return _granted_page(request, account, user, app=app, token=form.cleaned_data["token"])
        except (NotConnected, Temporary) as refusal:
            form.add_error(getattr(refusal, "field", "") or None, refusal.sentence)
    context = {"form": form, "scopes": [*SCOPES, "pages_show_list", facebook.FIGURES]}
    return _page(request, account, "facebook", context, form)


def _granted_page(
    request: HttpRequest,
    account: Credential,
    user: AbstractBaseUser,
    *,
    app: App,
    token: str,
    chosen: str = "",
) -> HttpResponse:
    """Store the access that ``token`` gives, or ask for which page. Raises NotConnected, Temporary."""
    found = facebook.page_access(
        endpoint_for(account.kind), app, token, wanted=_only_page(account), chosen=chosen
    )
    if isinstance(found, facebook.PageChoice):
        values = {"app_id": app.id, "app_secret": app.secret, "token": token}
        state = pending.begin(request, _PAGE, account, values)
        form = FacebookPageForm(pages=list(found.pages))
        return _page(request, account, "facebook_page", {"form": form, "state": state}, form)
    enter(account, found.secrets)
    messages.success(
        request, _("“%(account)s” speaks as the page “%(page)s”.") % {"account": account, "page": found.name}
    )
    for notice in found.notices:
        messages.warning(request, notice)
    return _connected(request, account, user, _back(request))


def _only_page(account: Credential) -> str:
    """The page the account's channels post on. Raises NotConnected when they are several."""
    wanted = sorted(set(account.channels.exclude(remote_id="").values_list("remote_id", flat=True)))
    if len(wanted) > 1:
        raise NotConnected(
            _(
                "The channels of this account post on several pages (%s), but a token speaks for one. "
                "Add an account for each page and choose it in the channel, then connect again."
            )
            % ", ".join(wanted[:10]),
            code="several_pages",
        )
    return wanted[0] if wanted else ""


def _zalo(request: HttpRequest, account: Credential, user: AbstractBaseUser) -> HttpResponse:
    form = ZaloAppForm(request.POST or None, stored=_stored(account))
    if form.is_valid():
        app_id, secret_key = form.app()
        verifier = zalo.new_verifier()
        values = {"app_id": app_id, "secret_key": secret_key, "verifier": verifier, "back": _back(request)}
        state = pending.begin(request, _CONSENT, account, values)
        return HttpResponseRedirect(
            zalo.consent_url(app_id=app_id, redirect_uri=_return_url(), state=state, verifier=verifier)
        )
    return _page(request, account, "zalo", {"form": form, "return_url": _return_url()}, form)


def _granted_pair(request: HttpRequest, account: Credential, kept: dict[str, str]) -> dict[str, str]:
    """The secrets Zalo grants for the code in ``request``. Raises NotConnected."""
    code = request.GET.get("code", "")
    if not code:
        number = zalo.return_code(request.GET.get("error", request.GET.get("error_code", "")))
        raise NotConnected(zalo.refusal_sentence(number), code="no_code")
    granted_by = zalo.account_id(request.GET.get("oa_id"))
    known = _stored(account).get("oa_id", "")
    if known and granted_by != known:
        raise NotConnected(
            _(
                "At Zalo you agreed for the Official Account %(other)s, but this account is %(known)s. "
                "Nothing was changed. Start again and choose the right Official Account."
            )
            % {"other": granted_by or "–", "known": known},
            code="other_account",
        )
    secrets = zalo.granted_pair(
        endpoint_for(account.kind),
        app_id=kept["app_id"],
        secret_key=kept["secret_key"],
        code=code,
        verifier=kept["verifier"],
    )
    return {**secrets, "oa_id": granted_by}


def _webhook(request: HttpRequest, account: Credential, user: AbstractBaseUser) -> HttpResponse:
    stored = _stored(account)
    context: dict[str, Any] = {"has_key": bool(stored.get("signing_key")), "version": _version(account)}
    context["has_previous"] = bool(stored.get("previous_key"))
    if request.method == "POST":
        if request.POST.get("version") != _version(account):
            # The same form sent twice: another key would cut off the partner who has just got this one.
            messages.warning(request, _("This was done already. A key is shown only once, when it is made."))
        elif "forget" in request.POST:
            enter(account, {}, drop=["previous_key"])
            record(account, user)
            messages.success(request, _("The old key is no longer used."))
        else:
            key = f"whk_{tokens.token_urlsafe(KEY_BYTES)}"
            enter(account, {"signing_key": key, "previous_key": stored.get("signing_key", "")})
            record(account, user)
            context |= {"key": key, "has_key": True, "version": _version(account)}
            context["has_previous"] = bool(stored.get("signing_key"))
            return _page(request, account, "webhook", context)
        return redirect("publishers:connect", account.pk)
    return _page(request, account, "webhook", context)


def _version(account: Credential) -> str:
    """Changes whenever the account's secrets do; tells nothing of them."""
    return hashlib.sha256(account.sealed_secrets.encode()).hexdigest()[:16]


def _connected(request: HttpRequest, account: Credential, user: AbstractBaseUser, back: str) -> HttpResponse:
    record(account, user)
    messages.success(request, _("“%s” is connected.") % account)
    settle(request, account)
    return redirect(back)


def _page(
    request: HttpRequest,
    account: Credential,
    name: str,
    context: dict[str, Any],
    form: forms.Form | None = None,
) -> HttpResponse:
    connected = any(_stored(account).get(secret) for secret in ("page_token", "access_token", "signing_key"))
    shared = {
        "account": account,
        "title": _("Reconnect") if connected else _("Connect"),
        "back": _back(request),
    }
    return render(
        request,
        f"publishers/connecting/{name}.html",
        shared | context,
        status=422 if form is not None and form.errors else 200,
    )


def _back(request: HttpRequest) -> str:
    return get_valid_next_url_from_request(request) or reverse("publishers_accounts:index")


def _return_url() -> str:
    """Where Zalo sends the person back: to be registered there, letter by letter."""
    return f"{settings.PUBLIC_URL}{reverse('publishers:zalo_return')}"


def _stored(account: Credential) -> dict[str, str]:
    return unseal(account.sealed_secrets)


def _require(request: HttpRequest) -> AbstractBaseUser:
    if not request.user.is_authenticated or not request.user.has_perm("publishers.change_credential"):
        raise PermissionDenied
    return request.user
