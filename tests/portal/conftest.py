"""Every portal test has folders of its own."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def portal_root(tmp_path: Path, settings: Settings) -> Path:
    settings.PORTAL_ROOT = tmp_path / "portal"
    settings.SEALED_ROOT = tmp_path / "sealed"
    settings.SEALED_ROOT.mkdir()
    return settings.PORTAL_ROOT
