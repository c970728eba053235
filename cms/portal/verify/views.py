"""«Xác minh cảnh báo»: the page, its answer without JavaScript, and the data behind both."""

import json
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse

from cms.portal import addresses
from cms.portal.models import PublishedWarning
from cms.portal.presentation import site_context
from cms.portal.showing import answering, page, public
from cms.portal.verify import keys
from cms.portal.verify.accounts import accounts_file, official_accounts
from cms.portal.verify.answering import Finding, Verdict, answer, own_host
from cms.portal.verify.recognising import MAX_INPUT
from cms.portal.verify.statement import key_document, signed

SHOWN: Final = 1500


@answering
def verify(request: HttpRequest) -> HttpResponse:
    """The form; with ``q`` (sent, or from a link) what is known of it."""
    given = request.POST if request.method == "POST" else request.GET
    asked = given.get("q", "")[:MAX_INPUT].replace("\x00", "")
    asked = asked.encode("utf-8", "ignore").decode()
    language = addresses.language_of(request.path)
    response = page(
        "portal/verify.html",
        site_context(language=language)
        | {
            "asked": asked.strip()[:SHOWN],
            "findings": answer(asked, language) if asked.strip() else [],
            "verdicts": [verdict.value for verdict in Verdict],
            "blank": Finding(Verdict.NOTHING, ""),
            "accounts": official_accounts(),
            "host": own_host(),
            "key": keys.newest(),
            "path": request.path,
            "alternates": addresses.alternates(addresses.VERIFY, addresses.ENGLISH_VERIFY),
            "section": "verify",
        },
    )
    if request.method == "POST" or request.META.get("QUERY_STRING"):
        # What somebody was sent is nobody else's business: no cache between us keeps it.
        response.headers["Cache-Control"] = "private, no-store"
    return response


@public
def statement(_request: HttpRequest, code: str) -> HttpResponse:
    """The signed statement about one warning."""
    warning = PublishedWarning.objects.select_related("release").filter(code=code.upper()).first()
    if warning is None:
        raise Http404
    return _json(signed(warning))


@public
def public_keys(_request: HttpRequest) -> HttpResponse:
    """The public keys."""
    return _json(key_document())


@public
def accounts(_request: HttpRequest) -> HttpResponse:
    """The official accounts."""
    return _json(accounts_file())


def _json(content: dict[str, Any]) -> HttpResponse:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1)
    return HttpResponse(text, content_type="application/json")
