"""Worker processes that start in a moment: forked from one that has loaded everything and touched nothing.

Loading takes seconds of processor time, and this suite starts a worker every few seconds. What is forked reads
its settings anew and then runs ``manage.py worker``; it is killed, stopped and waited for like any process.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    """The loaded process; it forks when told to."""

    def __init__(self) -> None:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "warnings"))),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, env: dict[str, str], log: Path) -> "Child":
        """A worker with ``env`` that writes to ``log``."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"env": env, "log": str(log)}) + "\n")
        self._process.stdin.flush()
        return Child(int(self._process.stdout.readline()))

    def end(self) -> None:
        """Nothing of it is left."""
        self._process.kill()
        self._process.communicate(timeout=30)


class Child:
    """One forked worker, with what the suite uses of ``subprocess.Popen``."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._process = psutil.Process(pid)

    def poll(self) -> int | None:
        """None while it lives."""
        try:
            over = not self._process.is_running() or self._process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return 1
        return 1 if over else None

    def send_signal(self, number: int) -> None:
        """Signal it."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """kill -9."""
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float) -> int:
        """Until it is over. Raises TimeoutError after ``timeout`` seconds."""
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise TimeoutError(f"process {self.pid} goes on")
            time.sleep(0.005)
        return code


def serve() -> None:
    """Fork a worker for each line read, and say its number."""
    # The dead are not waited for one by one.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _become_worker(order["env"], order["log"])
        print(child, flush=True)


def _load() -> None:
    import django

    django.setup()
    from django.urls import get_resolver

    import publishers.management.commands.worker
    import publishers.worker
    from publishers import registry

    _ = get_resolver().url_patterns, publishers.worker, publishers.management.commands.worker
    for kind in registry.kinds():
        registry.adapter_class(kind)


def _become_worker(env: dict[str, str], log: str) -> None:
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(source, target)
        os.environ.clear()
        os.environ.update(env)
        _settings_anew()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["manage.py", "worker"])
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _settings_anew() -> None:
    """Read the settings again: what was loaded asks them when it needs them, and keeps none of them."""
    from django.conf import empty, settings
    from django.utils.log import configure_logging

    for name in [name for name in sys.modules if name.startswith("cms.settings")]:
        del sys.modules[name]
    del sys.modules["tests.faults.worker_settings"]
    settings._wrapped = empty
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)


if __name__ == "__main__":
    _load()
    serve()
