"""Keeping the state: one JSON document, and the uploaded files beside it; or nothing but memory."""

from __future__ import annotations

import json
import os
import re
import sys
from hashlib import sha256
from pathlib import Path

from publishers.sandbox.state import State
from publishers.sandbox.strings import STATE_UNREADABLE

FILE_NAME = re.compile(r"[0-9a-f]{32}\.[a-z]{2,4}")


class Storage:
    """State and files under ``state_file`` (files in ``<its stem>-files/``), or in memory when None."""

    def __init__(self, state_file: Path | None) -> None:
        self.state_file = state_file
        self._memory: dict[str, bytes] = {}
        self._folder = state_file.with_name(state_file.stem + "-files") if state_file else None
        self._saved = b""

    def load(self) -> State | None:
        """The saved state; None when there is none. An unreadable file is set aside, not overwritten."""
        if self.state_file is None or not self.state_file.exists():
            return None
        try:
            return State.load(json.loads(self.state_file.read_bytes()))
        except (ValueError, TypeError, KeyError, AttributeError):
            aside = self.state_file.with_suffix(".unreadable")
            self.state_file.replace(aside)
            sys.stderr.write(STATE_UNREADABLE.format(name=aside.name) + "\n")
            return None

    def save(self, state: State) -> None:
        """Write the state atomically, and only if it differs from what was written last."""
        if self.state_file is None:
            return
        document = json.dumps(state, default=vars, ensure_ascii=False).encode()
        if document == self._saved:
            return
        self.state_file.parent.mkdir(parents=True, exist_ok=True)
        draft = self.state_file.with_suffix(".tmp")
        draft.write_bytes(document)
        os.replace(draft, self.state_file)
        self._saved = document

    def put(self, data: bytes, extension: str) -> str:
        """Keep a file; returns the name ``get`` knows it by. Equal content has one name."""
        name = f"{sha256(data).hexdigest()[:32]}.{extension}"
        if self._folder is None:
            self._memory[name] = data
        elif not (target := self._folder / name).exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = target.with_suffix(".tmp")
            draft.write_bytes(data)
            os.replace(draft, target)
        return name

    def get(self, name: str) -> bytes | None:
        """The bytes kept under ``name``, or None."""
        if not FILE_NAME.fullmatch(name):
            return None
        if self._folder is None:
            return self._memory.get(name)
        path = self._folder / name
        return path.read_bytes() if path.is_file() else None

    def clear_files(self) -> None:
        """Forget every kept file."""
        self._memory.clear()
        if self._folder is not None and self._folder.is_dir():
            for path in self._folder.iterdir():
                if FILE_NAME.fullmatch(path.name):
                    path.unlink(missing_ok=True)
