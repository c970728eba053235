"""The processes of an installation and how each is started."""

import os
import sys
from collections.abc import Mapping
from typing import Final

from cms.supervisor.installation import Installation

HEARTBEAT: Final = "worker-heartbeat"
WATCH_HEARTBEAT: Final = "watch-heartbeat"


def web(environ: Mapping[str, str], *, host: str, port: int) -> list[str]:
    """The web server. WEB_WORKERS processes of WEB_THREADS threads; SQLite wants one process."""
    return [
        sys.executable, "-m", "cms.web", "cms.wsgi:application",
        "--interface", "wsgi", "--http", "1", "--no-ws",
        "--host", host, "--port", str(port),
        "--workers", environ.get("WEB_WORKERS") or "1",
        "--blocking-threads", environ.get("WEB_THREADS") or str(default_threads()),
        "--respawn-failed-workers", "--workers-kill-timeout", "4",
        "--log-level", "warning",
    ]  # fmt: skip


def default_threads() -> int:
    """Enough that one slow upload holds nobody up; more than the processors can use only waits for SQLite."""
    return min(8, 2 * (os.cpu_count() or 1) + 1)


def worker() -> list[str]:
    """The process that delivers."""
    return django("worker")


def watch() -> list[str]:
    """The process that looks after channels, posts and people."""
    return django("watch")


def sandbox(installation: Installation, *, mail: bool) -> list[str]:
    """The stand-in for Facebook, Zalo and a partner, with ``mail`` also a mail server; only this machine reaches it."""
    command = [
        sys.executable, "-m", "publishers.sandbox",
        "--host", "127.0.0.1", "--port", str(installation.sandbox_port),
        "--state-file", str(installation.var_dir / "sandbox" / "state.json"),
        "--zalo-webhook-url", f"{installation.local_url}/webhooks/zalo/",
    ]  # fmt: skip
    return [*command, "--mail-port", str(installation.mail_port)] if mail else command


def django(*arguments: str) -> list[str]:
    """A management command; also from an installed package, which has no manage.py."""
    return [sys.executable, "-m", "django", *arguments]


def commands(installation: Installation, environ: Mapping[str, str] = os.environ) -> dict[str, list[str]]:
    """Name and command of every process that ``up`` runs, in the order in which they are started."""
    parts = {
        "web": web(environ, host=installation.host, port=installation.port),
        "worker": worker(),
        "watch": watch(),
    }
    if installation.has_sandbox:
        parts["sandbox"] = sandbox(
            installation, mail=installation.takes_mail(demo=environ.get("KENG_DEMO") == "1")
        )
    return parts
