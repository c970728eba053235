"""One warning after another, written, decided and published by the people of ``people.py``; what they did is
kept beside the product, so that its rows can be held against it."""

import random
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from cms.editorial import approval, withdrawal
from cms.editorial.models import FollowUp
from cms.editorial.stages.lanes import ApprovalPath
from cms.portal.expiring import expire
from cms.users import delegations, units
from cms.users.models import Membership
from publishers import seals
from publishers.models import Release, Schedule
from publishers.watch import schedules as watch
from scam_warnings.models import ScamWarningPage
from tests import factories
from tests.delivery.conftest import Engine
from tests.editorial.lives import doors, people

ALWAYS: Final = {
    "edit": 2,
    "turn": 3,
    "sneak": 1,
    "touch": 1,
    "lend": 2,
    "take_back": 1,
    "path": 1,
    "clock_back": 1,
}
"""What may happen at any time, and how often for one of the others."""
DRAFT: Final = {"edit": 4, "submit": 8}
IN_REVIEW: Final = {"pass_on": 16, "return": 1, "look": 1}
IN_APPROVAL: Final = {
    "approve": 8,
    "approve_later": 7,
    "approve_by_old_tab": 1,
    "look": 1,
    "return": 1,
    "reject": 1,
    "pass_on": 1,
}
HELD: Final = {"publish_now": 2, "set_time": 2, "cancel": 2, "turn_late": 4}
SIGNED: Final = {"withdraw": 2, "follow_up": 2, "turn": 3, "expire": 1}
_ABLE: Final = {
    "edit": people.WRITE,
    "sneak": people.WRITE,
    "touch": people.WRITE,
    "submit": people.WRITE,
    "pass_on": people.REVIEW,
    "follow_up": people.DECIDE,
    "return": people.DECIDE,
    **dict.fromkeys(
        [
            "approve",
            "approve_later",
            "approve_by_old_tab",
            "reject",
            "withdraw",
            "publish_now",
            "set_time",
            "cancel",
        ],
        people.SIGN,
    ),
    "lend": people.DECIDE,
}
WORDS: Final = "Lời {:05d} dặn bà con."
_AHEAD: Final = tuple(timedelta(minutes=minutes) for minutes in (6, 45, 180, 2 * 1440))


@dataclass
class Signed:
    """What the world knows of a release that the rows must not contradict."""

    release: Release
    words: str
    record: str
    wrote: set[int]
    submitted: int | None
    passed: set[int]
    two_steps: bool
    withdraws: bool
    standing: str = "begun"
    """begun, held, missed, cancelled or superseded."""
    at: datetime | None = None


@dataclass
class Item:
    """One warning and the round it is in."""

    page_id: int
    words: str
    wrote: set[int]
    submitted: int | None = None
    two_steps: bool = False
    passes: list[tuple[str, set[int]]] = field(default_factory=list)
    signed: list[Signed] = field(default_factory=list)
    closed: bool = False


class World:
    """Everything that happens in one history."""

    def __init__(self, seed: int, door: doors.Door) -> None:
        self.chance = random.Random(seed)
        self.door = door
        shutil.rmtree(settings.PORTAL_ROOT, ignore_errors=True)
        self.people = people.cast()
        factories.channel("feed", "Nguồn tin", "")
        factories.channel("memory", "Trang thử", "m1")
        self.severity = self.chance.choice(["info", "caution", "urgent"])
        self.path = ApprovalPath.objects.create(
            unit=units.province(), severity=self.severity, stages=self.chance.choice(["one", "two", "urgent"])
        )
        self.engine = Engine()
        self.items: list[Item] = []
        self.count = 0
        self.old_seals: dict[int, str] = {}
        self.tally: Counter[str] = Counter()
        self.trying: list[str] = []
        """The act that did not come to its end."""
        self.begin_another()

    # What happens.

    def step(self) -> str:
        """One act of one person, or of the machine; a refusal is an answer too. Returns what was tried."""
        act = self._what_next()
        who, other = self._two(act)
        self.trying = [said := f"{act} p{who} p{other}"]
        self.tally["acts"] += 1
        before = self._traces()
        try:
            getattr(self, f"_{act}")(self.people[who], self.people[other])
        except doors.REFUSALS:
            self.tally["refused"] += 1
            assert self._traces() == before, f"{act}: refused, but something changed"
        self._learn(self.people[who])
        if self.item.closed:
            self.begin_another()
        self.trying = []
        return said

    def _what_next(self) -> str:
        state = self.state
        usual = Counter(ALWAYS)
        usual.update(DRAFT if state is None else IN_APPROVAL if state.task.specific.signs else IN_REVIEW)
        if self.item.signed:
            usual.update(SIGNED)
        if any(row.standing in ("held", "missed") for row in self.item.signed):
            usual.update(HELD)
        return self.chance.choices(list(usual), list(usual.values()))[0]

    def _two(self, act: str) -> tuple[int, int]:
        """Mostly somebody with the role for it, else anybody at all."""
        who, other = self.chance.sample(range(people.COUNT), 2)
        if act in _ABLE and self.chance.random() < 0.8:
            who = self.chance.choice([number for number in _ABLE[act] if number != other])
        return who, other

    def begin_another(self) -> None:
        """A new warning by somebody who writes."""
        self.count += 1
        author = self.people[self.chance.choice(people.WRITE)]
        words = self._words()
        page = factories.warning(
            author,
            key=f"lan-{self.count}",
            slug=f"lan-{self.count}",
            title=f"Cảnh báo thứ {self.count}",
            summary=words,
            severity=self.severity,
            channels=["Trang thử"],
        )
        self.items.append(Item(page.pk, words, {author.pk}))

    @property
    def item(self) -> Item:
        """The warning people work on."""
        return self.items[-1]

    @property
    def page(self) -> ScamWarningPage:
        """Its page as it is now."""
        return ScamWarningPage.objects.get(pk=self.item.page_id)

    @property
    def state(self) -> Any:
        """The step it waits in; None while it does not."""
        state = self.page.current_workflow_task_state
        return state if state is not None and state.status == "in_progress" else None

    def _edit(self, user: Any, _other: Any) -> None:
        words = self._words()
        changes: dict[str, Any] = {"summary": words}
        if self.item.signed and self.chance.random() < 0.6:
            changes["correction_note"] = f"Sửa lần {self.count} {words[4:9]}."
        if self.chance.random() < 0.15:
            changes["expires_on"] = timezone.localdate(self.engine.now) + timedelta(days=1)
        self._saved(user, words, lambda: self.door.edit(self.page, user, changes))

    def _sneak(self, user: Any, _other: Any) -> None:
        words = self._words()
        self._saved(user, words, lambda: doors.save(self.page, user, {"summary": words}))

    def _touch(self, user: Any, _other: Any) -> None:
        self._saved(user, self.item.words, lambda: self.door.edit(self.page, user, {}))

    def _saved(self, user: Any, words: str, save: Any) -> None:
        before = self.page.latest_revision_id
        save()
        if self.page.latest_revision_id != before:
            self.item.words = words
            self.item.wrote.add(user.pk)

    def _submit(self, user: Any, _other: Any) -> None:
        if self.state is not None:
            return
        self.door.submit(self.page, user)
        state = self.state
        if state is not None:
            self.item.submitted = state.workflow_state.requested_by_id
            self.item.two_steps = ApprovalPath.objects.get(pk=self.path.pk).stages == "two"

    def _pass_on(self, user: Any, _other: Any) -> None:
        state = self.state
        if state is None or state.task.specific.signs:
            return
        self.door.pass_on(state, user, self._seal(state))
        state.refresh_from_db()
        if state.status == "approved":
            made = state.workflow_state.reviews.latest("pk")
            behind = {made.reviewer_id, made.on_behalf_of_id} - {None}
            assert made.reviewer_id == user.pk
            self.item.passes.append((self.item.words, behind))

    def _approve(self, user: Any, _other: Any) -> None:
        self._sign(user, None)

    def _approve_later(self, user: Any, _other: Any) -> None:
        self._sign(user, self._a_time())

    def _approve_by_old_tab(self, user: Any, _other: Any) -> None:
        state, seal = self.state, self.old_seals.get(self.item.page_id)
        if state is None or seal is None:
            return
        seen = self._seal(state)
        before = self._traces()
        self._sign(user, None, seal)
        if seal != seen:
            assert self._traces() == before, "signed what the page did not show"

    def _sign(self, user: Any, publish_at: datetime | None, seal: str = "") -> None:
        state = self.state
        if state is not None:
            self.door.approve(state, user, seal or self._seal(state), publish_at)

    def _look(self, _user: Any, _other: Any) -> None:
        if self.state is not None:
            self.old_seals[self.item.page_id] = self._seal(self.state)

    def _return(self, user: Any, _other: Any) -> None:
        if self.state is not None:
            self.door.return_for_changes(self.state, user)

    def _reject(self, user: Any, _other: Any) -> None:
        if self.state is not None:
            self.door.reject(self.state, user)

    def _withdraw(self, user: Any, _other: Any) -> None:
        note = f"Nhầm lần {self._words()[4:9]}."
        self.door.withdraw(self.page, user, note, withdrawal.draft(self.page, note).seal)

    def _publish_now(self, user: Any, _other: Any) -> None:
        self._decide(user, "dang-ngay")

    def _set_time(self, user: Any, _other: Any) -> None:
        self._decide(user, "doi-gio")

    def _cancel(self, user: Any, _other: Any) -> None:
        self._decide(user, "huy")

    def _decide(self, user: Any, verb: str) -> None:
        held = [row for row in self.item.signed if row.standing in ("held", "missed")]
        if not held:
            return
        before = self._schedules()
        self.door.decide(held[-1].release, user, verb, at := self._a_time())
        if self._schedules() == before:
            return
        becomes = {"dang-ngay": "begun", "doi-gio": "held", "huy": "cancelled"}[verb]
        held[-1].standing = becomes
        held[-1].at = at if becomes == "held" else None
        self.tally[f"schedule {becomes} by a person"] += 1

    def _lend(self, user: Any, other: Any) -> None:
        rows = Membership.objects.filter(user=user, ended_at__isnull=True, role__in=delegations.DELEGABLE)
        role = rows.order_by("role").first()
        if role is not None:
            now = timezone.now()
            delegations.delegate(
                role, other, user, begins_at=now, ends_at=now + timedelta(days=3), reason="Đi công tác"
            )
            self.tally["delegations"] += 1

    def _take_back(self, user: Any, _other: Any) -> None:
        for row in delegations.of(user, timezone.now()):
            delegations.revoke(row, user)

    def _follow_up(self, user: Any, _other: Any) -> None:
        row = FollowUp.objects.filter(done_at__isnull=True).order_by("?").first()
        if row is not None:
            self.door.follow_up(row, user)

    def _path(self, _user: Any, _other: Any) -> None:
        stages = self.chance.choice(["one", "two", "urgent"])
        ApprovalPath.objects.filter(pk=self.path.pk).update(stages=stages)

    # The machine.

    def _turn(self, _user: Any, _other: Any) -> None:
        self.turn(self.chance.choice([0, 1, 30, 400, 3600]))

    def _turn_late(self, _user: Any, _other: Any) -> None:
        """Nothing ran for hours."""
        self.turn(self.chance.choice([2 * 3600, 5 * 3600, 30 * 3600]))

    def _clock_back(self, _user: Any, _other: Any) -> None:
        self.engine.now -= timedelta(hours=2)
        self.turn(0)

    def _expire(self, _user: Any, _other: Any) -> None:
        self.tally["expired"] += expire(self.engine.now + timedelta(days=1))

    def turn(self, seconds: float) -> None:
        """The worker does what is due, the watch looks; the world says what must have come of it."""
        self.engine.turn(seconds)
        watch.check(self.engine.now)
        for row in self._held():
            if row.at is not None and row.at < self.engine.now - timedelta(seconds=settings.SCHEDULE_GRACE):
                row.standing = "missed"
                self.tally["schedules missed"] += 1
            elif row.at is not None and row.at <= self.engine.now:
                row.standing = "begun"
                self.tally["schedules begun"] += 1

    # What was learnt from it.

    def _learn(self, user: Any) -> None:
        """A release that is new now was made by ``user``."""
        item = self.item
        known = {row.release.pk for row in item.signed}
        for release in Release.objects.filter(page_id=item.page_id).exclude(pk__in=known):
            assert release.approved_by_id == user.pk
            withdraws = release.kind == Release.Kind.WITHDRAWAL
            for row in item.signed:
                if row.standing in ("held", "missed"):
                    row.standing = "superseded"
            schedule = Schedule.objects.filter(release=release).first()
            row = Signed(
                release,
                release.snapshot["summary"],
                seals.record_of(release),
                set(item.wrote),
                item.submitted,
                {person for words, behind in item.passes if words == item.words for person in behind},
                item.two_steps,
                withdraws,
                "held" if schedule is not None else "begun",
                schedule.publish_at if schedule is not None else None,
            )
            item.signed.append(row)
            self.tally[str(release.kind)] += 1
            self.tally["signed for later"] += schedule is not None
            self.tally["signed in another's place"] += "on_behalf_of" in release.circumstances
            if not withdraws:
                assert row.words == item.words, "something else was signed than what was written last"
                item.wrote, item.passes = set(), []
        if self.page.locked and self.page.rejections.exists():
            item.closed = True
            self.tally["rejected for good"] += 1

    def _held(self) -> list[Signed]:
        return [row for item in self.items for row in item.signed if row.standing == "held"]

    def _traces(self) -> tuple[Any, ...]:
        return (
            Release.objects.count(),
            tuple(self._schedules()),
            self.page.latest_revision_id,
            getattr(self.state, "pk", None),
        )

    def _schedules(self) -> list[Any]:
        return list(Schedule.objects.order_by("pk").values_list("pk", "state", "publish_at"))

    def _seal(self, state: Any) -> str:
        return approval.under_review(state).seal

    def _a_time(self) -> datetime:
        return (self.engine.now + self.chance.choice(_AHEAD)).replace(second=0, microsecond=0)

    def _words(self) -> str:
        self.count += 1
        return WORDS.format(self.count)
