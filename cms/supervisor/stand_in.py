"""The sandbox while the demo is loaded: what the demo corrects and withdraws must be out on its channels first."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from cms.supervisor import parts
from cms.supervisor.child import Child
from cms.supervisor.console import Console
from cms.supervisor.installation import CODE_ROOT, Installation
from cms.supervisor.readiness import answers

_STARTS_WITHIN: Final = 20.0
_STOPS_WITHIN: Final = 6.0
_TICK: Final = 0.05


@contextmanager
def standing_in(installation: Installation, environ: Mapping[str, str], console: Console) -> Iterator[None]:
    """Run the sandbox while the block runs, unless it runs already or none belongs to the installation.

    One that does not start is no error: what could not be sent waits for the worker.
    """
    if not installation.has_sandbox or environ.get("KENG_DEMO") != "1" or _answers(installation):
        yield
        return
    command = parts.commands(installation, environ)["sandbox"]
    child = Child("sandbox", command, environ, CODE_ROOT, console)
    child.start()
    try:
        _until(lambda: _answers(installation) or child.has_stopped(), _STARTS_WITHIN)
        yield
    finally:
        child.ask_to_stop()
        _until(child.has_stopped, _STOPS_WITHIN)
        child.finish()


def _answers(installation: Installation) -> bool:
    return answers("127.0.0.1", installation.sandbox_port, "/")


def _until(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(_TICK)
