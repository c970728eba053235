"""A ring wakes the workers; delivery goes on without it. And settings that would double posts stop the start."""

import contextlib
import logging
import queue
import socket
import threading
import time
from pathlib import Path

from django.core.checks import run_checks
from django.db import connection, transaction
from django.utils import timezone

import pytest

from publishers import doorbell, pool, worker
from publishers.models import Attempt, Delivery
from publishers.states import State
from tests.publishers import outbox

PATIENCE = 30.0


@pytest.fixture
def bell(live_db, settings, tmp_path):
    """A listener, and the rings it heard; the first one is its own, when it begins to listen."""
    settings.VAR_DIR = tmp_path
    heard: queue.Queue[str] = queue.Queue()
    listener = doorbell.Listener(lambda: heard.put("ring"))
    listener.start()
    heard.get(timeout=PATIENCE)
    yield heard
    listener.stop(PATIENCE)


def test_a_worker_hears_of_a_delivery_after_the_commit(bell):
    with transaction.atomic():
        doorbell.ring()
        with pytest.raises(queue.Empty):
            bell.get(timeout=0.1)
    assert bell.get(timeout=PATIENCE) == "ring"


def test_a_transaction_that_is_rolled_back_rings_nobody(bell):
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        doorbell.ring()
        raise ZeroDivisionError
    with pytest.raises(queue.Empty):
        bell.get(timeout=0.1)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the server carries its own notices")
def test_a_killed_worker_leaves_a_socket_that_hinders_nobody(bell, settings, monkeypatch):
    path = Path(settings.VAR_DIR) / "doorbell" / "99.sock"
    # By its name alone: the whole path may be longer than an address of a socket.
    monkeypatch.chdir(path.parent)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as dead:
        dead.bind(path.name)
    doorbell.ring()
    assert bell.get(timeout=PATIENCE) == "ring"
    assert not path.exists()


def test_a_folder_with_a_long_name_has_a_bell_too(live_db, settings, tmp_path):
    settings.VAR_DIR = tmp_path / ("x" * 120)
    heard = threading.Event()
    listener = doorbell.Listener(heard.set)
    listener.start()
    assert heard.wait(PATIENCE)
    heard.clear()
    doorbell.ring()
    assert heard.wait(PATIENCE)
    listener.stop(PATIENCE)


def test_a_bell_that_cannot_be_rung_does_not_undo_the_approval(live_db, settings, tmp_path, caplog):
    settings.VAR_DIR = tmp_path
    bell = tmp_path / "doorbell" / "1.sock"
    bell.parent.mkdir()
    bell.write_text("no socket")
    with caplog.at_level(logging.WARNING), transaction.atomic():
        delivery = outbox.delivery()
        doorbell.ring()
    assert Delivery.objects.get(pk=delivery.pk).state == State.DUE


def test_woken_threads_share_the_work_and_end_when_told(live_db, remote):
    for _ in range(12):
        outbox.delivery()
    gate = threading.Barrier(3, timeout=20)

    def together(made, message):
        gate.wait()
        return made.publish(message)

    remote.sends = [together] * 3
    threads = pool.Pool(3)
    threads.start()
    try:
        end = time.monotonic() + PATIENCE
        while Delivery.objects.exclude(state=State.DELIVERED).exists() and time.monotonic() < end:
            # Again and again, as the sweep does: a thread that was still starting missed the first call.
            threads.wake()
            time.sleep(0.02)
    finally:
        assert threads.stop(20)
    assert Delivery.objects.filter(state=State.DELIVERED).count() == 12
    assert len(remote.posts) == 12
    assert not gate.broken, "three threads were in their calls at once"
    assert Attempt.objects.values("worker").distinct().count() == 1
    connection.close()


def test_the_heartbeat_is_replaced_as_a_whole(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    assert worker.heartbeat_age() is None
    worker.beat("a")
    worker.beat("b")
    assert worker.heartbeat_path().read_text(encoding="ascii").endswith(" b\n")
    assert [path.name for path in tmp_path.iterdir()] == [worker.HEARTBEAT]
    written = worker.heartbeat_path().stat().st_mtime
    assert worker.heartbeat_age(written + 7).total_seconds() == 7


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, set()),
        ({"PUBLISH_GRACE": 40}, {"publishers.E001"}),
        ({"PUBLISH_LEASE": 80}, {"publishers.E002"}),
        ({"PUBLISH_READ_TIMEOUT": 200}, {"publishers.E001", "publishers.E002"}),
        ({"CREDENTIAL_KEYS": []}, {"publishers.E003"}),
        ({"CREDENTIAL_KEYS": ["a", ""]}, {"publishers.E003"}),
    ],
)
def test_settings_that_would_double_posts_or_lose_secrets_are_errors(settings, changed, expected):
    for name, value in changed.items():
        setattr(settings, name, value)
    found = {message.id for message in run_checks() if (message.id or "").startswith("publishers.")}
    assert found == expected


@pytest.mark.django_db
def test_an_overdue_delivery_of_a_lost_task_is_found_by_its_time(remote):
    from publishers.claims import ready

    outbox.delivery()
    assert ready(timezone.now()).count() == 1
