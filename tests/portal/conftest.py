"""Every portal test has folders of its own."""

from pathlib import Path

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
