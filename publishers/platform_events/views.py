"""The address a platform posts its events to."""

import json
import logging
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from publishers.platform_events import events, signature

logger = logging.getLogger(__name__)

MAX_BODY: Final = 256 * 1024


# Zalo's servers hold no cookie and no token of ours; the signature over the body proves who sends.
@csrf_exempt
@never_cache
@require_POST
def zalo(request: HttpRequest) -> HttpResponse:
    """Take one event of an Official Account; 200 within two seconds, or Zalo switches the webhook off.

    An unsigned ``{}`` is how Zalo's console tries the address: 200, and nothing happens. What is not signed
    by an account of ours: 403, without a reason. More than MAX_BODY: 413.
    """
    raw = request.read(MAX_BODY + 1)
    if len(raw) > MAX_BODY:
        return HttpResponse(status=413)
    body = _object(raw)
    given = request.headers.get("X-ZEvent-Signature", "")
    if body == {} and not given:
        return HttpResponse()
    accounts = signature.signers(raw, body or {}, given, request.headers.get("X-ZEvent-Timestamp", ""))
    if not accounts or body is None:
        logger.info("An event with a wrong signature was refused")
        return HttpResponse(status=403)
    events.take(body, raw, accounts)
    return HttpResponse()


def _object(raw: bytes) -> dict[str, Any] | None:
    """The JSON object in ``raw``; None if it is none."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None
