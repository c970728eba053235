"""Does every process answer? Asked from outside, as its users would."""

import http.client
from collections.abc import Callable
from pathlib import Path

from cms.supervisor.installation import Installation
from cms.supervisor.parts import HEARTBEAT

_TIMEOUT = 1.0


def probes(installation: Installation) -> dict[str, Callable[[], bool]]:
    """One question for each process that ``up`` starts."""
    heartbeat = installation.var_dir / HEARTBEAT
    asked: dict[str, Callable[[], bool]] = {
        "web": lambda: answers(
            installation.reach_host, installation.port, "/healthz", installation.public_host
        ),
        "worker": heartbeat.is_file,
    }
    if installation.has_sandbox:
        asked["sandbox"] = lambda: answers("127.0.0.1", installation.sandbox_port, "/")
    return asked


def forget_heartbeat(var_dir: Path) -> None:
    """Remove the last run's sign of life."""
    (var_dir / HEARTBEAT).unlink(missing_ok=True)


def answers(host: str, port: int, path: str, host_header: str = "") -> bool:
    """True when a server there answers 200; ``host_header`` is the site it is asked for, if not itself."""
    connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT)
    try:
        connection.request("GET", path, headers={"Host": host_header} if host_header else {})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
