"""«Tôi có đang bị lừa không?»: each question and each outcome is a page, its answers are links."""

import json
from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse

from cms.portal import addresses, reading
from cms.portal.presentation import Contact, card, contacts
from cms.portal.selfcheck import content
from cms.portal.selfcheck.content import Outcome, Question, SelfCheck
from cms.portal.selfcheck.matching import message_file
from cms.portal.showing import page, public

WARNINGS: Final = 3
_CALLS: Final = ("113", "156", "5656")


@public
def start(_request: HttpRequest) -> HttpResponse:
    """The first question; without an approved self-check, what to do instead."""
    check = content.self_check()
    if check is None:
        return _closed(addresses.SELF_CHECK)
    return page("portal/selfcheck_step.html", _around(check, check.start.key) | question(check, check.start))


@public
def step(_request: HttpRequest, key: str) -> HttpResponse:
    """A question, or an outcome."""
    check = content.self_check()
    if check is None or key == check.start.key:
        raise Http404
    if key in check.outcomes:
        return page("portal/selfcheck_outcome.html", _around(check, key) | outcome(check.outcomes[key]))
    if key not in check.questions:
        raise Http404
    return page("portal/selfcheck_step.html", _around(check, key) | question(check, check.questions[key]))


@public
def message_check(_request: HttpRequest) -> HttpResponse:
    """The page on which a message can be compared without being sent."""
    check = content.self_check()
    if check is None:
        return _closed(addresses.MESSAGE_CHECK)
    return page(
        "portal/selfcheck_message.html",
        {
            "check": check,
            "victim": _victim(check),
            "path": addresses.MESSAGE_CHECK,
            "section": "selfcheck",
        },
    )


@public
def message_data(_request: HttpRequest) -> HttpResponse:
    """What messages are compared with."""
    check = content.self_check()
    if check is None:
        raise Http404
    text = json.dumps(message_file(check), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return HttpResponse(text, content_type="application/json")


def question(
    check: SelfCheck, asked: Question, path_of: Callable[[str], str] = addresses.self_check_step
) -> dict[str, Any]:
    """How ``portal/selfcheck_question.html`` draws ``asked``; ``path_of`` says where an answer leads."""
    return {
        "step": asked,
        "choices": [(choice.label, path_of(choice.to)) for choice in asked.choices],
        "is_start": asked.key == check.start.key,
    }


def outcome(found: Outcome) -> dict[str, Any]:
    """How ``portal/selfcheck_verdict_head.html`` and ``…_next.html`` draw ``found``."""
    rows = reading.listed().filter(scam_type_key__in=found.types, is_old=False)[:WARNINGS]
    return {"outcome": found, "warnings": [card(row) for row in rows], "calls": _calls()}


def _around(check: SelfCheck, key: str) -> dict[str, Any]:
    parent = check.parent(key)
    back = addresses.SELF_CHECK if parent == check.start.key else addresses.self_check_step(parent)
    return {
        "check": check,
        "victim": _victim(check),
        "back": back if parent else "",
        "path": addresses.SELF_CHECK if key == check.start.key else addresses.self_check_step(key),
        "section": "selfcheck",
    }


def _closed(path: str) -> HttpResponse:
    return page(
        "portal/selfcheck_closed.html",
        {"reason": content.public().withdrawn_because, "path": path, "section": "selfcheck"},
    )


def _victim(check: SelfCheck) -> str:
    return addresses.self_check_step(check.victim) if check.victim else ""


def _calls() -> list[Contact]:
    """The hotlines of the newest warning that everybody may call, as sealed in it."""
    newest = reading.listed().first()
    found = contacts(newest.content().hotlines) if newest else []
    return [line for line in found if line.is_number and line.value in _CALLS]
