"""Probes, figures and explanations for those who run it."""

import json
import logging
from datetime import timedelta
from io import StringIO

from django.core.management import CommandError, call_command

import pytest

from cms.core.logs import JsonFormatter, about
from publishers import beats, clock
from publishers.models import WorkerBeat
from tests.publishers import outbox
from tests.publishers.memory import memory_kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def remote():
    with memory_kinds() as made:
        yield made


def test_ready_while_nothing_waits(client):
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json()["status"]) == (200, "ok")


def test_not_ready_when_what_is_due_is_not_sent(client, remote):
    outbox.delivery(now=clock.now() - timedelta(minutes=10))
    reply = client.get("/readyz")
    assert reply.status_code == 503
    assert reply.json()["queue_age_seconds"] >= 600


def test_not_ready_when_the_workers_fell_silent(client):
    old = clock.now() - timedelta(minutes=3)
    WorkerBeat.objects.create(name="worker:x", role="worker", started_at=old, beat_at=old)
    assert client.get("/readyz").status_code == 503
    beats.beat("worker", old, clock.now())
    assert client.get("/readyz").status_code == 200


def test_healthz_asks_nobody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_metrics_are_for_those_who_may(client, settings, remote):
    outbox.delivery()
    settings.METRICS_ALLOWED = ["10.0.0.0/8"]
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "s3cret"
    assert client.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 404
    shown = client.get("/metrics", headers={"authorization": "Bearer s3cret"})
    text = shown.content.decode()
    assert 'keng_deliveries{kind="memory",state="due"} 1.0' in text
    assert "keng_halted 0.0" in text


def test_a_foreign_proxy_does_not_count_as_this_machine(client, settings):
    settings.METRICS_ALLOWED = ["127.0.0.0/8"]
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 404


def test_why_explains_in_words(remote):
    channel = outbox.channel(paused_reason="Hết hạn kết nối")
    delivery = outbox.delivery(channel)
    said = StringIO()
    call_command("why", str(delivery.pk), stdout=said)
    assert "Hết hạn kết nối" in said.getvalue()
    call_command("why", delivery.release.reference, channel.name, stdout=said)
    with pytest.raises(CommandError):
        call_command("why", "CB-1999-00001")


def test_a_log_line_is_one_object_names_its_delivery_and_hides_secrets():
    record = logging.LogRecord("x", logging.INFO, "", 1, "url?access_token=%s", ("EAAB-bimat",), None)
    with about(delivery=7):
        line = json.loads(JsonFormatter().format(record))
    assert line["delivery"] == 7
    assert "bimat" not in line["message"]


def test_a_traceback_hides_secrets_too():
    import sys

    try:
        int("refresh_token=bimat-lam")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "hỏng", (), sys.exc_info())
    assert "bimat" not in JsonFormatter().format(record)
