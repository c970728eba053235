"""What citizens see: the form, confirming, changing and leaving."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.intake import choices, limits, pages, posts, stamps
from cms.intake.languages import Language
from cms.portal.addresses import language_of
from cms.portal.views import public
from cms.subscriptions import addresses, form, links, section, subscribing
from cms.subscriptions.models import Subscriber
from cms.subscriptions.section import Pages
from scam_warnings.enums import Severity

PURPOSE: Final = "subscription"
POSTING: Final = limits.Limit("subscription-post", 60, timedelta(hours=1))
ASKING: Final = limits.Limit("subscription", 10, timedelta(hours=1), all=2000)
ASKING_WORKED: Final = limits.Limit("subscription-worked", 40, timedelta(hours=1), all=4000)


@public
def empty_form(request: HttpRequest) -> HttpResponse:
    """The form; a finished file, so it carries nothing of the visitor."""
    context = _form_context(form.SubscriptionForm(), _asked(request))
    return pages.page("subscriptions/form.html", context | {"alternates": section.alternates()})


@pages.answer("GET", "HEAD", "POST")
def ask(request: HttpRequest) -> HttpResponse:
    """Take a form. What is answered is the same whether the address was known or not."""
    asked = _asked(request)
    if request.method != "POST":
        return HttpResponseRedirect(asked.form)
    now = timezone.now()
    if not limits.allows(request, POSTING, now):
        return _again(form.SubscriptionForm(problems=[_too_often()]), asked, status=429)
    posted = posts.read(request)
    found = form.read(posted, language_of(request.path))
    if found.problems:
        return _again(found, asked, status=422 if posted.is_whole else 413)
    if posted.one("back") == "1":
        return _again(found, asked)
    return _take(request, posted, found, now)


@pages.answer("GET", "HEAD", "POST")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the first letter. Only a press of the button confirms: programs follow links by themselves."""
    asked = _asked(request)
    subscriber = links.to_confirm(token)
    if subscriber is None:
        return _no_such_link(asked)
    if request.method == "POST":
        subscribing.confirm(subscriber, timezone.now())
        subscriber.refresh_from_db()
    context = _context(asked) | _choice(subscribing.wish_of(subscriber), asked)
    context |= {
        "is_done": subscriber.confirmed_at is not None,
        "options": links.options(subscriber, language_of(request.path)),
        # With the same token: a new one would be good for longer.
        "switch_to": section.PAGES.other_than(asked).behind("confirm", token),
    }
    return pages.page("subscriptions/confirm.html", context)


@pages.answer("GET", "HEAD", "POST")
def options(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody gets, to be changed by whoever has a letter of theirs."""
    asked = _asked(request)
    subscriber = Subscriber.objects.filter(key=links.own_key(token), confirmed_at__isnull=False).first()
    if subscriber is None:
        return _no_such_link(asked)
    found, saved = form.of(subscriber), False
    if request.method == "POST":
        posted = posts.read(request)
        found = form.read(posted, subscriber.language, with_address=False)
        if not found.problems:
            subscribing.change(subscriber, found.wish())
            saved = True
    context = _form_context(found, asked) | {
        "saved": saved,
        "letter_languages": Language.choices,
        "leave": links.leaving(subscriber, language_of(request.path)),
        "switch_to": section.PAGES.other_than(asked).behind("options", token),
    }
    return pages.page("subscriptions/options.html", context, status=422 if found.problems else 200)


@pages.answer("GET", "HEAD", "POST")
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """End it (RFC 8058): a POST does it without a question, a GET only offers the button."""
    asked = _asked(request)
    key = links.own_key(token)
    if not key:
        return _no_such_link(asked)
    if request.method == "POST":
        subscribing.leave(key)
    gone = not Subscriber.objects.filter(key=key).exists()
    context = _context(asked) | {"gone": gone}
    if not gone:
        context["switch_to"] = section.PAGES.other_than(asked).behind("leave", token)
    return pages.page("subscriptions/leave.html", context)


def _take(
    request: HttpRequest, posted: posts.Posted, found: form.SubscriptionForm, now: datetime
) -> HttpResponse:
    """A form without mistakes: taken, or shown once more where no person can be told from a program yet."""
    asked = _asked(request)
    stamp = stamps.read(PURPOSE, posted.one("stamp"), posted.one("work"))
    looked_over = posted.one("seen") == "1"
    if stamp is None or not stamp.is_ripe or posted.one("website") or not (stamp.is_worked or looked_over):
        return _look_over(found, asked, posted.one("stamp") if stamp is not None else stamps.issue(PURPOSE))
    if not limits.allows(request, ASKING_WORKED if stamp.is_worked else ASKING, now):
        found.problems.append(_too_often())
        return _again(found, asked, status=429)
    if stamps.spend(stamp.nonce, now):
        subscribing.ask(addresses.normal(found.email), found.wish(), now)
    context = _context(asked) | {"hours": settings.SUBSCRIPTION_HOURS}
    return pages.page("subscriptions/look_into_mailbox.html", context)


def _asked(request: HttpRequest) -> Pages:
    return section.PAGES.written_in(language_of(request.path))


def _again(found: form.SubscriptionForm, asked: Pages, *, status: int = 200) -> HttpResponse:
    return pages.page("subscriptions/form.html", _form_context(found, asked), status=status)


def _look_over(found: form.SubscriptionForm, asked: Pages, stamp: str) -> HttpResponse:
    context = _context(asked) | _choice(found.wish(), asked) | {"form": found, "stamp": stamp}
    return pages.page("subscriptions/look_over.html", context)


def _no_such_link(asked: Pages) -> HttpResponse:
    return pages.page("subscriptions/no_such_link.html", _context(asked), status=404)


def _context(asked: Pages) -> dict[str, Any]:
    return {
        "pages": asked,
        "path": asked.form,
        "switch_to": section.PAGES.other_than(asked).form,
        "section": "subscribe",
    }


def _choice(wish: subscribing.Wish, asked: Pages) -> dict[str, Any]:
    language = language_of(asked.form)
    return {"wish": wish, "types": [choices.named(one, language) for one in wish.types]}


def _form_context(found: form.SubscriptionForm, asked: Pages) -> dict[str, Any]:
    groups = choices.groups(language_of(asked.form))
    return _context(asked) | {
        "form": found,
        "problems": found.problems,
        "wrong": found.problem_fields,
        "groups": [(group, any(one.key in found.types for one in group.types)) for group in groups],
        "places": choices.places(),
        "levels": _levels(),
        "hours": settings.SUBSCRIPTION_HOURS,
        "stamp_address": section.STAMP,
    }


def _levels() -> list[tuple[str, str]]:
    return [
        (Severity.INFO.value, _("All: advice, warnings and urgent warnings")),
        (Severity.CAUTION.value, _("Warnings and urgent warnings")),
        (Severity.URGENT.value, _("Urgent warnings only")),
    ]


def _too_often() -> form.Problem:
    return form.Problem("", _("There were too many requests from this network. Please try again in an hour."))
