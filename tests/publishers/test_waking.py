"""The queue only wakes; delivery goes on without it. And settings that would double posts stop the start."""

import logging
import threading

from django.core.checks import run_checks
from django.db import connection, transaction
from django.utils import timezone

import pytest
from huey.contrib.djhuey import HUEY

from publishers import pool, tasks, worker
from publishers.models import Attempt, Delivery
from publishers.states import State
from tests.publishers import outbox


@pytest.fixture
def huey(settings, tmp_path):
    """The real queue behind the task, in a file of its own."""
    settings.TASKS = settings.TASKS | {
        "delivery": {
            "BACKEND": "huey.contrib.djhuey.tasks_backend.HueyBackend",
            "QUEUES": [],
            "ENQUEUE_ON_COMMIT": True,
        }
    }
    before = HUEY.storage.filename
    HUEY.storage.close()
    HUEY.storage.filename = str(tmp_path / "queue.sqlite3")
    HUEY.storage.initialize_schema()
    yield HUEY
    HUEY.storage.close()
    HUEY.storage.filename = before


@pytest.mark.django_db
def test_workers_are_woken_after_the_commit_and_never_more_than_there_are(
    huey, settings, django_capture_on_commit_callbacks
):
    settings.WORKER_THREADS = 3
    with django_capture_on_commit_callbacks(execute=True):
        tasks.wake(9)
        assert huey.pending_count() == 0
    assert huey.pending_count() == 3
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        tasks.wake(0)
    assert callbacks == []


def test_an_unreachable_queue_does_not_undo_the_approval(live_db, huey, remote, tmp_path, caplog):
    huey.storage.close()
    huey.storage.filename = str(tmp_path / "no-such-folder" / "queue.sqlite3")
    with caplog.at_level(logging.WARNING), transaction.atomic():
        delivery = outbox.delivery()
        tasks.wake(2)
    assert "the sweep will deliver" in caplog.text
    assert Delivery.objects.get(pk=delivery.pk).state == State.DUE


@pytest.mark.django_db
def test_without_sending_threads_the_task_delivers_itself(remote):
    delivery = outbox.delivery()
    tasks.deliver_due.func()
    assert Delivery.objects.get(pk=delivery.pk).state == State.DELIVERED


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
        tasks.deliver_due.func()
        done = threading.Event()
        while Delivery.objects.filter(state=State.DUE).exists() and not done.wait(0.02):
            # As the sweep does: a thread that was still starting missed the first call.
            pool.wake_local()
    finally:
        assert threads.stop(20)
    assert not pool.wake_local()
    assert Delivery.objects.filter(state=State.DELIVERED).count() == 12
    assert len(remote.posts) == 12
    assert Attempt.objects.values("worker").distinct().count() == 3
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
