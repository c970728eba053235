"""What citizens see: the form, the page to look it over, the receipt, and how a tip stands."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.intake import choices, limits, pages, posts, stamps
from cms.portal import addresses
from cms.portal.views import public
from cms.tips import erasing, form, receipts, receiving, section
from cms.tips.models import State, Tip
from cms.tips.section import Pages

PURPOSE: Final = "tip"
LOOKING_UP: Final = limits.Limit("tip-code", 20, timedelta(hours=1))


def _sending(*, worked: bool) -> limits.Limit:
    # Many telephones share one address of a mobile network: the work pays for more.
    most = settings.TIPS_PER_HOUR
    return limits.Limit(
        "tip" if not worked else "tip-worked",
        most * 5 if worked else most,
        timedelta(hours=1),
        all=settings.TIPS_PER_HOUR_ALL,
    )


def _posting() -> limits.Limit:
    return limits.Limit("tip-post", settings.TIPS_PER_HOUR * 10, timedelta(hours=1))


@public
def empty_form(request: HttpRequest) -> HttpResponse:
    """The form; a finished file, so it carries nothing of the visitor."""
    context = _form_context(form.TipForm(), _asked(request))
    return pages.page("tips/form.html", context | {"alternates": section.form_alternates()})


@public
def follow_up_form(request: HttpRequest) -> HttpResponse:
    """The page that asks for a receipt code; a finished file too."""
    context = _follow_up_context(_asked(request))
    return pages.page("tips/follow_up.html", context | {"alternates": section.follow_up_alternates()})


@pages.answer("GET", "HEAD", "POST")
def send(request: HttpRequest) -> HttpResponse:
    """Judge a form: give it back with what to mend, show it to be looked over, or keep it."""
    asked = _asked(request)
    if request.method != "POST":
        return HttpResponseRedirect(asked.form)
    now = timezone.now()
    if not limits.allows(request, _posting(), now):
        # Before any picture is decoded.
        return _again(form.TipForm(problems=[_too_often()]), asked, status=429)
    posted = posts.read(request)
    found = form.read(posted, addresses.language_of(request.path), now)
    if not posted.is_whole:
        return _again(found, asked, status=413)
    if found.problems or posted.one("back") == "1":
        found.hold_pictures(now)
        return _again(found, asked, status=422 if found.problems else 200)
    return _take(request, posted, found, now)


@pages.answer("GET", "HEAD", "POST")
def follow_up(request: HttpRequest) -> HttpResponse:
    """How the tip with a receipt code stands, never what it says; or erase it."""
    asked = _asked(request)
    if request.method != "POST":
        return HttpResponseRedirect(asked.follow_up)
    now = timezone.now()
    context = _follow_up_context(asked)
    if not limits.allows(request, LOOKING_UP, now):
        context["problem"] = _("Too many codes were tried from this network. Please try again in an hour.")
        return pages.page("tips/follow_up.html", context, status=429)
    posted = posts.read(request)
    typed = posted.one("code")[:60]
    context["typed"] = typed
    digest = receipts.digest_of(typed)
    tip = Tip.objects.filter(code_digest=digest).first() if digest else None
    if tip is None:
        context["problem"] = _(
            "There is no tip with this code. Compare it with your receipt: it looks like PA-XXXX-XXXX-XXXX."
        )
        return pages.page("tips/follow_up.html", context, status=404)
    if posted.one("erase") == "yes":
        erasing.erase(tip, now)
        tip.refresh_from_db()
    context |= {
        "tip": tip,
        "ask": posted.one("erase") == "ask" and tip.erased_at is None,
        "words": _public_words(tip),
        "steps": [State.NEW, State.IN_WORK],
    }
    return pages.page("tips/standing.html", context)


def _take(request: HttpRequest, posted: posts.Posted, found: form.TipForm, now: datetime) -> HttpResponse:
    """A form without mistakes: kept, or shown once more where no person can be told from a program yet."""
    asked = _asked(request)
    stamp = stamps.read(PURPOSE, posted.one("stamp"), posted.one("work"))
    looked_over = posted.one("seen") == "1"
    if stamp is None or not stamp.is_ripe or posted.one("website") or not (stamp.is_worked or looked_over):
        found.hold_pictures(now)
        return _look_over(found, asked, posted.one("stamp") if stamp is not None else stamps.issue(PURPOSE))
    if not limits.allows(request, _sending(worked=stamp.is_worked), now):
        found.hold_pictures(now)
        found.problems.append(_too_often())
        return _again(found, asked, status=429)
    code = receiving.receive(found.told(), stamp.nonce, now)
    return pages.page("tips/received.html", _context(asked) | {"code": code, "form": found})


def _asked(request: HttpRequest) -> Pages:
    return section.PAGES.written_in(addresses.language_of(request.path))


def _again(found: form.TipForm, asked: Pages, *, status: int = 200) -> HttpResponse:
    return pages.page("tips/form.html", _form_context(found, asked), status=status)


def _look_over(found: form.TipForm, asked: Pages, stamp: str) -> HttpResponse:
    told = found.told()
    language = addresses.language_of(asked.form)
    kind = choices.named(told.scam_type, language) if told.scam_type else None
    context = _context(asked) | {"form": found, "told": told, "kind": kind, "stamp": stamp}
    return pages.page("tips/look_over.html", context)


def _context(asked: Pages) -> dict[str, Any]:
    return {
        "pages": asked,
        "path": asked.form,
        "switch_to": section.PAGES.other_than(asked).form,
        "section": "tips",
    }


def _follow_up_context(asked: Pages) -> dict[str, Any]:
    other = section.PAGES.other_than(asked)
    return _context(asked) | {"path": asked.follow_up, "switch_to": other.follow_up}


def _form_context(found: form.TipForm, asked: Pages) -> dict[str, Any]:
    return _context(asked) | {
        "form": found,
        "problems": found.problems,
        "wrong": found.problem_fields,
        "groups": choices.groups(addresses.language_of(asked.form)),
        "places": choices.places(),
        "longest": form.LONGEST,
        "contact_days": settings.TIPS_CONTACT_DAYS,
        "story_days": settings.TIPS_STORY_DAYS,
        "stamp_address": section.STAMP,
    }


def _too_often() -> form.Problem:
    return form.Problem(
        "",
        _("There were too many tips from this network within an hour. Please send yours a little later."),
    )


def _public_words(tip: Tip) -> str:
    return {
        State.NEW: _("Received. Nobody has read it yet."),
        State.IN_WORK: _("Staff are looking at it."),
        State.USED: _("It was used for a public warning. Thank you!"),
        State.NOT_RELEVANT: _("Staff have read it. It was not used for a warning."),
        State.PASSED: _("It was passed to the police unit responsible."),
    }[State(tip.state)]
