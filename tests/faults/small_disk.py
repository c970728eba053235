"""A small file system of its own for everything a test's processes write, and a way to fill it to the last byte.

Only root may mount one; elsewhere the limit on the size of files stands in (full_disk.py).
"""

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CHUNK = 2**20


class NotPermitted(Exception):
    """This process may not mount a file system."""


class SmallDisk:
    """The file system at ``root``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._ballast = root / "ballast"

    def fill(self) -> None:
        """Leave not one byte; asked again, fill what became free meanwhile."""
        with self._ballast.open("ab", buffering=0) as file:
            size = CHUNK
            while size:
                try:
                    file.write(b"\0" * size)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    size //= 2

    def empty(self) -> None:
        """Make room again."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def mounted(root: Path, megabytes: int) -> Iterator[SmallDisk]:
    """A tmpfs over ``root``, with what lies there now; gone afterwards. Raises NotPermitted."""
    kept = root.with_name(f"{root.name}-kept")
    # A worker that was killed leaves its socket behind.
    shutil.copytree(root, kept, ignore=shutil.ignore_patterns("*.sock"))
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "keng-small-disk", str(root))
        try:
            shutil.copytree(kept, root, dirs_exist_ok=True)
            yield SmallDisk(root)
        finally:
            # Lazily: whoever still has a file open there keeps nobody from going on.
            _run("umount", "--lazy", str(root))
    finally:
        shutil.rmtree(kept, ignore_errors=True)


def _run(*command: str) -> None:
    if os.geteuid() != 0:
        raise NotPermitted("not root")
    with suppress(FileNotFoundError):
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        if done.returncode == 0:
            return
        raise NotPermitted(done.stderr.strip())
    raise NotPermitted(f"there is no {command[0]}")
