"""Who works on what: taking deliveries for one call each, and taking them back from a worker that died."""

import logging
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, CharField, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from publishers import pace, registry, scheduling, statements
from publishers.assignment import hand_over
from publishers.contracts import Operation, Scope
from publishers.models import (
    Attempt,
    Channel,
    Credential,
    Delivery,
    Halt,
    Platform,
    Release,
    Schedule,
)
from publishers.plans import LOCAL
from publishers.prepared import Prepared
from publishers.quiet import quiet_until
from publishers.statements import Plus, Unless
from publishers.states import State, move, move_all
from publishers.writing import writing

logger = logging.getLogger(__name__)

LOOKED_AT: Final = (State.UNCONFIRMED, State.DELIVERED)
"""States in which the system may have something to read back."""
UNSETTLED: Final = (State.SCHEDULED, State.DUE, State.SENDING, State.UNCONFIRMED, State.AWAITING_PERSON)
"""While an earlier post is in one of these, nobody knows what there is to edit, delete or follow up."""
WORKER_LOST: Final = "worker_lost"
SUPERSEDED: Final = "superseded"
NOTHING_OUT: Final = "nothing_out"
SWEEP_LIMIT: Final = 500
LATER: Final = 1_000_000
"""The turn of a look that only confirms what was sent: everything still to be sent goes first."""
DEATHS: Final = 40
"""So many workers may die with one delivery in their hands before its deaths count as attempts."""
_OVERSCAN: Final = 8
"""Rows read beyond those wanted: some lie in an account whose turn is over, some need no call."""
_ROUNDS: Final = 5
_NEWEST: Final = "newest_number"


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery in one worker's hands, for one call."""

    delivery: Delivery
    attempt: Attempt
    token: str
    until: datetime

    @property
    def action(self) -> str:
        """What to do: an Attempt.Action."""
        return self.attempt.action

    @property
    def operation(self) -> Operation:
        """What the adapter is asked for, unless the claim is a look."""
        return operation_of(self.delivery)


@dataclass(frozen=True, slots=True)
class Batch:
    """What was taken up at once."""

    claims: list[Claim]
    more: bool
    """Whether something that may be ready was not looked at."""


def ready(now: datetime) -> QuerySet[Delivery]:
    """What a worker may take up at ``now``: urgent first, then account by account, then the longest waiting.

    A channel, an account or a platform that asked for patience is left out, and so is what follows a post of
    which nobody knows yet whether it is out. While everything is stopped only looks are left.
    """
    return _ready(now, *_circumstances())


def _circumstances() -> tuple[bool, tuple[str, ...]]:
    """Whether this installation was started with everything stopped, and the kinds of channel it can call."""
    return bool(settings.PUBLISH_HALTED), tuple(registry.usable())


def _ready(now: datetime, halted: bool, kinds: tuple[str, ...]) -> QuerySet[Delivery]:
    states = LOOKED_AT if halted else (State.DUE, *LOOKED_AT)
    open_channel, before = Subquery(_open_channel(now, kinds)), Subquery(_state_before)
    rows = Delivery.objects.alias(open_channel=open_channel, before=before).filter(
        # Said the other way round: of a column it knows nothing about, PostgreSQL takes nearly every row to differ
        # from a value and next to none to equal it, and would sort those few instead of following the index.
        ~Q(state__in=[state for state in State if state not in states]),
        Q(lease_token="") | Q(lease_until__lte=now),
        Q(follows__isnull=True) | ~Q(before__in=UNSETTLED),
        ~Q(state=State.DUE) | ~Exists(Halt.objects.filter(is_standing=True)),
        next_attempt_at__lte=now,
        open_channel__isnull=False,
    )
    return rows.order_by("-urgent", "turn", "next_attempt_at", "pk")


def _open_channel(now: datetime, kinds: tuple[str, ...]) -> QuerySet[Any, Any]:
    """A delivery's channel, if that may be called.

    Asked row by row, not joined: both databases would rather begin with the channels, and read and sort all they
    wait for, instead of following the index delivery_next, which has the order already.
    """
    platforms = [When(kind=kind, then=Value(registry.platform_of(kind))) for kind in kinds]
    waiting_platform = Platform.objects.filter(key=OuterRef("platform"), open_at__gt=now)
    channels = Channel.objects.alias(platform=Case(*platforms, output_field=CharField())).filter(
        pace.is_open("", now),
        Q(credential__isnull=True) | pace.is_open("credential__", now),
        ~Exists(waiting_platform),
        pk=OuterRef("channel_id"),
        is_active=True,
        paused_reason="",
        kind__in=kinds,
    )
    return channels.order_by().values("pk")


def _next_ready(now: datetime, halted: bool, kinds: tuple[str, ...], limit: int) -> QuerySet[Delivery]:
    return _locked(_first_ready(now, halted, kinds, limit))


def _first_ready(now: datetime, halted: bool, kinds: tuple[str, ...], limit: int) -> QuerySet[Delivery]:
    return _ready(now, halted, kinds).only("pk")[:limit]


def _some_ready(now: datetime, halted: bool, kinds: tuple[str, ...]) -> QuerySet[Any, Any]:
    return _ready(now, halted, kinds).order_by().values_list("pk")[:1]


def _whole(_now: datetime, keys: Sequence[int]) -> QuerySet[Delivery]:
    """Deliveries with all they are made of, but without their releases' long columns.

    Each with the number of the newest release of its warning.
    """
    of_page = (
        Release.objects.filter(page_id=OuterRef("release__page_id")).order_by("-number").values("number")
    )
    return (
        Delivery.objects.filter(pk__in=keys)
        .select_related("channel", "payload", "release")
        .defer("release__snapshot", "release__circumstances", "release__manifest")
        .annotate(**{_NEWEST: Subquery(of_page[:1])})
        .order_by()
    )


_state_before = Delivery.objects.filter(pk=OuterRef("follows_id")).order_by().values("state")
_all_of = Prepared(_whole)
_any_ready = Prepared(_some_ready)
_next = Prepared(_next_ready)
_next_looked_at = Prepared(_first_ready)


def claim_next(worker: str, now: datetime) -> Claim | None:
    """Take up the next delivery, or None when nothing is ready."""
    found = claim_many(worker, now, 1)
    return found[0] if found else None


def claim_many(worker: str, now: datetime, limit: int) -> list[Claim]:
    """The claims of ``claim_batch``."""
    return claim_batch(worker, now, limit).claims


def claim_batch(worker: str, now: datetime, limit: int) -> Batch:
    """Take up to ``limit`` deliveries, for one call each; none when nothing is ready.

    The claims and their attempt rows are committed together before this returns, so a worker that dies in a
    call that follows has left a trace.
    """
    claims: list[Claim] = []
    more = True
    for _round in range(_ROUNDS):
        circumstances = _circumstances()
        with writing(), transaction.atomic():
            candidates = _complete(_next.rows(now, *circumstances, limit + _OVERSCAN), now)
            more = len(candidates) == limit + _OVERSCAN
            claims = _take(candidates, worker, now, limit) if candidates else []
            if claims and all(map(_waits_for_a_guard, claims)):
                _commit_without_waiting()
        if claims or not more:
            break
    return Batch(claims, more)


def _waits_for_a_guard(claim: Claim) -> bool:
    """Whether nothing of the call is visible before one more commit of its own (dispatch._guard)."""
    return (
        claim.action == Attempt.Action.READ_BACK or registry.capabilities(claim.delivery.channel.kind).guarded
    )


def _commit_without_waiting() -> None:
    """Let PostgreSQL answer before these claims are on its disk.

    What is written later is never on the disk earlier: the guard's commit, which is waited for, takes them along.
    Should the server die before that, the deliveries are due as before, and the guard finds their leases gone.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO OFF")


def waiting(now: datetime) -> bool:
    """Whether anything is ready."""
    return bool(_any_ready.rows(now, *_circumstances()))


def rehearse(now: datetime) -> None:
    """Ask what a claim asks, and take nothing."""
    _complete(_next_looked_at.rows(now, *_circumstances(), 1), now)


def operation_of(delivery: Delivery) -> Operation:
    """What is done now: an edit of a post that never came out is a post of its own with the same words."""
    operation = Operation(delivery.payload.operation)
    if operation is Operation.EDIT and (delivery.follows is None or not delivery.follows.remote_id):
        return Operation.CREATE
    return operation


def stay(claim: Claim, **values: Any) -> bool:
    """Give the lease back without a change of state and set ``values``. False when the lease was taken."""
    delivery = claim.delivery
    changes = {"lease_token": "", "lease_until": None} | values
    rows = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, lease_token=claim.token)
    if rows.update(**changes) != 1:
        return False
    for name, value in changes.items():
        setattr(delivery, name, value)
    return True


def promote_scheduled(now: datetime) -> int:
    """Make due what was scheduled for ``now`` or earlier. Returns how many.

    A release with a time of publication begins here, or is marked as missed (scheduling.py).
    """
    if not _any_scheduled.rows(now):
        return 0
    scheduling.begin_due(now)
    with transaction.atomic():
        free = scheduling.not_held(_scheduled(now))
        rows = _locked(free.order_by("next_attempt_at"))[:SWEEP_LIMIT]
        found = list(rows)
        move_all(found, State.DUE)
    return len(found)


def expire_leases(now: datetime) -> int:
    """Take back what a worker was sending when its lease ended. Returns how many.

    Nobody knows whether such a call went through, so it is never due again, except where sending twice
    changes nothing or the one call that makes something visible surely never began.
    """
    if not _any_abandoned.rows(now):
        return 0
    rows = _abandoned(now).select_related("channel", "payload", "follows")
    return sum(_expire(delivery, now) for delivery in rows.order_by("lease_until")[:SWEEP_LIMIT])


def _scheduled(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=State.SCHEDULED, next_attempt_at__lte=now)


def _abandoned(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=State.SENDING, lease_until__lte=now)


def _scheduled_not_missed(now: datetime) -> QuerySet[Any, Any]:
    # What was missed waits for a person, for days perhaps, and costs no sweep anything.
    return scheduling.not_held(_scheduled(now), [Schedule.State.MISSED]).values_list("pk")[:1]


_any_scheduled = Prepared(_scheduled_not_missed)
_any_abandoned = Prepared(lambda now: _abandoned(now).values_list("pk")[:1])


def superseded(deliveries: Iterable[Delivery]) -> set[int]:
    """Ids of those in whose place a newer release goes to the same channel, or whose warning was withdrawn."""
    asked = {delivery.pk: delivery.release for delivery in deliveries}
    latest = dict(
        Release.objects.filter(page__in={release.page_id for release in asked.values()})
        .order_by()
        .values_list("page")
        .annotate(latest=Max("number"))
    )
    # Nearly always the release is the newest of its warning: then there is nothing to compare.
    older = [pk for pk, release in asked.items() if release.number < latest[release.page_id]]
    return _replaced(older) if older else set()


def _replaced(asked: Sequence[int]) -> set[int]:
    newer = Delivery.objects.filter(
        channel_id=OuterRef("channel_id"),
        release__page_id=OuterRef("release__page_id"),
        release__number__gt=OuterRef("release__number"),
    ).exclude(state__in=[State.CANCELLED, State.FAILED])
    # What waits for its time may still be given up: until it begins, what was approved before it becomes public.
    held = Schedule.objects.filter(release_id=OuterRef("release_id"), state__in=scheduling.HELD)
    newer = newer.exclude(Exists(held), channel__kind__in=LOCAL)
    # A withdrawal has no delivery to a channel on which nothing was out; nothing may come out there later.
    withdrawal = Release.objects.filter(
        page_id=OuterRef("release__page_id"),
        number__gt=OuterRef("release__number"),
        kind=Release.Kind.WITHDRAWAL,
    )
    found = Delivery.objects.filter(Exists(newer) | Exists(withdrawal), pk__in=asked)
    return set(found.values_list("pk", flat=True))


def repeatable(delivery: Delivery) -> bool:
    """Whether doing it again changes nothing: an edit, a deletion, or a kind of channel that says so."""
    try:
        able = registry.capabilities(delivery.channel.kind)
    except (KeyError, ImportError, AttributeError):
        return False
    return able.repeatable or operation_of(delivery) is not Operation.CREATE


def _locked(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


def _complete(found: Sequence[tuple[int]], now: datetime) -> list[Delivery]:
    """The deliveries with the ids ``found``, in that order, with everything they are made of."""
    if not found:
        return []
    keys = [key for (key,) in found]
    by_key = {row.pk: row for row in _all_of.models(now, keys=keys)}
    deliveries = [by_key[key] for key in keys]
    _follow(deliveries)
    for delivery in deliveries:
        # Where they differ somebody altered a row; then they are read when they are asked for, and refused.
        if delivery.payload.release_id == delivery.release_id:
            delivery.payload.release = delivery.release
        if delivery.payload.channel_id == delivery.channel_id:
            delivery.payload.channel = delivery.channel
    return deliveries


def _follow(deliveries: Sequence[Delivery]) -> None:
    """Read what these change; most change nothing, so it is not joined to every look at the queue."""
    asked = {row.follows_id for row in deliveries if row.follows_id}
    if not asked:
        return
    earlier = Delivery.objects.in_bulk(asked)
    for row in deliveries:
        if row.follows_id:
            row.follows = earlier[row.follows_id]


def _take(candidates: Sequence[Delivery], worker: str, now: datetime, limit: int) -> list[Claim]:
    due = [delivery for delivery in candidates if delivery.state == State.DUE]
    older = [row.pk for row in due if row.release.number < getattr(row, _NEWEST)]
    old = _replaced(older) if older else set()
    lanes = _Lanes(candidates, now)
    chosen: list[Delivery] = []
    settled: list[Delivery] = []
    for delivery in candidates:
        if len(chosen) == limit:
            break
        if delivery.state == State.DUE:
            if _without_a_call(delivery, now, is_old=delivery.pk in old):
                settled.append(delivery)
                continue
            wait = quiet_until(delivery.channel, now, urgent=delivery.urgent)
            if wait is not None:
                Delivery.objects.filter(pk=delivery.pk).update(next_attempt_at=wait)
                continue
        if lanes.take(delivery):
            chosen.append(delivery)
    lanes.save()
    return _leased(chosen, worker, now)


def _without_a_call(delivery: Delivery, now: datetime, *, is_old: bool) -> bool:
    """Settle what needs no call: superseded, nothing there to delete, work for a person."""
    if is_old:
        return move(
            delivery,
            State.CANCELLED,
            next_attempt_at=None,
            error_code=SUPERSEDED,
            error_sentence=_("A newer approved version of this warning goes to this channel instead."),
        )
    asked = Operation(delivery.payload.operation)
    before = delivery.follows
    if before is not None and asked is Operation.DELETE and not before.remote_id:
        return move(
            delivery,
            State.CANCELLED,
            next_attempt_at=None,
            error_code=NOTHING_OUT,
            error_sentence=_(
                "Nothing of this warning came out on this channel, so nothing had to be withdrawn."
            ),
        )
    return hand_over(delivery, now)


class _Lanes:
    """The places left on the channels, accounts and platforms of one batch, locked while it is made."""

    def __init__(self, candidates: Sequence[Delivery], now: datetime) -> None:
        self._now = now
        self._changed: set[tuple[Scope, Any]] = set()
        kinds = {delivery.channel.kind for delivery in candidates}
        paced = {
            (kind, scope): rate
            for kind in kinds
            for scope in Scope
            if (rate := pace.rate_of(kind, scope)) is not None
        }
        self._rates = paced
        # Always in this order and by key, so that two workers cannot wait for each other.
        self._rows: dict[Scope, dict[Any, Any]] = {
            Scope.PLATFORM: self._platforms({k for k, scope in paced if scope is Scope.PLATFORM}),
            Scope.ACCOUNT: _rows(
                Credential,
                {d.channel.credential_id for d in candidates if (d.channel.kind, Scope.ACCOUNT) in paced},
            ),
            Scope.CHANNEL: _rows(
                Channel, {d.channel_id for d in candidates if (d.channel.kind, Scope.CHANNEL) in paced}
            ),
        }

    def take(self, delivery: Delivery) -> bool:
        """Whether ``delivery`` may leave now; if so its place is taken."""
        channel = delivery.channel
        keys = {
            Scope.PLATFORM: registry.platform_of(channel.kind),
            Scope.ACCOUNT: channel.credential_id,
            Scope.CHANNEL: channel.pk,
        }
        moved: list[tuple[Scope, Any, datetime]] = []
        for scope, key in keys.items():
            row = self._rows[scope].get(key)
            rate = self._rates.get((channel.kind, scope))
            if row is None or rate is None:
                continue
            then = pace.take(row.open_at, self._now, rate)
            if then is None:
                return False
            moved.append((scope, key, then))
        for scope, key, then in moved:
            self._rows[scope][key].open_at = then
            self._changed.add((scope, key))
        return True

    def save(self) -> None:
        """Write the places taken."""
        by_scope: dict[Scope, list[Any]] = defaultdict(list)
        for scope, key in self._changed:
            by_scope[scope].append(self._rows[scope][key])
        for rows in by_scope.values():
            type(rows[0]).objects.bulk_update(sorted(rows, key=lambda row: str(row.pk)), ["open_at"])

    @staticmethod
    def _platforms(kinds: set[str]) -> dict[Any, Any]:
        keys = {registry.platform_of(kind) for kind in kinds}
        found = _rows(Platform, keys)
        missing = keys - set(found)
        if missing:
            Platform.objects.bulk_create(
                [Platform(key=key) for key in sorted(missing)], ignore_conflicts=True
            )
            found = _rows(Platform, keys)
        return found


def _rows(model: Any, keys: set[Any]) -> dict[Any, Any]:
    wanted = keys - {None}
    if not wanted:
        return {}
    rows = model.objects.filter(pk__in=wanted).order_by("pk").only("pk", "open_at")
    return {row.pk: row for row in rows.select_for_update()}


def _leased(chosen: Sequence[Delivery], worker: str, now: datetime) -> list[Claim]:
    if not chosen:
        return []
    token = secrets.token_hex(16)
    until = now + timedelta(seconds=settings.PUBLISH_LEASE)
    lease: dict[str, Any] = {"lease_token": token, "lease_until": until}
    sends = [delivery for delivery in chosen if delivery.state == State.DUE]
    looks = [delivery for delivery in chosen if delivery.state != State.DUE]
    move_all(
        sends,
        State.SENDING,
        actor=worker,
        next_attempt_at=None,
        attempts=Plus(1),
        first_sent_at=Unless(now),
        **lease,
    )
    fresh = {delivery.pk for delivery in sends if delivery.first_sent_at is None}
    for delivery in sends:
        delivery.attempts += 1
        delivery.first_sent_at = delivery.first_sent_at or now
    if looks:
        # The time stays: should the worker die, the look is ready again as soon as its lease has ended.
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in looks]).update(updated_at=now, **lease)
        for delivery in looks:
            delivery.lease_token, delivery.lease_until = token, until
    numbers = _last_numbers([delivery.pk for delivery in chosen if delivery.pk not in fresh])
    sending = {delivery.pk for delivery in sends}
    attempts = [
        Attempt(
            delivery=delivery,
            number=numbers.get(delivery.pk, 0) + 1,
            action=_action(delivery) if delivery.pk in sending else Attempt.Action.READ_BACK,
            worker=worker[:80],
            request=_request(delivery),
            started_at=now,
        )
        for delivery in chosen
    ]
    for attempt, key in zip(
        attempts, statements.insert(Attempt, [_columns(a) for a in attempts]), strict=True
    ):
        attempt.pk = key
    return [Claim(attempt.delivery, attempt, token, until) for attempt in attempts]


def _columns(attempt: Attempt) -> dict[str, Any]:
    return {field.name: getattr(attempt, field.attname) for field in Attempt._meta.concrete_fields[1:]}


def _last_numbers(deliveries: Sequence[int]) -> dict[int, int]:
    if not deliveries:
        return {}
    log = Attempt.objects.filter(delivery__in=deliveries).order_by()
    return dict(log.values_list("delivery_id").annotate(last=Max("number")))


def _action(delivery: Delivery) -> str:
    actions = {Operation.EDIT: Attempt.Action.EDIT, Operation.DELETE: Attempt.Action.DELETE}
    return actions.get(operation_of(delivery), Attempt.Action.SEND).value


def _request(delivery: Delivery) -> dict[str, Any]:
    payload = delivery.payload
    summary: dict[str, Any] = {
        "destination": delivery.channel.remote_id,
        "reference": delivery.release.reference,
        "characters": len(payload.text),
        "images": [image["sha256"][:12] for image in payload.images if "sha256" in image],
        "hash": payload.hash[:16],
    }
    if delivery.follows is not None and delivery.follows.remote_id:
        summary["target"] = delivery.follows.remote_id
    return summary


def _expire(delivery: Delivery, now: datetime) -> bool:
    lease = delivery.lease_token
    logger.warning("Delivery %s: its worker did not come back in time", delivery.pk)
    began = not _guarded(delivery) or _call_began(delivery)
    if began and not repeatable(delivery):
        return move(
            delivery,
            State.UNCONFIRMED,
            lease=lease,
            lookups=0,
            next_attempt_at=now + timedelta(seconds=settings.PUBLISH_GRACE),
            error_code=WORKER_LOST,
            error_sentence=_(
                "The program stopped while this was being sent. "
                "The system reads the channel to see whether it is out."
            ),
        )
    cause = {
        "error_code": WORKER_LOST,
        "error_sentence": _("The program stopped while this was being published. The system repeats it."),
    }
    # Taken along in a batch, its turn never came: that is no attempt, unless it is what brings workers down.
    if not began and _deaths(delivery) < DEATHS:
        attempts = max(delivery.attempts - 1, 0)
        return move(delivery, State.DUE, lease=lease, next_attempt_at=now, attempts=attempts, **cause)
    if delivery.attempts >= settings.PUBLISH_MAX_ATTEMPTS:
        cause["error_sentence"] = _(
            "The program stopped each time this was being published. "
            "Tell the administrator, then press “Retry”."
        )
        # What was perhaps done is nobody's failure: a person looks.
        end = State.AWAITING_PERSON if began else State.FAILED
        return move(delivery, end, lease=lease, next_attempt_at=None, **cause)
    return move(delivery, State.DUE, lease=lease, next_attempt_at=now, **cause)


def _guarded(delivery: Delivery) -> bool:
    try:
        return registry.capabilities(delivery.channel.kind).guarded
    except (KeyError, ImportError, AttributeError):
        return False


def _deaths(delivery: Delivery) -> int:
    """How many workers died with it before they called anybody."""
    return Attempt.objects.filter(delivery=delivery, outcome="", guarded_at__isnull=True).count()


def _call_began(delivery: Delivery) -> bool:
    last = Attempt.objects.filter(delivery=delivery).order_by("-number").first()
    return last is None or last.guarded_at is not None
