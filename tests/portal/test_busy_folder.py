"""A process that was stopped while it renewed pages does not hold the others up for ever."""

import fcntl
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings as current

import pytest
from pytest_django import Settings

from cms.portal import bake
from publishers.models import Delivery
from publishers.states import State
from tests import factories
from tests.delivery.conftest import Engine, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(settings: Settings) -> Iterator[None]:
    """Somebody else has the portal's folder and keeps it."""
    settings.PORTAL_LOCK_PATIENCE = 0.1
    root = Path(current.PORTAL_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def test_publishing_waits_for_another_try(lan, minh, site, held):
    page = factories.warning(lan)
    release = sign(page, lan, minh)
    engine = Engine()
    engine.turn()
    portal = Delivery.objects.get(release=release)
    assert (portal.state, portal.error_code) == (State.DUE, "portal_busy")
    assert "tự thử lại" in portal.error_sentence


def test_a_full_renewal_says_so(site, held):
    with pytest.raises(bake.FolderBusy):
        bake.bake_everything()
