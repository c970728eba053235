"""``python -m cms``: the one command line of an installation.

Only syntax that old interpreters read, so that they can say that they are too old.
"""

import sys

from cms.supervisor import strings

OLDEST_PYTHON = (3, 11)


def main():  # type: () -> int
    """Run the verb on the command line; returns the exit code (2: cannot start, and a line says why)."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        version = "%d.%d" % sys.version_info[:2]  # noqa: UP031
        sys.stderr.write(strings.PYTHON_TOO_OLD.format(version=version) + "\n")
        return 2
    from cms.supervisor.command_line import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
