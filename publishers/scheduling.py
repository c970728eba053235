"""«Hẹn giờ»: a sealed release leaves at its time, or asks a person when the time has passed.

A schedule is begun once, within SCHEDULE_GRACE seconds of its time, and never while everything is stopped. What
was not begun by then is missed: nothing sends it until somebody decides.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from wagtail.log_actions import log

from cms.users import memberships
from cms.users.roles import Role
from media import sealed
from publishers import clock, doorbell, halt, headstart
from publishers.models import Delivery, Release, Schedule
from publishers.refusals import Refused
from publishers.registry import PORTAL
from publishers.states import State, move_all

logger = logging.getLogger(__name__)

HELD: Final = (Schedule.State.WAITING, Schedule.State.MISSED)
"""Nothing of such a release leaves."""
NEVER_BEGUN: Final = (*HELD, Schedule.State.CANCELLED, Schedule.State.SUPERSEDED)
"""Nothing of such a release ever left: there is nothing to correct or to withdraw."""
CANCELLED: Final = "schedule_cancelled"
_AT_ONCE: Final = 100


def require_time(publish_at: datetime, now: datetime) -> datetime:
    """``publish_at`` to the minute. Raises Refused unless it lies ahead, at most SCHEDULE_DAYS days."""
    minute = publish_at.replace(second=0, microsecond=0)
    if minute <= now:
        raise Refused(_("This time has passed. Choose a later one, or publish now."))
    if minute > now + timedelta(days=settings.SCHEDULE_DAYS):
        raise Refused(
            _("This is more than %(days)d days ahead. Choose an earlier time.")
            % {"days": settings.SCHEDULE_DAYS}
        )
    return minute


def hold(release: Release, publish_at: datetime, user: Any, now: datetime) -> Schedule:
    """Hold ``release`` until ``publish_at``, in the caller's transaction."""
    return Schedule.objects.create(release=release, publish_at=publish_at, set_by=user, set_at=now)


def not_held(rows: QuerySet[Delivery], states: Iterable[str] = HELD) -> QuerySet[Delivery]:
    """Of ``rows``, those no schedule in one of ``states`` holds back."""
    schedules = Schedule.objects.filter(release_id=OuterRef("release_id"), state__in=list(states))
    return rows.filter(~Exists(schedules))


def begun(releases: Any) -> Any:
    """Of ``releases``, those that were published at once or have begun by their schedule."""
    return releases.filter(Q(schedule__isnull=True) | ~Q(schedule__state__in=NEVER_BEGUN))


def of_releases(ids: Iterable[int]) -> dict[int, Schedule]:
    """Release id → its schedule, as long as that holds it: one query."""
    rows = Schedule.objects.filter(release_id__in=list(ids), state__in=HELD)
    return {row.release_id: row for row in rows}


def may_leave_out(user: Any, unit_id: int | None) -> bool:
    """Whether ``user`` takes a channel out of what is signed and held, for warnings of the unit.

    Administrators look after the channels, not after what is said on them.
    """
    return memberships.holds_over(user, Role.PUBLISHER, Role.APPROVER, unit_id=unit_id)


def mark_missed(now: datetime) -> int:
    """Write down which times have passed by more than the grace. Returns how many are new."""
    late = now - timedelta(seconds=settings.SCHEDULE_GRACE)
    rows = Schedule.objects.filter(state=Schedule.State.WAITING, publish_at__lt=late)
    return rows.update(state=Schedule.State.MISSED, missed_at=now)


def begin_due(now: datetime) -> int:
    """Begin what is due at ``now``; what is too late is marked as missed first. Returns how many releases began."""
    mark_missed(now)
    if halt.standing() is not None:
        return 0
    with transaction.atomic():
        rows = Schedule.objects.filter(state=Schedule.State.WAITING, publish_at__lte=now)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        return sum(_begin(row, now) for row in rows.order_by("publish_at", "pk")[:_AT_ONCE])


def publish_now(release: Release, user: Any, reason: str, noted: Mapping[str, str] | None = None) -> None:
    """Begin a held release at once, under the same seal. Raises Refused.

    ``noted``, here and below, is what the log keeps of in whose place ``user`` decides.
    """
    with transaction.atomic():
        schedule = _held(release)
        if halt.standing() is not None:
            raise Refused(_("Everything is stopped, so nothing is published. First let the sending go on."))
        if not _begin(schedule, clock.now(), actor=str(user)):
            raise Refused(_("This changed a moment ago. Reload the page to see how it stands now."))
        _written(schedule, user, "publishers.schedule_now", reason, noted, was=schedule.publish_at)
        doorbell.ring()


def set_time(
    release: Release,
    user: Any,
    publish_at: datetime,
    reason: str,
    noted: Mapping[str, str] | None = None,
) -> Schedule:
    """Give a held release another time; the seal stays. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why the time changes: the reason goes into the log."))
    now = clock.now()
    with transaction.atomic():
        schedule = _held(release)
        was, schedule.publish_at = schedule.publish_at, require_time(publish_at, now)
        schedule.state = Schedule.State.WAITING
        schedule.set_by, schedule.set_at = user, now
        schedule.save(update_fields=["publish_at", "state", "set_by", "set_at"])
        _waiting(release).update(next_attempt_at=schedule.publish_at, updated_at=now)
        times = {"was": was, "becomes": schedule.publish_at}
        _written(schedule, user, "publishers.schedule_change", reason, noted, **times)
    return schedule


def cancel(release: Release, user: Any, reason: str, noted: Mapping[str, str] | None = None) -> None:
    """Give a held release up: nothing of it ever leaves. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why this is not published: its author reads it in the log."))
    with transaction.atomic():
        schedule = _held(release)
        _settle(schedule, Schedule.State.CANCELLED, clock.now())
        _give_up(
            [release.pk],
            actor=str(user),
            error_code=CANCELLED,
            error_sentence=_("The publication was cancelled before its time."),
        )
        _written(schedule, user, "publishers.schedule_cancel", reason, noted, was=schedule.publish_at)


def supersede(page_id: int, code: str, sentence: str) -> None:
    """A newer version of the warning was signed: what is still held never leaves. In the caller's transaction."""
    rows = list(
        Schedule.objects.select_for_update().filter(release__page_id=page_id, state__in=HELD).order_by("pk")
    )
    for row in rows:
        _settle(row, Schedule.State.SUPERSEDED, clock.now())
    if rows:
        _give_up([row.release_id for row in rows], error_code=code, error_sentence=sentence)


def time_of(moment: datetime) -> str:
    """A time as people read it, with its zone."""
    return _("%(time)s (Vietnam time, GMT+7)") % {"time": localtime(moment).strftime("%H:%M %d/%m/%Y")}


def _begin(schedule: Schedule, now: datetime, actor: str = "") -> bool:
    if not _settle(schedule, Schedule.State.BEGUN, now):
        return False
    release = schedule.release
    images = release.payloads.values_list("images", flat=True)
    for digest in sealed.named_in(release.snapshot, *images):
        try:
            sealed.release(digest)
        except sealed.SealedFileDamaged as error:
            # Sending refuses it by itself, channel by channel, and raises the alarm.
            logger.error("Release %s: %s", release.reference, error)  # noqa: TRY400
    rows = list(_waiting(schedule.release).select_related("channel").select_for_update(of=("self",)))
    first = [row for row in rows if row.channel.kind == PORTAL]
    move_all(first, State.DUE, actor=actor, next_attempt_at=now)
    # The rest as with every release: after the portal's page, or a moment later at the latest.
    rest = [row.pk for row in rows if row.channel.kind != PORTAL]
    when = headstart.first_attempt_at(now) if first else now
    Delivery.objects.filter(pk__in=rest).update(next_attempt_at=when, updated_at=now)
    return True


def _settle(schedule: Schedule, state: str, now: datetime) -> bool:
    rows = Schedule.objects.filter(pk=schedule.pk, state=schedule.state)
    return rows.update(state=state, settled_at=now) == 1


def _held(release: Release) -> Schedule:
    schedule = (
        Schedule.objects.select_for_update(of=("self",)).filter(release=release, state__in=HELD).first()
    )
    if schedule is None:
        raise Refused(
            _("This does not wait for its time any more. Reload the page to see how it stands now.")
        )
    return schedule


def _waiting(release: Release) -> QuerySet[Delivery]:
    return Delivery.objects.filter(release_id=release.pk, state=State.SCHEDULED).order_by("pk")


def _give_up(release_ids: list[int], *, actor: str = "", **cause: str) -> None:
    rows = Delivery.objects.select_for_update().filter(release_id__in=release_ids, state=State.SCHEDULED)
    move_all(list(rows.order_by("pk")), State.CANCELLED, actor=actor, next_attempt_at=None, **cause)


def _written(
    schedule: Schedule,
    user: Any,
    action: str,
    reason: str,
    noted: Mapping[str, str] | None,
    **times: datetime,
) -> None:
    release = schedule.release
    log(
        instance=release.page,
        action=action,
        user=user,
        data={
            "reference": release.reference,
            "seal": release.seal,
            "reason": " ".join(reason.split())[:300],
            **{name: moment.isoformat() for name, moment in times.items()},
            **(noted or {}),
        },
    )
