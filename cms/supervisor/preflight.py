"""What must be true before anything is started: a writable folder, nobody else in it, free ports."""

import errno
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cms.supervisor import strings
from cms.supervisor.installation import CannotStart, Installation, create_folder

LOCK_NAME: Final = "up.lock"


@contextmanager
def exclusive(installation: Installation) -> Iterator[None]:
    """Own the data folder while the block runs; the lock ends with this process, however it ends.

    Raises CannotStart when the folder cannot be written, or another ``up`` owns it.
    """
    folder = installation.var_dir
    create_folder(folder)
    try:
        handle = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise CannotStart(strings.VAR_DIR_UNUSABLE.format(folder=folder, reason=error.strerror)) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = _owner(folder / LOCK_NAME)
            raise CannotStart(strings.ALREADY_RUNNING.format(folder=folder, **owner)) from error
        try:
            os.ftruncate(handle, 0)
            os.write(handle, json.dumps({"pid": os.getpid(), "url": installation.local_url}).encode())
        except OSError as error:
            raise CannotStart(
                strings.VAR_DIR_UNUSABLE.format(folder=folder, reason=error.strerror)
            ) from error
        yield
    finally:
        os.close(handle)


def ports_free(installation: Installation, *, demo: bool) -> None:
    """Raises CannotStart when a port that is needed is taken or forbidden."""
    _free(installation.host, installation.port, "PORT")
    if installation.has_sandbox:
        _free("127.0.0.1", installation.sandbox_port, "SANDBOX_PORT")
    if installation.takes_mail(demo=demo):
        _free("127.0.0.1", installation.mail_port, "SANDBOX_MAIL_PORT")


def _owner(lock: Path) -> dict[str, str]:
    try:
        written = json.loads(lock.read_text(encoding="utf-8"))
        return {"pid": str(written["pid"]), "url": str(written["url"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {"pid": "?", "url": "?"}


def _free(host: str, port: int, name: str) -> None:
    example = port + 1 if port < 65535 else port - 1
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # As servers do: a port whose last connections only linger counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = strings.PORT_TAKEN.format(port=port, name=name, example=example)
        elif error.errno == errno.EACCES:
            message = strings.PORT_FORBIDDEN.format(port=port, name=name, example=8000)
        else:
            message = strings.BAD_HOST.format(host=host)
        raise CannotStart(message) from error
