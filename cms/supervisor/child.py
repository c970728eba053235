"""One process under supervision: started tied to us, its lines passed on, restarted when it dies."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from cms.supervisor import strings, tether
from cms.supervisor.console import Console, seconds

_LONGEST_LINE: Final = 64 * 1024
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_STEADY_AFTER: Final = 60.0  # seconds alive after which earlier deaths are forgotten
_WORRYING: Final = 5


class Child:
    """A command that shall keep running. Use it from one thread: the kernel ties it to that thread's life."""

    def __init__(
        self, name: str, command: Sequence[str], environ: Mapping[str, str], folder: Path, console: Console
    ) -> None:
        self.name = name
        self._command = list(command)
        self._environ = dict(environ)
        self._folder = folder
        self._console = console
        self._process: subprocess.Popen[str] | None = None
        self._started = 0.0
        self._deaths = 0
        self._restart_at = 0.0

    def start(self) -> None:
        """Start it, or start it again."""
        self._started = time.monotonic()
        self._process = launch(self._command, self._environ, self._folder)
        relay(self._process, lambda line: self._console.line(line, self.name))

    def watch(self) -> None:
        """Notice a death, and start it again after a pause that doubles with every death in a row."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._restart_at:
                self.start()
            return
        code = self._process.poll()
        if code is None:
            return
        end_group(self._process.pid, signal.SIGKILL)
        self._process = None
        self._deaths = 1 if now - self._started > _STEADY_AFTER else self._deaths + 1
        pause = min(_FIRST_PAUSE * 2 ** (self._deaths - 1), _LONGEST_PAUSE)
        self._restart_at = now + pause
        self._console.line(strings.DIED.format(code=code, seconds=seconds(pause)), self.name)
        if self._deaths >= _WORRYING:
            self._console.line(strings.KEEPS_DYING.format(count=self._deaths), self.name)

    def ask_to_stop(self) -> None:
        """Send SIGTERM; it will not be started again by this."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def has_stopped(self) -> bool:
        """True when it no longer runs."""
        return self._process is None or self._process.poll() is not None

    def finish(self) -> None:
        """Kill whatever is left of it and of the processes it started."""
        if self._process is not None:
            end_group(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


def launch(command: Sequence[str], environ: Mapping[str, str], folder: Path) -> subprocess.Popen[str]:
    """Start ``command`` tied to this process, in a group of its own, its two outputs in one pipe."""
    tied = [sys.executable, "-I", "-S", tether.__file__, str(os.getpid()), *command]
    return subprocess.Popen(
        tied,
        env=dict(environ),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )


def relay(process: subprocess.Popen[str], take: Callable[[str], None]) -> threading.Thread:
    """Give every line of ``process`` to ``take``, from a thread that ends with its output."""

    def pump() -> None:
        stream = process.stdout
        assert stream is not None  # noqa: S101  launch() asked for the pipe
        with stream:
            for line in iter(lambda: stream.readline(_LONGEST_LINE), ""):
                take(line.rstrip("\n"))

    thread = threading.Thread(target=pump, name=f"output-{process.pid}", daemon=True)
    thread.start()
    return thread


def end_group(group: int, number: signal.Signals) -> None:
    """Signal a whole process group; it may be gone already."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
