"""Leaving a list (RFC 8058): a POST does it without a question, a GET only offers the button.

The token in the address is all the authority there is. No cookie is read, because the mail program that posts
for its user has none, so there is nothing a foreign page could ride on and the form needs no CSRF token.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from publishers import recipients
from publishers.leaving.links import recipient_of


@csrf_exempt  # the signed token is the authority; no cookie is read
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Take the address of this link off its list. Saying it again changes nothing."""
    recipient = recipient_of(token)
    if recipient is not None and request.method == "POST":
        recipients.take_off(recipient.channel, recipient.address, recipients.LEFT_BY_LINK)
        recipient.refresh_from_db()
    page = render(
        request,
        "publishers/leaving/leave.html",
        {"recipient": recipient},
        status=200 if recipient else 404,
    )
    # The address is a key: no cache, no search engine and no other site may get it.
    page.headers["Cache-Control"] = "private, no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["X-Robots-Tag"] = "noindex"
    return page
