"""A database ready for signing, a stage for each test, and the figures at the end."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

import pytest
from pytest_django import DjangoDbBlocker

from publishers.sandbox.server import Sandbox
from tests import databases
from tests.faults.figures import Figures
from tests.faults.nursery import Nursery
from tests.faults.stage import WARNINGS, Stage, set_up


@pytest.fixture(scope="session")
def prepared(
    database_template: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """A copy with the site, its channels and WARNINGS warnings waiting for approval."""
    database = databases.current()
    with django_db_blocker.unblock():
        database.restore(database_template)
        set_up(WARNINGS)
        kept = database.keep("kept_prepared", tmp_path_factory.mktemp("prepared"))
        database.restore(database_template)
    return kept


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """One for the session."""
    made = Nursery()
    yield made
    made.end()


@pytest.fixture
def stage(live_db: None, prepared: str, tmp_path: Path, nursery: Nursery) -> Iterator[Stage]:
    """A stage of its own for each test; what the workers wrote is shown when it fails.

    The sandbox's guard against repeated texts is off, so that it cannot hide a second post.
    """
    databases.current().restore(prepared)
    shutil.rmtree(settings.PORTAL_ROOT, ignore_errors=True)
    with Sandbox() as sandbox:
        sandbox.settings(facebook_duplicate_guard=False)
        made = Stage(sandbox, tmp_path, nursery)
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
