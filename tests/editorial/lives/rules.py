"""What must hold after every single act, whoever did it."""

import re
from pathlib import Path
from typing import Final

from django.conf import settings

from wagtail.models import PageLogEntry

from cms.portal.models import PublicState, PublishedWarning
from cms.users.models import Delegation
from publishers import seals
from publishers.models import Delivery, Notice, Release, Schedule
from publishers.states import OPEN, PUBLIC, State
from scam_warnings.models import ScamWarningPage
from tests.editorial.lives.world import Item, Signed, World
from tests.publishers.memory import Remote

_SPOKEN: Final = re.compile(r"Lời \d{5} dặn bà con\.")
_STANDING: Final = {
    Schedule.State.WAITING: "held",
    Schedule.State.MISSED: "missed",
    Schedule.State.BEGUN: "begun",
    Schedule.State.CANCELLED: "cancelled",
    Schedule.State.SUPERSEDED: "superseded",
}


def hold(world: World, remote: Remote) -> None:
    """Everything that costs little."""
    _sealed_by_others(world)
    _sealed_once(world)
    _nothing_lost(world)
    _public_is_sealed(world, remote)


def hold_at_rest(world: World) -> None:
    """After the engine has done all there was to do: what is public is the last that was to be."""
    for item in world.items:
        wanted = _last_begun(item)
        found = PublishedWarning.objects.filter(page=item.page_id).first()
        if wanted is not None and wanted.withdraws and not _is_on_portal(wanted.release):
            # Taken back before anything of it was out; what was withdrawn before stays so.
            assert found is None or found.state == PublicState.WITHDRAWN
            continue
        assert (found.release_id if found else None) == (wanted.release.pk if wanted else None)
        if found is not None and wanted is not None:
            assert (found.state == PublicState.WITHDRAWN) == wanted.withdraws
    for signed in _all(world):
        assert seals.problems(signed.release) == []
    assert not Notice.objects.filter(key__startswith="seal").exists()


def _all(world: World) -> list[Signed]:
    return [row for item in world.items for row in item.signed]


def _last_begun(item: Item) -> Signed | None:
    begun = [row for row in item.signed if row.standing == "begun"]
    return max(begun, key=lambda row: row.release.number, default=None)


def _sealed_by_others(world: World) -> None:
    for signed in _all(world):
        if signed.withdraws:
            continue
        behind = {signed.release.approved_by_id} | _principal(signed.release)
        assert not behind & signed.wrote, "sealed by somebody who wrote it"
        assert signed.submitted not in behind, "sealed by whoever submitted it"
        assert not behind & signed.passed, "sealed by whoever reviewed it"
        assert not signed.passed & signed.wrote, "reviewed by somebody who wrote it"
        assert signed.passed or not signed.two_steps, "sealed without the review it needed"


def _principal(release: Release) -> set[int]:
    told = (release.circumstances or {}).get("on_behalf_of")
    return {Delegation.objects.get(pk=told["delegation"]).membership.user_id} if told else set()


def _sealed_once(world: World) -> None:
    signed = _all(world)
    assert Release.objects.count() == len(signed)
    published = [row.release.revision_id for row in signed if not row.withdraws]
    assert len(published) == len(set(published)), "one version was sealed twice"
    for item in world.items:
        numbers = [row.release.number for row in item.signed]
        assert numbers == list(range(1, len(numbers) + 1))
    entries = PageLogEntry.objects.filter(action__in=["keng.approve", "keng.withdraw"])
    assert entries.count() == len(signed)


def _nothing_lost(world: World) -> None:
    stored = Release.objects.in_bulk([row.release.pk for row in _all(world)])
    schedules = {row.release_id: row for row in Schedule.objects.all()}
    deliveries = {
        row.release_id: row
        for row in Delivery.objects.filter(channel__kind="portal").select_related("channel")
    }
    public = dict(PublishedWarning.objects.values_list("page_id", "state"))
    for item in world.items:
        last = _last_begun(item)
        for signed in item.signed:
            pk = signed.release.pk
            assert pk in stored, "a release is gone"
            assert seals.record_of(stored[pk]) == signed.record, "a release was changed"
            held = schedules.get(pk)
            assert signed.standing == (_STANDING[Schedule.State(held.state)] if held else "begun")
            if signed.withdraws and pk not in deliveries:
                assert signed is not last or public.get(item.page_id) in (None, PublicState.WITHDRAWN)
                continue
            state = State(deliveries[pk].state)
            if signed.standing in ("held", "missed"):
                assert state == State.SCHEDULED, "sent before its time, or given up by itself"
            elif signed.standing in ("cancelled", "superseded"):
                assert state == State.CANCELLED, "sent although it was given up"
            elif signed is last:
                assert state in (*OPEN, *PUBLIC), "approved, and lost"


def _public_is_sealed(world: World, remote: Remote) -> None:
    begun = {row.release.pk: row for row in _all(world) if row.standing == "begun"}
    sayable = {row.words for row in begun.values()}
    rows = {row.page_id: row for row in PublishedWarning.objects.all()}
    for row in rows.values():
        assert row.release_id in begun, "public, but not sealed or not yet to be"
        assert row.snapshot["summary"] == begun[row.release_id].words
        assert row.payload_hash in begun[row.release_id].release.manifest.values()
    for page in ScamWarningPage.objects.filter(live=True):
        assert page.pk in rows
        assert page.live_revision_id in {row.release.revision_id for row in begun.values()}
    root = Path(settings.PORTAL_ROOT)
    for file in [*root.rglob("*.html"), *root.rglob("*.xml"), *root.rglob("*.json")]:
        said = set(_SPOKEN.findall(file.read_text(encoding="utf-8")))
        assert said <= sayable, f"{file.name} says what nobody sealed: {said - sayable}"
    posted = [item.reference for item in remote.posts]
    assert len(posted) == len(set(posted)), "posted twice"
    assert set(posted) <= {row.release.reference for row in begun.values()}


def _is_on_portal(release: Release) -> bool:
    return release.deliveries.filter(channel__kind="portal").exists()
