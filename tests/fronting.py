"""A real nginx with the configuration that is shipped, on folders of the tests."""

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
STARTS_WITHIN = 20.0


def program() -> str:
    """Where nginx is; skips the test on a machine that has none."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        pytest.skip("nginx is not installed here (Debian: nginx-light, libnginx-mod-http-brotli-static)")
    return found


@contextmanager
def nginx(folder: Path, *, pages: Path, media_root: Path, static: Path, cms: str = "") -> Iterator[int]:
    """The port on which it answers. Without ``cms`` nobody stands behind it."""
    command, port = program(), free_port()
    subprocess.run(
        [
            sys.executable, "deploy/nginx/place.py", str(folder), "--whole", "--site", "plain",
            "--pages", str(pages), "--media-root", str(media_root), "--static", str(static),
            "--cms", cms or f"127.0.0.1:{free_port()}", "--listen", f"127.0.0.1:{port}",
            "--log", str(folder / "access.log"), "--user", getpass.getuser(),
        ],
        cwd=ROOT, check=True, timeout=60,
    )  # fmt: skip
    with (folder / "nginx.err").open("wb") as errors:
        process = subprocess.Popen(
            [command, "-c", str(folder / "nginx.conf"), "-p", str(folder), "-g", "daemon off;"], stderr=errors
        )
        try:
            _until_it_listens(port, process, folder)
            yield port
        finally:
            process.terminate()
            process.wait(20)


def _until_it_listens(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(f"nginx did not start: {(folder / 'nginx.err').read_text(errors='replace')}")


def has_brotli(folder: Path) -> bool:
    """Whether the nginx of ``folder`` sends brotli files."""
    return os.path.exists(folder / "keng" / "brotli.conf")
