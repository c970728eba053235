"""The operator's phone page, reached by a signed link or by signing in.

With a link the token in the address is all the authority there is: no cookie is read, so there is nothing a
foreign page could ride on, and the forms need no CSRF token.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from media import sealed
from publishers import clock, seals, tampering
from publishers.assisted import proof, tasks
from publishers.assisted.links import BadLink, ExpiredLink, operator_of, token_for
from publishers.connect import intact
from publishers.contracts import Event
from publishers.models import AssistedTask, Operator
from publishers.refusals import Refused

View = Callable[..., HttpResponse]


def with_operator(view: View) -> View:
    """Find out whose link it is; a bad one gets a page that says what to do."""

    @wraps(view)
    def wrapper(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            operator = operator_of(token)
        except BadLink as error:
            expired = isinstance(error, ExpiredLink)
            response = render(
                request, "publishers/assisted/gone.html", {"expired": expired}, status=410 if expired else 404
            )
        else:
            response = view(request, operator, token, *args, **kwargs)
        # The address is a key: no cache, no search engine and no other site may get it.
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return wrapper


def mine(request: HttpRequest) -> HttpResponse:
    """For an operator who signs in: to their own list."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse('wagtailadmin_login')}?next={request.path}")
    operator = Operator.objects.filter(user=request.user, is_active=True).first()
    if operator is None:
        raise Http404
    return redirect("assisted:list", token_for(operator))


@require_GET
@with_operator
def task_list(request: HttpRequest, operator: Operator, token: str) -> HttpResponse:
    """What is to be posted, group by group."""
    context = {
        "operator": operator,
        "token": token,
        "tasks": tasks.open_tasks(operator),
        "done": tasks.done_tasks(operator),
    }
    return render(request, "publishers/assisted/list.html", context)


@require_GET
@with_operator
def task(request: HttpRequest, operator: Operator, token: str, pk: int) -> HttpResponse:
    """One task: text, picture, share, done."""
    return render(request, "publishers/assisted/task.html", _context(_task(operator, pk), token))


@csrf_exempt  # the signed token is the authority; no cookie is read
@require_POST
@with_operator
def done(request: HttpRequest, operator: Operator, token: str, pk: int) -> HttpResponse:
    """«Đã gửi»; JSON for the page's own script, a redirect for a plain form."""
    found = _task(operator, pk)
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    try:
        digest = _screenshot(request)
        first = tasks.finish(
            found, at=_moment(request.POST.get("at", "")), url=request.POST.get("url", ""), image=digest
        )
    except ValidationError as error:
        return _refused(request, found, token, " ".join(error.messages), wants_json=wants_json)
    except Refused as refusal:
        return _refused(request, found, token, str(refusal), wants_json=wants_json)
    if wants_json:
        # Not an error: a phone without a network may say it twice.
        words = _("On record. Thank you.") if first else _("This is on record as sent already.")
        return JsonResponse({"state": "done", "message": words})
    return redirect("assisted:task", token, pk)


@csrf_exempt  # the signed token is the authority; no cookie is read
@require_POST
@with_operator
def cannot(request: HttpRequest, operator: Operator, token: str, pk: int) -> HttpResponse:
    """«Không gửi được», with a reason."""
    found = _task(operator, pk)
    try:
        tasks.give_back(found, request.POST.get("reason", ""))
    except Refused as refusal:
        return _refused(request, found, token, str(refusal), wants_json=False)
    return redirect("assisted:task", token, pk)


@require_GET
@with_operator
def picture(request: HttpRequest, operator: Operator, token: str, pk: int, number: int) -> HttpResponse:
    """A picture of the task, from this origin, so that the phone can share it as a file."""
    images = _task(operator, pk).delivery.payload.images
    if not 0 <= number < len(images):
        raise Http404
    try:
        data = sealed.read(images[number]["sha256"])
    except sealed.SealedFileDamaged:
        raise Http404 from None
    response = HttpResponse(data, content_type=images[number]["mime"])
    response["Cache-Control"] = "private, max-age=86400"
    response["Content-Disposition"] = 'inline; filename="canh-bao.jpg"'
    return response


@require_http_methods(["GET", "HEAD"])
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps opened tasks at hand without a network."""
    body = render_to_string("publishers/assisted/service_worker.js")
    return HttpResponse(
        body, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@require_GET
def screenshot(request: HttpRequest, pk: int) -> FileResponse:
    """A proof, for staff who may see deliveries (registered below the admin's addresses)."""
    if not request.user.has_perm("publishers.view_delivery"):
        raise Http404
    found = AssistedTask.objects.filter(delivery_id=pk).exclude(proof_image="").first()
    if found is None:
        raise Http404
    return FileResponse(proof.path_of(found.proof_image).open("rb"), content_type="image/jpeg")


def _task(operator: Operator, pk: int) -> AssistedTask:
    found = tasks.task_of(operator, pk)
    if found is None:
        raise Http404
    return found


def _context(found: AssistedTask, token: str, error: str = "") -> dict[str, Any]:
    delivery = found.delivery
    waits = found.done_at is None and delivery.state == "awaiting_person"
    if waits and not (intact(delivery) and seals.is_sealed(delivery)):
        # No adapter looks at what a person posts by hand.
        tampering.refused(delivery, clock.now())
        waits, error = (
            False,
            _("This text is not the one that was approved. Do not post it; call your office."),
        )
    return {
        "task": found,
        "token": token,
        "delivery": delivery,
        "payload": delivery.payload,
        "channel": delivery.channel,
        "open_url": delivery.channel.options.get("open_url", ""),
        "correction": delivery.release.kind == Event.CORRECTION,
        "withdrawal": delivery.release.kind == Event.WITHDRAWAL,
        "before": delivery.follows,
        "waits": waits,
        "closed": "" if waits or found.done_at or error else tasks.why_closed(delivery),
        "error": error,
    }


def _refused(
    request: HttpRequest, found: AssistedTask, token: str, sentence: str, *, wants_json: bool
) -> HttpResponse:
    if wants_json:
        return JsonResponse({"state": "refused", "message": sentence}, status=409)
    # Read again: another phone may have changed it a moment ago.
    context = _context(_task(found.operator, found.pk) if found.operator else found, token, sentence)
    return render(request, "publishers/assisted/task.html", context, status=422)


def _screenshot(request: HttpRequest) -> str:
    file = request.FILES.get("screenshot")
    return proof.keep(file.read(proof.MAX_BYTES + 1)) if file else ""


def _moment(text: str) -> datetime | None:
    """Milliseconds since 1970 as the phone counted them; None for nothing or nonsense."""
    if not (text.isascii() and text.isdigit() and len(text) < 15):
        return None
    return datetime.fromtimestamp(int(text) / 1000, UTC)
