"""The finished folder served with everything else stopped: whatever is no file answers 503."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.contrib.staticfiles.handlers import StaticFilesHandler

from cms.portal.finished import FinishedFiles


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        pass


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class WithoutQuery:
    """As the web server does when the CMS is down: an address with a query gets the file of its path."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        return self._application(environ | {"QUERY_STRING": ""}, start_response)


class Files(StaticFilesHandler):
    """Style sheets and scripts; nothing else has an answer."""

    def __init__(self) -> None:
        super().__init__(_stopped)

    def load_middleware(self, is_async: bool = False) -> None:
        pass


def _stopped(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("503 Stopped", [("Content-Type", "text/plain")])
    return [b"stopped"]


@contextmanager
def portal() -> Iterator[str]:
    """The address of the finished folder, on a port of its own."""
    server = make_server("127.0.0.1", 0, WithoutQuery(FinishedFiles(Files())), Threaded, Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
