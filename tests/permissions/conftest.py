"""One state of the database for each module: what a cell changes is taken back."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db import transaction

import pytest

from tests import databases
from tests.permissions import world as worlds
from tests.permissions.unrendered import unrendered  # noqa: F401 - a fixture


@dataclass
class _Kept:
    """Building the world takes seconds; each module gets the same, from a copy."""

    world: worlds.World | None = None
    copy: str = ""
    public: frozenset[Path] = frozenset()
    """The sealed pictures that are public."""


def _public() -> frozenset[Path]:
    return frozenset(file for file in Path(settings.SEALED_ROOT).rglob("*") if file.is_file())


@pytest.fixture(scope="session")
def kept_world() -> _Kept:
    return _Kept()


@pytest.fixture(scope="module")
def world(
    database_template: str, django_db_setup, django_db_blocker, kept_world: _Kept, tmp_path_factory
) -> Iterator[worlds.World]:
    """See tests/permissions/world.py."""
    with django_db_blocker.unblock():
        # What a module took back is remembered there: sizes of pictures without a row, for one.
        for cache in caches.all():
            cache.clear()
        if kept_world.world is None:
            databases.current().restore(database_template)
            kept_world.world = worlds.build()
            kept_world.public = _public()
            kept_world.copy = databases.current().keep("kept_ward", tmp_path_factory.mktemp("ward"))
        else:
            databases.current().restore(kept_world.copy)
            # What was published and taken back left its pictures on the disk.
            for file in _public() - kept_world.public:
                file.unlink()
        yield kept_world.world
        databases.current().restore(database_template)


@pytest.fixture
def quiet() -> Iterator[None]:
    """Thousands of refusals are no news, and writing them down takes longer than refusing."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
