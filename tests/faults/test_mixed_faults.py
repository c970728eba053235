"""Everything a platform can do wrong, mixed at random: nothing lost, nothing doubled, every row true."""

import time
from typing import Any

from django.test import Client
from django.urls import reverse

import pytest
from pytest_django import Settings

from publishers import services
from publishers.backoff import EMPTY_LOOKS
from publishers.models import Attempt, Channel, Credential, Delivery
from publishers.sandbox import world
from publishers.states import OPEN, State
from tests.faults.figures import Figures
from tests.faults.person import Person
from tests.faults.seeds import WARNINGS, seeds
from tests.faults.stage import PAGES, PATIENCE, Stage, approver, submit_more, until
from tests.faults.stage import WARNINGS as PREPARED

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

EXPIRING, BLOCKED = PAGES
SECONDS_EACH = 15.0
"""For a warning with everything that goes wrong: looks that fail come at growing intervals, of minutes in the end."""
HANG = 1.0
"""Beyond the read timeout of the workers."""
PACES = {
    # Half of all calls fail here: the growing waits after failures would be most of the test.
    "PUBLISH_BACKOFF": "0.05",
    "PUBLISH_GRACE": "0.9",
    # Nobody dies here: a lease so short that a busy machine misses it would only hide what is tested.
    "PUBLISH_LEASE": "10",
}
LOST_ANSWERS: list[dict[str, Any]] = [
    {"mode": "effect_then_timeout", "drop": True, "chance": 0.1},
    {"mode": "effect_then_timeout", "seconds": HANG, "chance": 0.1},
    {"mode": "effect_then_error", "status": 500, "chance": 0.1},
    {"mode": "refuse", "code": 2, "status": 503, "chance": 0.1},
    {"mode": "bad_json", "chance": 0.1},
    {"mode": "bad_json", "effect": True, "chance": 0.1},
]
REFUSALS: list[dict[str, Any]] = [
    {"mode": "refuse", "code": 368, "path": f"/{BLOCKED}/", "chance": 0.2},
    {"mode": "refuse", "code": 613, "status": 429, "retry_after": 1, "chance": 0.1},
    {"mode": "refuse", "code": 4, "retry_after": 1, "chance": 0.1},
    {"mode": "refuse", "code": 32, "retry_after": 1, "chance": 0.1},
    {"mode": "refuse", "code": 613, "retry_after": 1, "chance": 0.1},
    {"mode": "refuse", "code": 506, "chance": 0.1},
]
ZALO_THROTTLES: list[dict[str, Any]] = [
    {"mode": "refuse", "code": -32, "retry_after": 1, "chance": 0.1},
    {"mode": "refuse", "code": -32, "status": 429, "retry_after": 1, "chance": 0.1},
]
MIX: list[dict[str, Any]] = [
    *({**fault, "api": "graph", "operation": "post_feed"} for fault in REFUSALS + LOST_ANSWERS),
    *({**fault, "api": "zalo", "operation": "send_group_message"} for fault in ZALO_THROTTLES + LOST_ANSWERS),
    *(
        {"mode": mode, "operation": operation, "code": code, "status": 503, "chance": 0.15}
        for operation, code in (("post_photo", 2), ("upload_image", -200))
        for mode in ("refuse", "bad_json")
    ),
    *(
        {"mode": "bad_json", "operation": operation, "chance": 0.1}
        for operation in ("list_posts", "conversation")
    ),
]


@pytest.mark.parametrize("seed", seeds(1))
def test_mixed_faults_lose_nothing_and_double_nothing(
    stage: Stage, figures: Figures, settings: Settings, seed: int
) -> None:
    settings.FACEBOOK_GRAPH_URL = stage.sandbox.graph_url
    settings.FACEBOOK_TOKEN_URL = stage.sandbox.facebook_token_url
    settings.ZALO_OPENAPI_URL = stage.sandbox.zalo_openapi_url
    submit_more(WARNINGS - PREPARED)
    for number, fault in enumerate(MIX):
        stage.sandbox.fault(**{"times": 0, "seed": 100 * seed + number, **fault})
    workers = [stage.start(wait=False, **PACES) for _number in range(2)]
    person = Person(stage, left_alone=EXPIRING)
    for number in range(WARNINGS):
        if number == WARNINGS // 2:
            until(lambda: stage.sandbox.posts(EXPIRING), "the page still works")
            stage.sandbox.token(page=EXPIRING, subcode=460)
        stage.sign()
    stage.killed_at = time.monotonic()

    others = Delivery.objects.exclude(channel__remote_id=EXPIRING)
    rest = max(PATIENCE, SECONDS_EACH * WARNINGS)
    until(lambda: attended(person, others), "the other channels come to rest", rest, pause=0.2)
    assert_only_the_dead_one_stands(stage)
    out_before = {post["id"] for post in stage.sandbox.posts(EXPIRING)}
    calls_before = len(stage.sandbox.requests("post_feed"))

    reconnect(stage)
    person.left_alone = ""
    until(lambda: attended(person, Delivery.objects.all()), "the page catches up", rest, pause=0.2)
    assert out_before <= {post["id"] for post in stage.sandbox.posts(EXPIRING)}
    assert len(stage.sandbox.requests("post_feed")) > calls_before
    assert all(worker.poll() is None for worker in workers)
    fired = [fault for fault in stage.sandbox.state()["faults"] if fault["fired"]]
    hits = sum(fault["fired"] for fault in fired)
    figures.add(
        f"mixed-{seed}, {len(fired)} of {len(MIX)} faults hit {hits} calls, "
        f"{person.resent} sent again by a person, {person.reconnected} reconnected",
        stage,
        time.monotonic() - stage.killed_at,
    )
    assert hits >= WARNINGS
    assert any(fault["code"] == -32 for fault in fired), "Zalo throttled nobody"
    assert_nothing_was_sent_blindly(stage, person)
    stage.assert_everything_out_once()


def attended(person: Person, rows: Any) -> bool:
    """Whether nothing of ``rows`` is left to do, after the person had a look."""
    person.attend()
    asking = (State.FAILED, State.AWAITING_PERSON)
    busy = rows.filter(state__in=(*OPEN, *asking)) | rows.filter(next_attempt_at__isnull=False)
    paused = Channel.objects.exclude(paused_reason="").exclude(remote_id=person.left_alone)
    return not busy.exists() and not paused.exists()


def assert_only_the_dead_one_stands(stage: Stage) -> None:
    """The page with the dead token is stopped, and the health page says so; no other is."""
    [page] = Channel.objects.exclude(paused_reason="")
    assert page.remote_id == EXPIRING
    [account] = Credential.objects.filter(health=Credential.Health.RECONNECT_REQUIRED)
    assert account == page.credential
    assert account.health_note
    held_back = Delivery.objects.filter(channel=page).exclude(state__in=(State.CONFIRMED, State.DELIVERED))
    assert held_back.exists()
    for delivery in held_back:
        assert stage.shown(page, delivery.release.reference) == [] or delivery.state in OPEN
    client = Client()
    client.force_login(approver())
    shown = client.get(reverse("publishers:health")).content.decode()
    assert page.name in shown
    assert page.paused_reason in shown


def reconnect(stage: Stage) -> None:
    """What the admin does when somebody enters the page's access again."""
    stage.sandbox.reset_tokens()
    seeded = next(page for page in world.PAGES if page.id == EXPIRING)
    account = Channel.objects.get(remote_id=EXPIRING).credential
    assert account is not None
    secrets = {"page_token": seeded.access_token}
    services.connect_account(label=account.label, kind=account.kind, secrets=secrets, credential=account)
    [(channel, error)] = services.resume_channels(account)
    assert (channel.remote_id, channel.paused_reason, error) == (EXPIRING, "", None)


def assert_nothing_was_sent_blindly(stage: Stage, person: Person) -> None:
    """After an unknown outcome, nothing is sent before it was absent often enough, or a person looked."""
    for delivery in Delivery.objects.exclude(channel__kind="portal"):
        doubtful, absent = False, 0
        for attempt in Attempt.objects.filter(delivery=delivery).order_by("number"):
            if attempt.action == Attempt.Action.READ_BACK:
                absent += attempt.outcome == "absent"
            else:
                assert not doubtful or absent >= EMPTY_LOOKS, stage.story(delivery)
                doubtful, absent = attempt.outcome in ("unknown", "", "late"), 0
            if (delivery.pk, attempt.number) in person.looked:
                doubtful = False
