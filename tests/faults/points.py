"""The moments at which a worker is killed: what holds each open, how it is known, what must be so then."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cms.portal import bake
from cms.portal.models import PublishedWarning
from publishers.models import Attempt
from publishers.states import State
from tests.faults.stage import GRACE, GROUPS, LEASE, PAGES, Stage

HELD = 30.0
"""Seconds the sandbox holds a call that only the kill ends."""
PAGE = PAGES[0]
READ_BACK = Attempt.Action.READ_BACK


def held(stage: Stage, operation: str) -> bool:
    """Whether the sandbox holds a call of ``operation`` and has not answered it."""
    return any(row["status"] is None for row in stage.asked(operation))


def answered(stage: Stage, operation: str) -> bool:
    return any(row["status"] == 200 for row in stage.asked(operation))


def attempted(stage: Stage) -> bool:
    return Attempt.objects.filter(delivery__release=stage.release).exists()


def public_row(stage: Stage) -> PublishedWarning | None:
    return PublishedWarning.objects.filter(release=stage.release).first()


def page_file(stage: Stage) -> bool:
    row = public_row(stage)
    return row is not None and bake.file_for(row.path).exists()


def feed_fault(mode: str, **options: Any) -> dict[str, Any]:
    return {"mode": mode, "operation": "post_feed", "path": f"/{PAGE}/", "seconds": HELD, **options}


@dataclass(frozen=True)
class Point:
    """One moment: the faults that hold it open, how to know that it has come, and what must be so then."""

    name: str
    moment: Callable[[Stage], object]
    then: Callable[[Stage], object]
    faults: tuple[dict[str, Any], ...] = ()
    idle: bool = False
    """The worker has swept before the warning is signed, and does not look again."""


POINTS = [
    Point(
        "before-anything-is-claimed",
        idle=True,
        moment=lambda stage: True,
        then=lambda stage: not attempted(stage),
    ),
    Point(
        "claimed-and-the-photo-is-on-its-way",
        faults=({"mode": "slow", "operation": "post_photo", "seconds": HELD},),
        moment=lambda stage: held(stage, "post_photo"),
        then=lambda stage: not stage.asked("post_feed") and stage.cut_off("facebook_page"),
    ),
    Point(
        "the-post-takes-effect-after-the-first-look",
        faults=(feed_fault("slow", late=True, seconds=LEASE + GRACE + 1.2),),
        moment=lambda stage: held(stage, "post_feed"),
        then=lambda stage: not stage.out(PAGE) and stage.cut_off("facebook_page"),
    ),
    Point(
        "the-post-is-out-and-its-answer-held",
        faults=(feed_fault("effect_then_timeout"),),
        moment=lambda stage: stage.out(PAGE),
        then=lambda stage: held(stage, "post_feed") and stage.cut_off("facebook_page"),
    ),
    Point(
        "the-post-is-out-but-shown-only-later",
        faults=(feed_fault("effect_then_timeout", visible_after=LEASE + GRACE + 1.2),),
        moment=lambda stage: stage.out(PAGE),
        then=lambda stage: held(stage, "post_feed") and stage.cut_off("facebook_page"),
    ),
    Point(
        "the-post-is-answered-and-perhaps-stored",
        moment=lambda stage: answered(stage, "post_feed"),
        then=lambda stage: any(stage.out(page) for page in PAGES),
    ),
    Point(
        "the-zalo-message-is-out-and-its-answer-held",
        faults=({"mode": "effect_then_timeout", "operation": "send_group_message", "seconds": HELD},),
        moment=lambda stage: any(stage.out(group) for group in GROUPS),
        then=lambda stage: held(stage, "send_group_message") and stage.cut_off("zalo_group"),
    ),
    Point(
        "while-an-unknown-outcome-is-read-back",
        faults=(
            feed_fault("effect_then_timeout", drop=True),
            {"mode": "slow", "operation": "list_posts", "path": f"/{PAGE}/", "seconds": HELD},
        ),
        moment=lambda stage: held(stage, "list_posts"),
        then=lambda stage: (
            stage.cut_off("facebook_page", READ_BACK) and stage.states("facebook_page")[State.UNCONFIRMED]
        ),
    ),
    Point(
        "the-portal-is-claimed",
        moment=attempted,
        then=lambda stage: stage.cut_off("portal"),
    ),
    Point(
        "the-portal-has-the-row-but-not-the-page",
        moment=public_row,
        then=lambda stage: stage.cut_off("portal") and not stage.asked("post_photo"),
    ),
    Point(
        "the-portal-has-some-of-its-pages",
        moment=page_file,
        then=lambda stage: stage.cut_off("portal") and not stage.asked("post_photo"),
    ),
]
