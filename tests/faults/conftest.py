"""A database ready for signing, a stage for each test, and the figures at the end."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connections

import pytest
from pytest_django import DjangoDbBlocker

from publishers.sandbox.server import Sandbox
from tests.faults.figures import Figures
from tests.faults.stage import WARNINGS, Stage, database_file, set_up


@pytest.fixture(scope="session")
def prepared(
    database_template: Path,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A database with the site, its channels and WARNINGS warnings waiting for approval."""
    kept = tmp_path_factory.mktemp("prepared") / "db.sqlite3"
    with django_db_blocker.unblock():
        _replace_database(database_template)
        set_up(WARNINGS)
        connections.close_all()
        with closing(sqlite3.connect(database_file())) as made, closing(sqlite3.connect(kept)) as copy:
            made.backup(copy)
        _replace_database(database_template)
    return kept


@pytest.fixture
def stage(live_db: None, prepared: Path, tmp_path: Path) -> Iterator[Stage]:
    """A stage of its own for each test; what the workers wrote is shown when it fails.

    The sandbox's guard against repeated texts is off, so that it cannot hide a second post.
    """
    _replace_database(prepared)
    shutil.rmtree(settings.PORTAL_ROOT, ignore_errors=True)
    with Sandbox() as sandbox:
        sandbox.settings(facebook_duplicate_guard=False)
        made = Stage(sandbox, tmp_path)
        try:
            yield made
        finally:
            made.end()
            shutil.rmtree(settings.PORTAL_ROOT, ignore_errors=True)
            print(made.told())


@pytest.fixture(scope="session")
def figures(request: pytest.FixtureRequest) -> Iterator[Figures]:
    """What the kills cost, printed at the end of a run in one process."""
    made = Figures()
    yield made
    capture = request.config.pluginmanager.getplugin("capturemanager")
    if capture is not None and not hasattr(request.config, "workerinput"):
        with capture.global_and_fixture_disabled():
            print(made)


def _replace_database(source: Path) -> None:
    connections.close_all()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database_file()}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(source, database_file())
