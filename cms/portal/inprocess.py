"""Ask this installation for one of its own pages, without a network: what a visitor would get from Django."""

import io
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.utils import translation


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, content type and body of a page."""

    status: int
    content_type: str
    body: bytes


def request_environ(path: str) -> dict[str, Any]:
    """A WSGI environment for GET ``path`` at the portal's own address."""
    public = urlsplit(settings.PUBLIC_URL)
    port = public.port or (443 if public.scheme == "https" else 80)
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": public.hostname or "localhost",
        "SERVER_PORT": str(port),
        "HTTP_HOST": public.netloc,
        "HTTP_X_FORWARDED_PROTO": public.scheme,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": public.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def get(path: str) -> Answer:
    """The page at ``path`` through URL resolver and middleware; errors come back as their status."""
    with translation.override(settings.LANGUAGE_CODE):
        # Not closed: closing says that a request ended, and would drop the caller's database connection.
        response = _handler().get_response(WSGIRequest(request_environ(path)))
        # Public pages are never streamed.
        body = b"" if response.streaming else cast(HttpResponse, response).content
        return Answer(response.status_code, response.headers.get("Content-Type", ""), bytes(body))


@cache
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler
