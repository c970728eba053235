"""What citizens see: the form, confirming, changing and leaving."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.intake import choices, limits, pages, posts, stamps
from cms.portal.views import public
from cms.subscriptions import addresses, form, links, subscribing
from cms.subscriptions.models import Subscriber
from cms.subscriptions.section import FORM
from scam_warnings.enums import Severity

PURPOSE: Final = "subscription"
POSTING: Final = limits.Limit("subscription-post", 60, timedelta(hours=1))
ASKING: Final = limits.Limit("subscription", 10, timedelta(hours=1), all=2000)
ASKING_WORKED: Final = limits.Limit("subscription-worked", 40, timedelta(hours=1), all=4000)


@public
def empty_form(_request: HttpRequest) -> HttpResponse:
    """The form; a finished file, so it carries nothing of the visitor."""
    return pages.page("subscriptions/form.html", _form_context(form.SubscriptionForm()))


@pages.answer("GET", "HEAD", "POST")
def ask(request: HttpRequest) -> HttpResponse:
    """Take a form. What is answered is the same whether the address was known or not."""
    if request.method != "POST":
        return HttpResponseRedirect(FORM)
    now = timezone.now()
    if not limits.allows(request, POSTING, now):
        return _again(form.SubscriptionForm(problems=[_too_often()]), status=429)
    posted = posts.read(request)
    found = form.read(posted)
    if found.problems:
        return _again(found, status=422 if posted.is_whole else 413)
    if posted.one("back") == "1":
        return _again(found)
    return _take(request, posted, found, now)


@pages.answer("GET", "HEAD", "POST")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the first letter. Only a press of the button confirms: programs follow links by themselves."""
    subscriber = links.to_confirm(token)
    if subscriber is None:
        return _no_such_link()
    if request.method == "POST":
        subscribing.confirm(subscriber, timezone.now())
        subscriber.refresh_from_db()
    context = _own_context(subscriber) | {"is_done": subscriber.confirmed_at is not None}
    return pages.page("subscriptions/confirm.html", context)


@pages.answer("GET", "HEAD", "POST")
def options(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody gets, to be changed by whoever has a letter of theirs."""
    subscriber = Subscriber.objects.filter(key=links.own_key(token), confirmed_at__isnull=False).first()
    if subscriber is None:
        return _no_such_link()
    found, saved = form.of(subscriber), False
    if request.method == "POST":
        posted = posts.read(request)
        found = form.read(posted, with_address=False)
        if not found.problems:
            subscribing.change(subscriber, found.wish())
            saved = True
    context = _form_context(found) | {"saved": saved, "leave": links.leaving(subscriber)}
    return pages.page("subscriptions/options.html", context, status=422 if found.problems else 200)


@pages.answer("GET", "HEAD", "POST")
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """End it (RFC 8058): a POST does it without a question, a GET only offers the button."""
    key = links.own_key(token)
    if not key:
        return _no_such_link()
    if request.method == "POST":
        subscribing.leave(key)
    gone = not Subscriber.objects.filter(key=key).exists()
    return pages.page("subscriptions/leave.html", {"path": FORM, "section": "subscribe", "gone": gone})


def _take(
    request: HttpRequest, posted: posts.Posted, found: form.SubscriptionForm, now: datetime
) -> HttpResponse:
    """A form without mistakes: taken, or shown once more where no person can be told from a program yet."""
    stamp = stamps.read(PURPOSE, posted.one("stamp"), posted.one("work"))
    looked_over = posted.one("seen") == "1"
    if stamp is None or not stamp.is_ripe or posted.one("website") or not (stamp.is_worked or looked_over):
        return _look_over(found, posted.one("stamp") if stamp is not None else stamps.issue(PURPOSE))
    if not limits.allows(request, ASKING_WORKED if stamp.is_worked else ASKING, now):
        found.problems.append(_too_often())
        return _again(found, status=429)
    if stamps.spend(stamp.nonce, now):
        subscribing.ask(addresses.normal(found.email), found.wish(), now)
    context = {"path": FORM, "section": "subscribe", "hours": settings.SUBSCRIPTION_HOURS}
    return pages.page("subscriptions/look_into_mailbox.html", context)


def _again(found: form.SubscriptionForm, *, status: int = 200) -> HttpResponse:
    return pages.page("subscriptions/form.html", _form_context(found), status=status)


def _look_over(found: form.SubscriptionForm, stamp: str) -> HttpResponse:
    context = {"form": found, "wish": found.wish(), "stamp": stamp, "path": FORM, "section": "subscribe"}
    return pages.page("subscriptions/look_over.html", context)


def _no_such_link() -> HttpResponse:
    return pages.page("subscriptions/no_such_link.html", {"path": FORM, "section": "subscribe"}, status=404)


def _own_context(subscriber: Subscriber) -> dict[str, Any]:
    return {
        "wish": subscribing.wish_of(subscriber),
        "leave": links.leaving(subscriber),
        "options": links.options(subscriber),
        "path": FORM,
        "section": "subscribe",
    }


def _form_context(found: form.SubscriptionForm) -> dict[str, Any]:
    return {
        "form": found,
        "problems": found.problems,
        "wrong": found.problem_fields,
        "groups": [(group, any(one.key in found.types for one in group.types)) for group in choices.groups()],
        "places": choices.places(),
        "levels": _levels(),
        "hours": settings.SUBSCRIPTION_HOURS,
        "path": FORM,
        "section": "subscribe",
    }


def _levels() -> list[tuple[str, str]]:
    return [
        (Severity.INFO.value, _("All: advice, warnings and urgent warnings")),
        (Severity.CAUTION.value, _("Warnings and urgent warnings")),
        (Severity.URGENT.value, _("Urgent warnings only")),
    ]


def _too_often() -> form.Problem:
    return form.Problem("", _("There were too many requests from this network. Please try again in an hour."))
