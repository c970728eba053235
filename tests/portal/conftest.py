"""Every portal test has folders of its own."""

from collections.abc import Iterator
from pathlib import Path

from django.test import override_settings

import pytest
from pytest_django import Settings

from cms.portal.search import index, memory, standing


@pytest.fixture(autouse=True)
def portal_root(tmp_path: Path, settings: Settings) -> Path:
    settings.PORTAL_ROOT = tmp_path / "portal"
    settings.SEALED_ROOT = tmp_path / "sealed"
    settings.SEALED_ROOT.mkdir()
    # What a process keeps of an earlier test's database, which was rolled back.
    index.forget()
    memory.forget()
    standing.forget()
    return settings.PORTAL_ROOT


@pytest.fixture(scope="module")
def once(module_db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """For warnings that all tests of a module find published; the folder their finished pages are written to.

    A test that reads or changes finished pages takes a copy of it.
    """
    folder = tmp_path_factory.mktemp("once")
    (folder / "sealed").mkdir()
    with override_settings(PORTAL_ROOT=folder / "portal", SEALED_ROOT=folder / "sealed"):
        yield folder / "portal"
