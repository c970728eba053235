"""One page for each piece of standing content: exactly what would become public, and every decision about it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wagtail.admin import messages

from cms.editorial.forms import ReturnForm
from cms.information import approval, checks, editions, presentation
from cms.information.content import compose
from cms.information.difference import changed
from cms.information.forms import DeclareForm, WithdrawForm
from cms.information.kinds import LANGUAGES, item_path
from cms.information.models import Item, LawDocument, SelfCheck, State
from cms.information.selfcheck.showing import whole
from cms.portal.presentation import site_context


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Read it, send it, decide on it. For editors and approvers of the province."""
    found = _reached(request, item_id)
    content = compose(found)
    seal = editions.seal_of(content)
    forms: dict[str, Any] = {
        "submit": DeclareForm(initial={"seal": seal}),
        "approve": DeclareForm(initial={"seal": seal}),
        "return": ReturnForm(),
        "withdraw": WithdrawForm(),
    }
    decision = request.POST.get("decision", "")
    if request.method == "POST" and decision in {*forms, "take_back"}:
        if decision in forms:
            forms[decision] = type(forms[decision])(request.POST)
        if decision == "take_back" or forms[decision].is_valid():
            said = forms[decision].cleaned_data if decision in forms else {}
            return _decide(request, found, decision, said)
    public = found.edition
    writes, decides = approval.may_write(request.user), approval.may_decide(request.user)
    return render(
        request,
        "information/item.html",
        {
            "item": found,
            "content": content,
            "seal": seal,
            "problems": checks.problems(content),
            "languages": [name for name in LANGUAGES if name in content],
            "changes": changed(public.content, content) if public is not None else [],
            "public": public,
            "public_path": item_path(found.kind, found.slug),
            "past": found.editions.select_related("approved_by"),
            "authors": get_user_model().objects.filter(pk__in=approval.authors(found)),
            "edit_url": reverse(f"{_namespace(found)}:edit", args=[found.pk]),
            "index_url": reverse(f"{_namespace(found)}:index"),
            "may_edit": writes and not found.is_locked,
            "may_submit": writes and found.state in {State.DRAFT, State.RETURNED},
            "may_take_back": writes and found.is_locked,
            "may_decide": decides and found.is_locked,
            "obstacle": approval.obstacle(found, request.user) if decides and found.is_locked else "",
            "may_withdraw": decides and public is not None and not public.withdrawn,
            "forms": forms,
        },
        status=422 if any(form.errors for form in forms.values()) else 200,
    )


@require_safe
def preview(request: HttpRequest, item_id: int, language: str) -> HttpResponse:
    """The public page as it would look, in the frame of the item's page."""
    content = compose(_reached(request, item_id))
    if language not in content or language not in LANGUAGES:
        raise Http404
    with translation.override(language):
        context = site_context() | presentation.of_content(content, language)
        context |= {"LANGUAGE_CODE": language, "is_preview": True}
        if "check" in content:
            return HttpResponse(render_to_string("information/self_check.html", context | whole(content)))
        return HttpResponse(render_to_string("information/page.html", context))


def _reached(request: HttpRequest, item_id: int) -> Item:
    if not (approval.may_write(request.user) or approval.may_decide(request.user)):
        raise PermissionDenied
    return get_object_or_404(Item, pk=item_id).specific


def _namespace(found: Item) -> str:
    if isinstance(found, SelfCheck):
        return "information_self_check"
    return "information_laws" if isinstance(found, LawDocument) else "information_pages"


def _decide(request: HttpRequest, found: Item, decision: str, said: dict[str, Any]) -> HttpResponse:
    user = request.user
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "submit": (
            lambda: approval.submit(found, user, seen_seal=said["seal"], not_secret=True),
            _("“%s” waits for approval."),
        ),
        "approve": (
            lambda: approval.approve(found, user, seen_seal=said["seal"], not_secret=True),
            _("“%s” is approved and public."),
        ),
        "return": (
            lambda: approval.give_back(found, user, said["comment"]),
            _("“%s” went back to its author with your reason."),
        ),
        "take_back": (lambda: approval.take_back(found, user), _("“%s” can be changed again.")),
        "withdraw": (
            lambda: approval.withdraw(found, user, note=said["note"], not_secret=True),
            _("“%s” is withdrawn; its address shows the reason."),
        ),
    }
    act, words = acts[decision]
    try:
        act()
    except PermissionDenied as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words % found.title)
    return redirect("information:item", found.pk)
