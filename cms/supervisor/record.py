"""What was prepared already, so that a start with nothing to do does nothing.

One JSON file in the data folder. It holds a fingerprint of the code and packages that prepared the folder,
and of the migrations the database had afterwards; the next start compares both without loading Django.
"""

import hashlib
import json
import sqlite3
import sys
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from cms.supervisor.installation import CODE_ROOT, is_checkout

_NAME: Final = "prepared.json"
DATABASE: Final = "keng.sqlite3"
WANTED, LOADED, DECLINED = "wanted", "loaded", "declined"


@dataclass(slots=True)
class Record:
    """``demo`` is WANTED, LOADED or DECLINED; the rest are fingerprints, empty until their step was done."""

    demo: str
    code: str = ""
    migrations: str = ""
    static: str = ""

    @property
    def shows_demo(self) -> bool:
        """Whether the folder holds the demo, or is about to."""
        return self.demo != DECLINED

    def save(self, var_dir: Path) -> None:
        """Write it in one piece."""
        draft = var_dir / f"{_NAME}.part"
        draft.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        draft.replace(var_dir / _NAME)


def load(var_dir: Path, *, demo: bool | None) -> Record:
    """The folder's record, or a new one. ``demo`` is the operator's wish, None for none.

    Demo accounts have a known password, so a folder that was started without them, or holds a database that
    we know nothing of, never gets them by default later.
    """
    known = _read(var_dir)
    if known is None:
        first = not (var_dir / DATABASE).exists()
        known = Record(demo=WANTED if first and demo is not False else DECLINED)
    if demo and known.demo == DECLINED:
        known.demo = WANTED
    if demo is False and known.demo == WANTED:
        known.demo = DECLINED
    return known


def code_fingerprint(public_url: str) -> str:
    """Changes with any file of the product, any installed package, and the public address."""
    digest = hashlib.sha256(public_url.encode())
    for package in _packages():
        _add_files(digest, package, package)
    _add_distributions(digest)
    return digest.hexdigest()


def static_fingerprint() -> str:
    """Changes with any static file of the product and with any installed package."""
    digest = hashlib.sha256()
    for package in _packages():
        for folder in sorted(package.rglob("static")):
            _add_files(digest, folder, package)
    _add_distributions(digest)
    return digest.hexdigest()


def migrations_fingerprint(database: Path) -> str:
    """Changes with the set of applied migrations; empty when there is no database to read."""
    if not database.is_file():
        return ""
    try:
        with closing(sqlite3.connect(database, timeout=5)) as connection:
            rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    except sqlite3.Error:
        return ""
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def _read(var_dir: Path) -> Record | None:
    try:
        return Record(**json.loads((var_dir / _NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _packages() -> list[Path]:
    scams = CODE_ROOT / "warnings" / "scam_warnings" if is_checkout() else CODE_ROOT / "scam_warnings"
    return [CODE_ROOT / "cms", CODE_ROOT / "publishers", CODE_ROOT / "media", scams]


def _add_files(digest: "hashlib._Hash", folder: Path, base: Path) -> None:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(f"{file.relative_to(base.parent)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())


def _add_distributions(digest: "hashlib._Hash") -> None:
    installed = sorted({f"{found.name} {found.version}" for found in metadata.distributions()})
    digest.update("\n".join([sys.version, *installed]).encode())
