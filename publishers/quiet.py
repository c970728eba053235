"""Quiet hours of a channel, in local time."""

from datetime import datetime, timedelta

from django.utils import timezone

from publishers.models import Channel


def quiet_until(channel: Channel, now: datetime, *, urgent: bool) -> datetime | None:
    """When the quiet hours that ``now`` lies in end; None outside of them.

    Urgent warnings are sent at any hour, unless the channel says otherwise. Hours may span midnight; equal
    ends mean no quiet hours.
    """
    begin, end = channel.quiet_from, channel.quiet_until
    if begin is None or end is None or begin == end or (urgent and not channel.quiet_for_urgent):
        return None
    local = timezone.localtime(now)
    clock = local.time()
    inside = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not inside:
        return None
    day = local.date() if clock < end else local.date() + timedelta(days=1)
    return datetime.combine(day, end, tzinfo=local.tzinfo)
