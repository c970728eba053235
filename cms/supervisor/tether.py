"""``python tether.py PARENT COMMAND…``: become COMMAND, and be told to stop when PARENT is gone.

Run by its path with ``-I -S``: it needs the standard library only, and must start at once. The tie is set
here, not between fork and exec in the parent, where threads make any Python code unsafe.
"""

import ctypes
import os
import signal
import sys
from contextlib import suppress

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(arguments: list[str]) -> None:
    """Tie this process to its parent where the kernel can (Linux), then replace it by the command."""
    parent, command = int(arguments[0]), arguments[1:]
    # Elsewhere than on Linux the parent still stops its children whenever it can act.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)  # it died before the tie was made
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
