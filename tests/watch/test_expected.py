"""What a channel should show is found out of recent rows alone, and its old posts still count as ours."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.utils import timezone

import pytest

from publishers.models import Channel, Delivery, Release
from publishers.states import State
from publishers.watch import expected
from tests.publishers import outbox

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)
OLD = timedelta(days=400)


def posted(channel: Channel, remote_id: str, age: timedelta) -> Delivery:
    """A post of ours, released and sent ``age`` ago."""
    then = timezone.now() - age
    made = outbox.delivery(channel)
    Release.objects.filter(pk=made.release_id).update(sealed_at=then)
    Delivery.objects.filter(pk=made.pk).update(
        state=State.CONFIRMED,
        remote_id=remote_id,
        delivered_at=then,
        confirmed_at=then,
        created_at=then,
        next_attempt_at=None,
    )
    return made


def test_an_old_post_a_channel_still_lists_is_ours_but_no_longer_asked_for() -> None:
    channel, other = outbox.channel(), outbox.channel()
    posted(channel, "old", OLD)
    posted(channel, "new", timedelta(hours=1))
    posted(other, "elsewhere", timedelta(hours=1))
    found = expected.of_channel(channel, timezone.now() - WEEK)
    assert set(found.standing) == {"new"}
    assert expected.ours(channel, ["old", "new", "elsewhere", "foreign", "old"]) == {"old", "new"}
    assert expected.ours(channel, []) == set()


def test_more_ids_than_one_query_takes_are_all_looked_up() -> None:
    channel = outbox.channel()
    posted(channel, "ours", OLD)
    assert expected.ours(channel, [*map(str, range(1200)), "ours"]) == {"ours"}


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL reads tables this small as a whole")
def test_the_age_of_a_channel_costs_nothing() -> None:
    young, old = outbox.channel(), outbox.channel()
    for channel in (young, old):
        for number in range(3):
            posted(channel, f"recent-{number}", timedelta(days=number))
    for number in range(150):
        posted(old, f"old-{number}", OLD + timedelta(days=number))
    shown = [f"recent-{number}" for number in range(3)]

    def compare(channel: Channel) -> Callable[[], None]:
        def run() -> None:
            assert len(expected.of_channel(channel, timezone.now() - WEEK).standing) == 3
            assert len(expected.ours(channel, shown)) == 3

        return run

    assert work(compare(old)) <= 1.3 * work(compare(young))


def work(run: Callable[[], None]) -> int:
    """What ``run`` costs: steps of SQLite's machine."""
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(count, 1)
    run()
    connection.connection.set_progress_handler(None, 0)
    return steps[0]
