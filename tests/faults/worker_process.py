"""A real worker process against a real sandbox, with short times so that a test can watch it recover."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from publishers.sandbox.server import Sandbox

ROOT = Path(__file__).resolve().parents[2]
CALL = {"PUBLISH_CONNECT_TIMEOUT": "0.5", "PUBLISH_READ_TIMEOUT": "1"}
TIMES = CALL | {"PUBLISH_GRACE": "2", "PUBLISH_LEASE": "4", "PUBLISH_BACKOFF": "0.2", "PUBLISH_POLL": "0.2"}


def until(condition: Callable[[], object], what: str, *, seconds: float = 40.0) -> None:
    """Wait for ``condition``; fails with ``what``."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds:g} s for: {what}"
        time.sleep(0.005)


class Worker:
    """``manage.py worker`` on the database of this test process."""

    def __init__(self, sandbox: Sandbox, *, threads: int = 1, **more: str) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "VAR_DIR") if name in os.environ}
        self._env = {
            **kept,
            **TIMES,
            "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
            "WORKER_THREADS": str(threads),
            "FACEBOOK_GRAPH_URL": sandbox.graph_url,
            "FACEBOOK_TOKEN_URL": sandbox.facebook_token_url,
            "ZALO_OPENAPI_URL": sandbox.zalo_openapi_url,
            "ZALO_OAUTH_URL": sandbox.zalo_oauth_url,
            "PYTHONIOENCODING": "utf-8",
            **more,
        }
        self.lines: list[str] = []

    def start(self) -> "Worker":
        """Start it and wait until it says that it is ready."""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "worker", "--skip-checks"],
            cwd=ROOT,
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()
        self.lines.clear()
        until(lambda: self.ready or self.process.poll() is not None, "the worker is ready", seconds=90)
        assert self.process.poll() is None, "\n".join(self.lines)
        return self

    @property
    def ready(self) -> bool:
        """Whether it announced itself."""
        return any("sẵn sàng" in line for line in self.lines)

    def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(20)

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.lines.append(line.rstrip())


@contextmanager
def running(sandbox: Sandbox, **options: object) -> Iterator[Worker]:
    """A started worker that is gone afterwards."""
    worker = Worker(sandbox, **options).start()  # type: ignore[arg-type]
    try:
        yield worker
    finally:
        if worker.process.poll() is None:
            worker.kill()
