"""One terminal shared by several processes: whole lines, who said them, and one line that updates itself."""

import re
import shutil
import sys
import threading
import unicodedata
from collections.abc import Sequence
from typing import TextIO

# A log line may quote bytes from outside; they must not drive the terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")


class Console:
    """Writes lines to ``stream`` from any thread; a reader who went away is no error."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._lock = threading.Lock()
        self._status = ""
        self.interactive = self._stream.isatty()

    def line(self, text: str, label: str = "") -> None:
        """One line, with ``[label]`` before it."""
        with self._lock:
            self._wipe()
            self._write((f"[{label}] " if label else "") + _CONTROL.sub("", text) + "\n" + self._status)

    def status(self, text: str) -> None:
        """Replace the line at the bottom; nothing where the output is not a terminal."""
        if not self.interactive:
            return
        with self._lock:
            self._wipe()
            # A longer text would take two rows, and only one of them could be wiped.
            self._status = text[: shutil.get_terminal_size().columns - 1]
            self._write(self._status)

    def box(self, lines: Sequence[str]) -> None:
        """``lines`` in a frame."""
        width = max(_columns(text) for text in lines)
        framed = [f"│ {text}{' ' * (width - _columns(text))} │" for text in lines]
        rule = "─" * (width + 2)
        self.line("\n".join(["", f"┌{rule}┐", *framed, f"└{rule}┘", ""]))

    def _wipe(self) -> None:
        if self._status:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            pass


def seconds(value: float) -> str:
    """A duration as Vietnamese writes it: ``3,2``."""
    return f"{value:.1f}".replace(".", ",")


def _columns(text: str) -> int:
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
