"""«Vì sao chưa gửi?»: what keeps a delivery where it is, in words, the decisive reason first."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from publishers import beats, halt, registry, scheduling
from publishers.claims import UNSETTLED, superseded
from publishers.models import Delivery, Platform, Schedule
from publishers.quiet import quiet_until
from publishers.states import PUBLIC, State


def explain(delivery: Delivery, now: datetime) -> list[str]:
    """Sentences for a person; at least one."""
    state = State(delivery.state)
    since = delivery.transitions.order_by("-pk").values_list("at", flat=True).first() or delivery.updated_at
    found = [_("State: %(state)s, since %(time)s.") % {"state": state.label, "time": _time(since)}]
    if delivery.error_sentence:
        found.append(delivery.error_sentence)
    if state in (State.SCHEDULED, State.DUE):
        found += _waiting(delivery, now)
    elif state == State.UNCONFIRMED:
        found += _looking(delivery, now)
    elif state == State.SENDING and delivery.lease_until is not None:
        found.append(
            _("A worker is at it; if it does not come back, the system settles it after %s.")
            % _time(delivery.lease_until)
        )
    elif state in PUBLIC:
        found.append(_("It is out: %s") % (delivery.remote_url or delivery.remote_id))
    if delivery.notice:
        found.append(delivery.notice)
    return found


def _waiting(delivery: Delivery, now: datetime) -> Iterator[str]:
    yield from _closed(delivery, now)
    before = delivery.follows
    if before is not None and before.state in UNSETTLED:
        yield _("It follows an earlier post (%(code)s) of which is not yet known whether it is out.") % {
            "code": before.release.reference
        }
    if superseded([delivery]):
        yield _("A newer approved version of this warning goes to this channel instead.")
    wait = quiet_until(delivery.channel, now, urgent=delivery.urgent)
    if wait is not None:
        yield _("The channel has its quiet hours until %s.") % _time(wait)
    held = scheduling.of_releases([delivery.release_id]).get(delivery.release_id)
    if delivery.state == State.SCHEDULED and held is not None:
        yield (
            _("It missed its time, %s: a person decides.")
            if held.state == Schedule.State.MISSED
            else _("It is scheduled for %s.")
        ) % scheduling.time_of(held.publish_at)
        return
    if delivery.state == State.SCHEDULED:
        yield _("Waits until the page on the public portal is there, so that its link works.")
    if delivery.next_attempt_at is not None and delivery.next_attempt_at > now:
        yield _("Next attempt at %(time)s: attempt %(next)d of %(most)d.") % {
            "time": _time(delivery.next_attempt_at),
            "next": delivery.attempts + 1,
            "most": settings.PUBLISH_MAX_ATTEMPTS,
        }
    beat = beats.last("worker")
    if beat is None or beats.silence(beat, now):
        yield _("No worker gives a sign of life. Tell the system administrator to start one.")


def _looking(delivery: Delivery, now: datetime) -> Iterator[str]:
    yield from _closed(delivery, now, but_halt=True)
    if delivery.next_attempt_at is not None:
        yield _("The system looks on the channel at %(time)s, for the %(count)d. time.") % {
            "time": _time(max(delivery.next_attempt_at, now)),
            "count": delivery.lookups + 1,
        }


def _closed(delivery: Delivery, now: datetime, *, but_halt: bool = False) -> Iterator[str]:
    stopped = None if but_halt else halt.standing()
    if stopped is not None:
        yield _("Everything is stopped: %s") % stopped.reason
    channel = delivery.channel
    if channel.kind not in registry.usable():
        yield _(
            "The program part for this kind of channel is missing or broken. Tell the system administrator."
        )
    if not channel.is_active:
        yield _("The channel is not in use, so this waits. Switch it on under Channels.")
    if channel.paused_reason:
        yield _("The channel is paused: %s") % channel.paused_reason
    platform = Platform.objects.filter(pk=registry.platform_of(channel.kind)).first()
    for who, row in (
        (_("The channel"), channel),
        (_("The account"), channel.credential),
        (_("The platform"), platform),
    ):
        if row is not None and row.open_at is not None and row.open_at > now:
            yield _("%(who)s takes nothing before %(time)s (pace, or asked by the platform).") % {
                "who": who,
                "time": _time(row.open_at),
            }


def _time(moment: datetime) -> str:
    return localtime(moment).strftime("%H:%M:%S %d/%m/%Y")
