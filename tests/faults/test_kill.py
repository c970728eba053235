"""kill -9 at every point of a delivery: afterwards each channel has exactly one post, and the rows say so."""

import time
from collections.abc import Callable, Iterator

import pytest

from publishers.models import Attempt, Delivery, Release
from publishers.sandbox.server import Sandbox
from publishers.states import PUBLIC, State
from tests.faults.platforms import Platforms, connected
from tests.faults.worker_process import Worker, running, until

pytestmark = pytest.mark.slow

HOLD = 0.8
"""Seconds a call is held: below the worker's read timeout, so only the kill ends it."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def platforms(live_db: None, sandbox: Sandbox) -> Platforms:
    return connected(sandbox)


def under_way(sandbox: Sandbox, operation: str, after: int) -> bool:
    """Whether a call of ``operation`` beyond the first ``after`` has arrived and has no answer yet."""
    return any(row["status"] is None for row in sandbox.requests(operation)[after:])


def at_rest(sandbox: Sandbox) -> bool:
    """Whether the sandbox has answered every call it took."""
    return all(row["status"] is not None for row in sandbox.requests())


class Killer:
    """Waits for a point in the delivery of a new warning, kills the worker there, and starts the next one."""

    def __init__(self, platforms: Platforms) -> None:
        self.platforms = platforms
        self.sandbox = platforms.sandbox
        self.releases: list[Release] = []
        self.worker = Worker(self.sandbox)

    def at(self, what: str, reached: Callable[[Release], object], *, wait: float = 0.0) -> None:
        """Approve a warning, kill when ``reached``, then wait out what the sandbox still holds."""
        self.worker.start()
        release = self.platforms.approve(wait=wait)
        self.releases.append(release)
        until(lambda: reached(release), what)
        self.worker.kill()
        until(lambda: at_rest(self.sandbox), "the sandbox is at rest")
        self.sandbox.clear_faults()

    def in_call(self, what: str, operation: str, mode: str, **fault: object) -> None:
        """Kill while a call of ``operation`` is held by ``mode``."""
        before = len(self.sandbox.requests(operation))
        self.sandbox.fault(mode, operation=operation, seconds=HOLD, **fault)
        self.at(what, lambda release: under_way(self.sandbox, operation, before))


def test_after_any_kill_each_channel_has_exactly_one_post(platforms: Platforms) -> None:
    started = time.monotonic()
    sandbox = platforms.sandbox
    kill = Killer(platforms)

    kill.at("before the claim", lambda release: True, wait=0.5)
    kill.in_call("the post stands, its answer is on the way", "post_feed", "slow")
    kill.in_call("the message stands, its answer is on the way", "send_group_message", "slow")
    kill.in_call("the answer is here, nothing is stored yet", "get_post", "slow")
    kill.in_call("the post appears only after the worker is dead", "post_feed", "slow", late=True)
    kill.at(
        "between the two deliveries",
        lambda release: Delivery.objects.filter(release=release, state__in=PUBLIC).exists(),
    )
    kill.in_call("while reading back", "list_posts", "slow")
    kill.in_call("while the photo is uploaded", "post_photo", "slow", effect=False)
    kill.in_call("in the call that posts, without effect", "post_feed", "timeout_no_effect")
    sandbox.token(zalo=True, kill=True)
    kill.in_call("while the access token is renewed", "access_token", "slow")
    platforms.reconnect_zalo()
    kill.in_call("while the picture for Zalo is uploaded", "upload_image", "slow")
    kill.at(
        "after the claim is stored, around the call",
        lambda release: Attempt.objects.filter(delivery__release=release).exists(),
    )

    unfinished = Delivery.objects.exclude(state__in=PUBLIC)
    with running(sandbox):
        until(lambda: not unfinished.exists(), "everything is out", seconds=60)

    assert len(kill.releases) == 12
    for release in kill.releases:
        posts, messages = platforms.posts(release), platforms.messages(release)
        assert (len(posts), len(messages)) == (1, 1), release
        stored = dict(Delivery.objects.filter(release=release).values_list("channel__kind", "remote_id"))
        assert stored == {"facebook_page": posts[0], "zalo_group": messages[0]}
    lost = Attempt.objects.filter(outcome="").count()
    assert lost >= 8, "the kills hit calls in flight"
    assert not Delivery.objects.filter(state=State.AWAITING_PERSON).exists()
    print(f"12 kills, {lost} calls cut off, {time.monotonic() - started:.0f} s")


def test_a_stopped_worker_finishes_its_call_and_takes_nothing_more(platforms: Platforms) -> None:
    sandbox = platforms.sandbox
    sandbox.fault("slow", operation="post_feed", seconds=HOLD)
    with running(sandbox) as worker:
        release = platforms.approve()
        until(lambda: under_way(sandbox, "post_feed", 0), "the post is under way")
        assert worker.stop() == 0
    states = dict(Delivery.objects.filter(release=release).values_list("channel__kind", "state"))
    assert states == {"facebook_page": State.DELIVERED, "zalo_group": State.DUE}
    assert Attempt.objects.filter(outcome="").count() == 0
    assert len(platforms.posts(release)) == 1


def test_four_threads_drain_without_a_locked_database(platforms: Platforms) -> None:
    releases = [platforms.approve() for _ in range(20)]
    with running(platforms.sandbox, threads=4) as worker:
        unseen = Delivery.objects.exclude(state=State.CONFIRMED)
        until(lambda: not unseen.exists(), "everything is seen")
        assert worker.stop() == 0
    assert all((len(platforms.posts(r)), len(platforms.messages(r))) == (1, 1) for r in releases)
    assert not [line for line in worker.lines if "locked" in line or "Traceback" in line]
