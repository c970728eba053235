"""``python -m cms up``: the whole installation until somebody stops it."""

import os
import signal
import time
from types import FrameType
from typing import Final

from cms.supervisor import banner, parts, preflight, record, strings
from cms.supervisor.child import Child
from cms.supervisor.console import Console, seconds
from cms.supervisor.installation import CannotStart, Installation, child_environment, from_environment
from cms.supervisor.preparation import Interrupted, StepFailed, prepare, working_folder
from cms.supervisor.readiness import forget_heartbeat, probes

_STOP_WITHIN: Final = 6.0  # seconds between the request to stop and the kill
_REMIND_AFTER: Final = 60.0
_TICK: Final = 0.1


class Stopper:
    """Counts the requests to stop that arrive as signals."""

    def __init__(self) -> None:
        self.asked = 0
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)
        # Started with nohup it outlives its terminal.
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._ask)

    def __call__(self) -> bool:
        return self.asked > 0

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1


def up() -> int:
    """Prepare, start, watch. Returns the exit code: 0 stopped by request, 1 a step failed.

    Raises CannotStart when the machine or the environment does not allow it.
    """
    began = time.monotonic()
    stop = Stopper()
    if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".production"):
        raise CannotStart(strings.UP_IN_PRODUCTION)
    installation = from_environment(os.environ)
    with preflight.exclusive(installation):
        known = record.load(installation.var_dir, demo=installation.demo)
        shows_demo = known.shows_demo and installation.demo is not False
        preflight.ports_free(installation, demo=shows_demo)
        console = Console()
        console.line(strings.STARTING.format(folder=installation.var_dir))
        environ = child_environment(installation, os.environ, demo=shows_demo)
        try:
            prepare(installation, environ, console, stop, known)
        except StepFailed as failure:
            console.line(str(failure))
            return 1
        except Interrupted:
            console.line(strings.INTERRUPTED)
            return 0
        _serve(installation, environ, console, stop, began=began, shows_demo=shows_demo)
        console.line(strings.STOPPED.format(folder=installation.var_dir))
    return 0


def _serve(
    installation: Installation,
    environ: dict[str, str],
    console: Console,
    stop: Stopper,
    *,
    began: float,
    shows_demo: bool,
) -> None:
    forget_heartbeat(installation.var_dir)
    commands = parts.commands(installation, environ)
    console.line(strings.LAUNCHING.format(names=", ".join(commands)))
    children = [
        Child(name, command, environ, working_folder(), console) for name, command in commands.items()
    ]
    silent = probes(installation)
    remind_at = time.monotonic() + _REMIND_AFTER
    try:
        for child in children:
            child.start()
        while not stop():
            for child in children:
                child.watch()
            if silent:
                silent = {name: answers for name, answers in silent.items() if not answers()}
                if not silent:
                    took = time.monotonic() - began
                    console.box(banner.lines(installation, took=took, demo=shows_demo))
                    console.status(banner.bottom_line(installation, demo=shows_demo))
                elif time.monotonic() > remind_at:
                    remind_at = float("inf")
                    names = ", ".join(silent)
                    console.line(strings.NOT_READY.format(seconds=seconds(_REMIND_AFTER), names=names))
            time.sleep(_TICK)
    finally:
        _stop(children, console, stop)


def _stop(children: list[Child], console: Console, stop: Stopper) -> None:
    console.status("")
    console.line(strings.STOPPING)
    asked = stop.asked
    deadline = time.monotonic() + _STOP_WITHIN
    for child in children:
        child.ask_to_stop()
    # A second Ctrl-C means now.
    while time.monotonic() < deadline and stop.asked <= asked:
        if all(child.has_stopped() for child in children):
            break
        time.sleep(_TICK / 2)
    late = [child.name for child in children if not child.has_stopped()]
    for child in children:
        child.finish()
    if late:
        console.line(strings.FORCED.format(names=", ".join(late)))
