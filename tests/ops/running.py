"""A ``python -m cms up`` of its own to test against: its output, its processes, its end."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 150.0


def environment(var_dir: Path, **more: str) -> dict[str, str]:
    """A new terminal's environment, without anything of the test run's."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "VAR_DIR": str(var_dir), "PYTHONIOENCODING": "utf-8", **more}


def until(condition: Callable[[], object], why: str | Callable[[], str], patience: float = PATIENCE) -> None:
    """Wait for ``condition``; fails with ``why``, asked for at that moment."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, why() if callable(why) else why
        time.sleep(0.1)


class Up:
    """One started supervisor."""

    def __init__(self, var_dir: Path, **more: str) -> None:
        self.port, self.sandbox_port = free_port(), free_port()
        self.log = var_dir.with_name(f"{var_dir.name}-{self.port}.log")
        self.mail_port = free_port()
        ports = {
            "PORT": str(self.port),
            "SANDBOX_PORT": str(self.sandbox_port),
            "SANDBOX_MAIL_PORT": str(self.mail_port),
        }
        env = environment(var_dir, **ports, **more)
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cms", "up"],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._seen: set[psutil.Process] = set()

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, text: str, times: int = 1) -> None:
        """Until ``text`` was printed ``times`` times."""

        def printed() -> bool:
            self.family()
            assert self.process.poll() is None or text in self.output(), self.output()
            return self.output().count(text) >= times

        until(printed, f"never said {text!r}")

    def family(self) -> set[psutil.Process]:
        """Every process that it has started so far and that still runs."""
        with suppress(psutil.NoSuchProcess):
            self._seen |= set(psutil.Process(self.process.pid).children(recursive=True))
        return {process for process in self._seen if _lives(process)}

    def part(self, argument: str) -> psutil.Process | None:
        """The direct child with ``argument`` on its command line, once it has become the command itself."""
        for child in psutil.Process(self.process.pid).children():
            try:
                command = child.cmdline()
            except psutil.Error:
                continue
            if argument in command and not any(word.endswith("tether.py") for word in command):
                return child
        return None

    def get(self, path: str) -> int:
        """Status of a page; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except OSError:
            return 0

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask it to stop; returns its exit code."""
        self.family()
        self.process.send_signal(number)
        return self.process.wait(timeout=30)

    def was_gone_within(self, patience: float) -> None:
        """Nothing that it started may be left."""
        until(lambda: not self.family(), self._left, patience)

    def _left(self) -> str:
        with suppress(psutil.Error):
            return f"still there: {[one.cmdline() for one in self.family()]}\n{self.output()[-4000:]}"
        return "still there, and gone a moment later"


@contextmanager
def up(var_dir: Path, **more: str) -> Iterator[Up]:
    """A supervisor that is ended afterwards whatever happens."""
    started = Up(var_dir, **more)
    try:
        yield started
    finally:
        left = started.family()
        if started.process.poll() is None:
            started.process.kill()
            started.process.wait()
        for process in left:
            if _lives(process):
                process.kill()


def lines_of(text: str) -> list[str]:
    """The lines that say something."""
    return [line for line in text.splitlines() if re.search(r"\w", line)]


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
