"""``python -m cms.supervisor.probe web|worker|watch``: for health checks; exit 0 when that part is well."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from cms.supervisor.installation import from_environment
from cms.supervisor.parts import HEARTBEAT, WATCH_HEARTBEAT
from cms.supervisor.readiness import answers

_HEARTBEAT_SECONDS: Final = 60.0


def is_well(part: str, environ: Mapping[str, str]) -> bool:
    """True when ``part`` answers; raises KeyError for an unknown one."""
    installation = from_environment(environ)

    def web() -> bool:
        return answers(installation.reach_host, installation.port, "/healthz", installation.public_host)

    def beats(heartbeat: str) -> bool:
        try:
            beaten = (installation.var_dir / heartbeat).stat().st_mtime
        except OSError:
            return False
        return time.time() - beaten < _HEARTBEAT_SECONDS

    checks: dict[str, Callable[[], bool]] = {
        "web": web,
        "worker": partial(beats, HEARTBEAT),
        "watch": partial(beats, WATCH_HEARTBEAT),
    }
    return checks[part]()


if __name__ == "__main__":
    sys.exit(0 if is_well(sys.argv[1], os.environ) else 1)
