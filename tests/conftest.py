"""Fixtures of the whole suite: one migrated database, copied instead of migrated again."""

import gc
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, transaction

import pytest
from huey import Huey
from huey.contrib.djhuey import HUEY
from xdist.scheduler import LoadScopeScheduling

from cms.audit import guards
from cms.audit.models import Entry, Link
from cms.portal.search import memory
from cms.users.models import User
from cms.users.roles import Role
from publishers.models import Channel
from tests import databases, factories


def _migrations_fingerprint() -> str:
    digest = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda config: config.name):
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:20]


def _begin_audit_trail_anew() -> None:
    """Tests of the trail count what they wrote themselves."""
    with connection.cursor() as cursor:
        for drop in guards.drop_statements(connection.vendor):
            cursor.execute(drop)
        for model in (Link, Entry):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
        for create in guards.create_statements(connection.vendor):
            cursor.execute(create)
    Path(settings.AUDIT_HEAD).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def database_template(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, django_db_blocker
) -> str:
    """A copy of a database with nothing but what every installation begins with: the site.

    It is migrated once for each state of the migrations, and set up once in each test process.
    """
    database = databases.current()
    migrated = database.migrated(_migrations_fingerprint(), Path(pytestconfig.cache.mkdir("keng-database")))
    with django_db_blocker.unblock():
        database.restore(migrated)
        factories.site()
        _begin_audit_trail_anew()
        return database.keep("kept_site", tmp_path_factory.mktemp("site"))


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
        # The audit chain begins anew with the database; the file beside it must not know the one before.
        Path(settings.AUDIT_HEAD).unlink(missing_ok=True)
        memory.forget()
        yield
        databases.current().restore(database_template)


@pytest.fixture(scope="module")
def module_db(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The database for what all tests of a module begin with: written once, and rolled back after the last.

    Each test's own changes are rolled back inside it, so none sees those of another.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module", autouse=True)
def _no_pages_of_others() -> None:
    """Finished pages are files: no roll back takes away what the module before has published."""
    shutil.rmtree(settings.PORTAL_ROOT, ignore_errors=True)


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
def no_channels(db: None) -> None:
    """Only those a test makes itself, not the portal every installation begins with."""
    Channel.objects.all().delete()


@pytest.fixture
def lan(site: None) -> User:
    """An editor."""
    return factories.user("lan", Role.EDITOR)


@pytest.fixture
def minh(site: None) -> User:
    """An approver."""
    return factories.user("minh", Role.APPROVER)


SHARING = ("tests/browser/", "tests/permissions/")
# By what they took, so that no test process is left alone with a long one at the end.
LONG_ONES = (
    "tests/browser/",
    "tests/permissions/",
    "tests/portal/test_renewal",
    "tests/portal/quality/",
    "tests/faults/",
    "tests/security/",
    "tests/ops/",
    "tests/portal/",
    "tests/editorial/home/",
    "tests/editorial/stages/",
    "tests/users/test_scope_matrix",
    "tests/delivery/",
    "tests/contract/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {start: place for place, start in enumerate(LONG_ONES)}
    items.sort(
        key=lambda item: next((p for start, p in places.items() if start in str(item.path)), len(places))
    )


def pytest_collection_finish() -> None:
    """What all modules brought with them stays to the end: no need to look through it for garbage each time."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    folder = Path(os.environ["VAR_DIR"])
    if folder.name.startswith("keng-test-"):
        connections.close_all()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """With ``--dist loadscope``: what shares something costly (a running product, a world of rights) runs together."""
    return _FoldersTogether(config, log) if config.getvalue("dist") == "loadscope" else None


class _FoldersTogether(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in SHARING if nodeid.startswith(folder)), super()._split_scope(nodeid))
