"""Finished pages in folders of their own."""

from pathlib import Path

import pytest
from pytest_django import Settings

from cms.portal.search import standing


@pytest.fixture(autouse=True)
def portal_root(tmp_path: Path, settings: Settings) -> Path:
    settings.PORTAL_ROOT = tmp_path / "portal"
    settings.SEALED_ROOT = tmp_path / "sealed"
    settings.SEALED_ROOT.mkdir()
    standing.forget()
    return settings.PORTAL_ROOT
