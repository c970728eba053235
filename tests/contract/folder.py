"""A channel without any network: a folder from which a ward's loudspeaker system takes what it reads out."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from publishers.adapters import readback
from publishers.adapters.base import Adapter
from publishers.adapters.content import check_text
from publishers.adapters.verdict import Meaning, Rule, Step, verdict
from publishers.contracts import (
    AuthExpired,
    Capabilities,
    ChannelGone,
    ChannelIdentity,
    Listing,
    Message,
    Receipt,
    Rejected,
    Shown,
    Temporary,
)
from publishers.kit import Remote

MAX_FILES = 1000
_NO_ENTRY = "CAM-GHI"
_AWAY = Rule(Meaning.UNREACHED, "Không thấy thư mục của loa phường. Hệ thống sẽ tự thử lại.")
_CLOSED = Rule(Meaning.GONE, "Chỗ này không phải thư mục nhận tin. Kiểm tra lại đường dẫn ở mục Kênh.")
_FORBIDDEN = Rule(Meaning.ACCESS, "Hệ thống không được ghi vào thư mục này. Cấp lại quyền rồi kiểm tra.")


class FolderPublisher(Adapter):
    """Writes one file for each message into ``options["folder"]``. A file is there whole, or not at all."""

    kind: ClassVar[str] = "folder"
    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=2000, edit=True, delete=True, read_back=True, listing=True, repeatable=True, guarded=True
    )

    def check(self) -> ChannelIdentity:
        self._names(Step.CHECK)
        return ChannelIdentity(self.remote_id, Path(self.options["folder"]).name)

    def send(self, message: Message) -> Receipt:
        check_text(message, self.capabilities)
        self._names(Step.PUBLISH)
        self.guard()
        self._write(f"{message.reference}.txt", message.text)
        return Receipt(f"{message.reference}.txt")

    def edit(self, message: Message) -> Receipt:
        check_text(message, self.capabilities)
        if message.target_id not in self._names(Step.PUBLISH):
            raise Rejected("Tệp này không còn trong thư mục.", code="post_gone")
        self._write(message.target_id, message.text)
        return Receipt(message.target_id)

    def delete(self, message: Message) -> Receipt:
        if message.target_id in self._names(Step.PUBLISH):
            (self._folder / message.target_id).unlink(missing_ok=True)
        return Receipt(message.target_id)

    def find(self, message: Message, since: datetime) -> Receipt | None:
        readback.require_reference(message)
        found = (readback.Found(item.remote_id, item.text, item.published_at) for item in self._shown())
        return readback.adopt(found, message.reference)

    def shown(self, since: datetime) -> Listing:
        return Listing(tuple(self._shown()), since)

    @property
    def _folder(self) -> Path:
        return Path(self.options["folder"])

    def _names(self, step: Step) -> list[str]:
        if (self._folder / _NO_ENTRY).exists():
            raise verdict(_FORBIDDEN, step, code="folder")
        try:
            return sorted(entry.name for entry in self._folder.iterdir() if entry.suffix == ".txt")[
                :MAX_FILES
            ]
        except NotADirectoryError:
            rule = _CLOSED
        except OSError:
            rule = _AWAY
        raise verdict(rule, step, code="folder")

    def _shown(self) -> Iterable[Shown]:
        for name in self._names(Step.LOOK):
            path = self._folder / name
            made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            yield Shown(name, path.read_bytes().decode(), made)

    def _write(self, name: str, text: str) -> None:
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as whole:
            whole.write(text.encode())
        os.replace(whole.name, self._folder / name)


class Folder(Remote):
    """The folder itself. What goes wrong lasts until it is healed: nobody counts calls here."""

    failures = ("away", "no_folder", "forbidden")
    definite: ClassVar = {"away": Temporary, "no_folder": ChannelGone, "forbidden": AuthExpired}

    def __init__(self) -> None:
        super().__init__()
        self._root = tempfile.TemporaryDirectory(prefix="keng-folder-")
        self._path = Path(self._root.name, "loa")
        self._path.mkdir()

    @property
    def url(self) -> str:
        return str(self._path)

    @contextmanager
    def nowhere(self) -> Iterator[str]:
        yield f"{self._path}-khong-co"

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self._root.cleanup()

    def items(self) -> list[Shown]:
        where = self._path if self._path.is_dir() else self._path.with_suffix(".away")
        files = sorted(where.glob("*.txt"), key=lambda path: path.stat().st_mtime_ns)
        return [
            Shown(path.name, path.read_bytes().decode(), datetime.fromtimestamp(path.stat().st_mtime, UTC))
            for path in files
        ]

    def keep(
        self,
        text: str,
        published_at: datetime | None = None,
        *,
        pictures: Iterable[bytes | str] = (),
        address: str = "",
    ) -> Shown:
        path = self._path / f"ngoai-{len(self.items())}.txt"
        path.write_bytes(text.encode())
        moment = (published_at or datetime.now(UTC)).timestamp()
        os.utime(path, (moment, moment))
        return Shown(path.name, text, datetime.fromtimestamp(moment, UTC))

    def remove(self, remote_id: str) -> bool:
        there = (self._path / remote_id).exists()
        (self._path / remote_id).unlink(missing_ok=True)
        return there

    def plan(self, failure: str, *, step: Step | None = Step.PUBLISH, times: int = 1, after: int = 0) -> None:
        if failure == "forbidden":
            (self._path / _NO_ENTRY).touch()
            return
        self._path.rename(self._path.with_suffix(".away"))
        if failure == "no_folder":
            self._path.touch()

    def heal(self) -> None:
        if self._path.is_dir():
            (self._path / _NO_ENTRY).unlink(missing_ok=True)
        away = self._path.with_suffix(".away")
        if away.exists():
            self._path.unlink(missing_ok=True)
            away.rename(self._path)

    def count(self, step: Step) -> int:
        return len(self.items()) if step is Step.PUBLISH else 0
