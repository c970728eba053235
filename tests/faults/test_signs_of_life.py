"""A worker that ends is gone at once; one that was killed is missed as soon as two of its signs are."""

import signal
from datetime import UTC, datetime, timedelta

from django.db.models import F
from django.test import Client
from django.urls import reverse

import pytest

from publishers import beats
from publishers.models import Attempt, WorkerBeat
from tests.faults.stage import Stage, approver, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

RUNNING, SILENT, NOBODY = "Đang chạy", "Không trả lời đã", "Không có tiến trình gửi nào đang chạy"


def test_a_worker_that_ends_properly_is_gone_at_once(stage: Stage) -> None:
    worker = stage.start(forked=False)
    until(WorkerBeat.objects.filter(role="worker").exists, "it gives a sign of life")
    assert RUNNING in health_page()
    stage.sign()
    stage.settle()
    assert Attempt.objects.exists()
    assert Client().get("/readyz").status_code == 200
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0, stage.told()
    assert not WorkerBeat.objects.exists()
    assert Client().get("/readyz").json()["worker_heartbeat_seconds"] is None
    assert Client().get("/readyz").status_code == 503
    assert NOBODY in health_page()


def test_one_that_was_killed_is_silent_when_two_signs_are_missing(stage: Stage) -> None:
    worker = stage.start()
    until(WorkerBeat.objects.filter(role="worker").exists, "it gives a sign of life")
    stage.kill(worker)
    WorkerBeat.objects.update(beat_at=F("beat_at") - beats.SILENT)
    page = health_page()
    assert SILENT in page
    assert RUNNING not in page
    assert NOBODY not in page
    assert Client().get("/readyz").status_code == 503


def test_one_late_sign_is_not_missed() -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    assert beats.silence(now - beats.EVERY - timedelta(seconds=2), now) == 0
    assert beats.silence(now - 3 * beats.EVERY, now) == 15


def health_page() -> str:
    """What staff see."""
    client = Client()
    client.force_login(approver())
    return client.get(reverse("publishers:health")).content.decode()
