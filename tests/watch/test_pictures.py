"""Pictures of drafts are hidden, stay while somebody needs them, and go when nobody does."""

import os
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

import pytest

from media import sealed
from publishers.dispatch import drain
from publishers.watch.pictures import KEPT, forget_drafts
from tests import factories
from tests.media import pictures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.SEALED_ROOT = tmp_path / "sealed"
    settings.PORTAL_ROOT = tmp_path / "portal"


def files(folder: str) -> set[str]:
    return {path.stem for path in Path(folder).rglob("*.jpg")}


def grow_old(folder: Path) -> None:
    then = (timezone.now() - KEPT - timedelta(hours=1)).timestamp()
    for path in folder.rglob("*.jpg"):
        os.utime(path, (then, then))


def test_a_signature_that_is_taken_back_shows_nothing(
    lan, minh, settings, django_capture_on_commit_callbacks
):
    task = factories.submitted(lan)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        factories.approved(task, minh)
        transaction.set_rollback(True)
    assert files(settings.SEALED_ROOT) == set()
    with django_capture_on_commit_callbacks(execute=True):
        release = factories.approved(task, minh)
    assert files(settings.SEALED_ROOT) == sealed.named_in(release.snapshot)


def test_what_a_crash_left_hidden_is_shown_before_anything_is_sent(lan, minh, settings):
    release = factories.approved(factories.submitted(lan), minh)
    assert files(settings.SEALED_ROOT) == set()
    drain("w")
    assert files(settings.SEALED_ROOT) == sealed.named_in(release.snapshot)


def test_only_what_nobody_needs_goes(lan, minh, settings, tmp_path):
    drafts = tmp_path / "sealed-drafts"
    held = factories.approved(factories.submitted(lan), minh, publish_at=timezone.now() + timedelta(days=30))
    forgotten = sealed.put(pictures.jpeg(), "image/jpeg").sha256
    used = sealed.put(pictures.jpeg(70, 50), "image/jpeg").sha256
    assert forget_drafts(timezone.now()) == 0
    grow_old(drafts)
    sealed.use(used)
    assert forget_drafts(timezone.now()) == 1
    assert forgotten not in files(drafts)
    assert files(drafts) == sealed.named_in(held.snapshot) | {used}
