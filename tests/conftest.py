"""Fixtures of the whole suite: one migrated database, copied instead of migrated again."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connections

import pytest

from cms.users.models import User
from cms.users.roles import Role
from tests import factories

ROOT = Path(__file__).resolve().parents[1]


def _migrations_fingerprint() -> str:
    digest = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda config: config.name):
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:20]


def _copy_database(source: Path, target: Path) -> None:
    connections.close_all()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(source, target)


@pytest.fixture(scope="session")
def database_template(pytestconfig: pytest.Config) -> Path:
    """A migrated, otherwise empty database file, made once for each state of the migrations."""
    folder = Path(pytestconfig.cache.mkdir("keng-database"))
    template = folder / f"{_migrations_fingerprint()}.sqlite3"
    if not template.exists():
        made = folder / f"making-{os.getpid()}"
        made.mkdir()
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT,
            check=True,
            timeout=300,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "cms.settings.test",
                "VAR_DIR": str(made),
                "PYTEST_XDIST_WORKER": "",
            },
        )
        subprocess.run(
            [
                sys.executable,
                "-c",
                "import sqlite3,sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA wal_checkpoint(TRUNCATE)')",
                str(made / "keng.sqlite3"),
            ],
            check=True,
            timeout=60,
        )
        os.replace(made / "keng.sqlite3", template)
        shutil.rmtree(made, ignore_errors=True)
    return template


@pytest.fixture(scope="session")
def django_db_setup(database_template: Path, django_db_blocker) -> Iterator[None]:
    """The test process's own copy of the template."""
    with django_db_blocker.unblock():
        _copy_database(database_template, Path(settings.DATABASES["default"]["NAME"]))
    yield
    connections.close_all()


@pytest.fixture
def live_db(database_template: Path, django_db_setup, django_db_blocker) -> Iterator[None]:
    """A fresh database that other threads and processes see too: every change is committed."""
    file = Path(settings.DATABASES["default"]["NAME"])
    with django_db_blocker.unblock():
        _copy_database(database_template, file)
        yield
        _copy_database(database_template, file)


@pytest.fixture
def site(db: None) -> None:
    """Page tree, roles, workflow, taxonomy and the portal channel."""
    factories.site()


@pytest.fixture
def lan(site: None) -> User:
    """An editor."""
    return factories.user("lan", Role.EDITOR)


@pytest.fixture
def minh(site: None) -> User:
    """An approver."""
    return factories.user("minh", Role.APPROVER)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The long ones first, so that no test process is left alone with them at the end.
    long_ones = ("tests/faults/", "tests/browser/", "tests/ops/", "tests/contract/", "tests/portal/")
    places = {folder: place for place, folder in enumerate(long_ones)}
    items.sort(
        key=lambda item: next((p for folder, p in places.items() if folder in str(item.path)), len(places))
    )


def pytest_sessionfinish(session: pytest.Session) -> None:
    folder = Path(os.environ["VAR_DIR"])
    if folder.name.startswith("keng-test-"):
        connections.close_all()
        shutil.rmtree(folder, ignore_errors=True)
