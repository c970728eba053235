"""The database of a test process, SQLite or PostgreSQL: made once, copied instead of migrated again.

SQLite is one file of the process's own. With TEST_DATABASE_URL each test process has a database of its own on
that server; copies are made from a template database.
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, connections

ROOT = Path(__file__).resolve().parents[1]
MIGRATION_SECONDS = 900
"""For all migrations, on a busy machine too."""


class Database(Protocol):
    """What the suite asks of the database; a copy is named by a text."""

    def migrated(self, fingerprint: str, folder: Path) -> str:
        """A migrated, otherwise empty copy, made once for each state of the migrations."""

    def restore(self, copy: str) -> None:
        """Make the database of this process anew from ``copy``."""

    def keep(self, name: str, folder: Path) -> str:
        """Keep the database as it is now."""

    def busy(self) -> bool:
        """Whether another process is in the middle of a transaction that may keep others waiting."""

    def locked(self) -> Any:
        """A context in which nobody else can write."""

    def flush(self) -> None:
        """Bring what was committed to where it belongs, so that the next change needs room of its own."""

    def drop(self) -> None:
        """Leave nothing behind at the end."""


def current() -> Database:
    """The database the settings name."""
    return Postgres() if connection.vendor == "postgresql" else Sqlite()


class Sqlite:
    """One file."""

    @property
    def file(self) -> Path:
        """Where it is."""
        return Path(settings.DATABASES["default"]["NAME"])

    def migrated(self, fingerprint: str, folder: Path) -> str:
        """See Database."""
        template = folder / f"{fingerprint}.sqlite3"
        with (folder / "lock").open("w") as lock:
            # Two test processes that make the same one at once take twice as long.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not template.exists():
                # Not named by the process: a run that was cut off left its folder, and numbers come again.
                made = Path(tempfile.mkdtemp(prefix="making-", dir=folder))
                _migrate(VAR_DIR=str(made), PYTEST_XDIST_WORKER="")
                with closing(sqlite3.connect(made / "keng.sqlite3")) as database:
                    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                os.replace(made / "keng.sqlite3", template)
                shutil.rmtree(made, ignore_errors=True)
        return str(template)

    def restore(self, copy: str) -> None:
        """See Database."""
        connections.close_all()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(copy, self.file)

    def keep(self, name: str, folder: Path) -> str:
        """See Database."""
        connections.close_all()
        kept = folder / f"{name}.sqlite3"
        with closing(sqlite3.connect(self.file)) as made, closing(sqlite3.connect(kept)) as copy:
            made.backup(copy)
        return str(kept)

    def busy(self) -> bool:
        """See Database."""
        with closing(sqlite3.connect(self.file, timeout=0, isolation_level=None)) as probe:
            try:
                probe.execute("BEGIN IMMEDIATE")
                probe.execute("ROLLBACK")
            except sqlite3.OperationalError:
                return True
        return False

    @contextmanager
    def locked(self) -> Iterator[None]:
        """See Database."""
        with closing(sqlite3.connect(self.file, timeout=20, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.execute("ROLLBACK")

    def flush(self) -> None:
        """See Database."""
        with closing(sqlite3.connect(self.file, timeout=20)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def drop(self) -> None:
        """The folder it lies in is removed as a whole."""


class Postgres:
    """A database on the server of TEST_DATABASE_URL."""

    @property
    def name(self) -> str:
        """What it is called."""
        return str(settings.DATABASES["default"]["NAME"])

    def migrated(self, fingerprint: str, folder: Path) -> str:
        """See Database."""
        template = f"keng_template_{fingerprint}"
        with self._server() as server:
            # Two test processes must not make the same one at once.
            server.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])
            if not self._exists(server, template):
                making = f"{template}_making"
                self._anew(server, making)
                _migrate(TEST_DATABASE_NAME=making)
                server.execute(f'ALTER DATABASE "{making}" RENAME TO "{template}"')
        return template

    def restore(self, copy: str) -> None:
        """See Database."""
        connections.close_all()
        with self._server() as server:
            self._anew(server, self.name, copy)

    def keep(self, name: str, folder: Path) -> str:
        """See Database."""
        connections.close_all()
        kept = f"{self.name}_{name}"
        with self._server() as server:
            self._anew(server, kept, self.name)
        return kept

    def busy(self) -> bool:
        """See Database."""
        with self._server() as server:
            row = server.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> %s "
                "AND state IN ('active', 'idle in transaction', 'idle in transaction (aborted)')",
                [self.name, _backend()],
            ).fetchone()
        return bool(row[0])

    @contextmanager
    def locked(self) -> Iterator[None]:
        """See Database: nobody can read what is due either."""
        with self._server(self.name) as other, other.transaction():
            other.execute("LOCK TABLE publishers_delivery, publishers_attempt IN ACCESS EXCLUSIVE MODE")
            yield

    @contextmanager
    def away(self) -> Iterator[None]:
        """Every connection ends, and nobody gets a new one, as while the server is restarted."""
        connections.close_all()
        with self._server() as server:
            server.execute(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS false')
            try:
                server.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self.name]
                )
                yield
            finally:
                server.execute(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS true')

    def flush(self) -> None:
        """See Database: the server keeps its files elsewhere."""

    def drop(self) -> None:
        """See Database: the template stays for the next run, as the file of SQLite does."""
        connections.close_all()
        with self._server() as server:
            mine = "SELECT datname FROM pg_database WHERE datname = %s OR starts_with(datname, %s)"
            for (name,) in server.execute(mine, [self.name, f"{self.name}_kept_"]).fetchall():
                server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @staticmethod
    def _server(database: str = "postgres") -> Any:
        import psycopg

        values = settings.DATABASES["default"]
        return psycopg.connect(
            dbname=database,
            user=values["USER"],
            password=values["PASSWORD"],
            host=values["HOST"],
            port=values["PORT"] or None,
            autocommit=True,
        )

    @staticmethod
    def _exists(server: Any, name: str) -> bool:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None

    @staticmethod
    def _anew(server: Any, name: str, copy: str = "template0") -> None:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copy}"')


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _migrate(**more: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        check=True,
        timeout=MIGRATION_SECONDS,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.test", **more},
    )
