"""Fixtures of the whole suite: one migrated database, copied instead of migrated again."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import connections

import pytest
from huey import Huey
from huey.contrib.djhuey import HUEY

from cms.users.models import User
from cms.users.roles import Role
from tests import databases, factories


def _migrations_fingerprint() -> str:
    digest = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda config: config.name):
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:20]


@pytest.fixture(scope="session")
def database_template(pytestconfig: pytest.Config) -> str:
    """A migrated, otherwise empty copy of the database, made once for each state of the migrations."""
    folder = Path(pytestconfig.cache.mkdir("keng-database"))
    return databases.current().migrated(_migrations_fingerprint(), folder)


@pytest.fixture(scope="session")
def django_db_setup(database_template: str, django_db_blocker) -> Iterator[None]:
    """The test process's own copy of the template."""
    with django_db_blocker.unblock():
        databases.current().restore(database_template)
    yield
    connections.close_all()
    with django_db_blocker.unblock():
        databases.current().drop()


@pytest.fixture
def live_db(database_template: str, django_db_setup, django_db_blocker) -> Iterator[None]:
    """A fresh database that other threads and processes see too: every change is committed."""
    with django_db_blocker.unblock():
        databases.current().restore(database_template)
        yield
        databases.current().restore(database_template)


@pytest.fixture
def huey(settings, tmp_path) -> Iterator[Huey]:
    """The real queue behind the tasks, in a file of its own."""
    settings.TASKS = settings.TASKS | {
        "delivery": {
            "BACKEND": "huey.contrib.djhuey.tasks_backend.HueyBackend",
            "QUEUES": [],
            "ENQUEUE_ON_COMMIT": True,
        }
    }
    storage, before = HUEY.storage, HUEY.storage.filename
    storage.close()
    storage.filename = str(tmp_path / "queue.sqlite3")
    storage.initialize_schema()
    yield HUEY
    storage.close()
    storage.filename = before


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
