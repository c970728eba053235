"""One letter for an answer."""

import re

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

LEGEND = """
.  opens        x  refused (403, or to the start page with a message)        0  is not there (404, 410)
L  to the sign-in page        >  goes on to another page        =  done, nothing to show (204)
m  wrong method        ?  bad request
"""
_CODES = {200: ".", 422: ".", 204: "=", 400: "?", 403: "x", 404: "0", 405: "m", 410: "0"}
REFUSALS = frozenset("Lx0m?")


def letter(answer: HttpResponse) -> str:
    """See LEGEND; “!” for what should never come."""
    code, where = answer.status_code, answer.get("Location", "")
    if code in (301, 302, 303):
        if where.startswith((str(settings.WAGTAILADMIN_LOGIN_URL), reverse("account_login"))):
            return "L"
        return "x" if where == reverse("wagtailadmin_home") else ">"
    return _CODES.get(code, "!")


def said(answer: HttpResponse) -> str:
    """Everything in it that somebody could read: its headers, the messages for the next page, its body."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    lines = [f"{name}: {value}" for name, value in answer.items()]
    # What the next page would say.
    told = getattr(getattr(answer, "wsgi_request", None), "_messages", None)
    lines += [str(message) for message in getattr(told, "_queued_messages", [])]
    return "\n".join([*lines, body.decode(errors="replace")])


def names(text: str, mark: str, path: str) -> bool:
    """Whether ``text`` says anything of what is marked; the address that was asked for may come back in it."""
    return re.search(re.escape(mark), text.replace(path, ""), re.IGNORECASE) is not None
