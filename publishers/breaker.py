"""A channel that keeps refusing is left alone for a while, and then paused until somebody looks."""

import logging
from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from publishers import backoff, pace
from publishers.contracts import (
    AuthExpired,
    ChannelGone,
    PublishError,
    RateLimited,
    Rejected,
    Scope,
)
from publishers.models import Channel

logger = logging.getLogger(__name__)

TRIPS_AT = 3
"""Failures in a row after which a channel's other deliveries wait with the one that failed."""


def succeeded(channel: Channel) -> None:
    """The channel works: forget its refusals."""
    if channel.refusals:
        Channel.objects.filter(pk=channel.pk).update(refusals=0)


def failed(channel: Channel, error: PublishError, sentence: str, now: datetime) -> None:
    """Count a failure of ``channel``; ``sentence`` is its scrubbed wording. A throttle is no failure."""
    if isinstance(error, RateLimited | AuthExpired | ChannelGone):
        return
    Channel.objects.filter(pk=channel.pk).update(refusals=F("refusals") + 1)
    count = Channel.objects.values_list("refusals", flat=True).get(pk=channel.pk)
    if isinstance(error, Rejected) and count >= settings.PUBLISH_PAUSE_AFTER:
        reason = _("Refused %(count)d times in a row, last: %(sentence)s") % {
            "count": count,
            "sentence": sentence,
        }
        Channel.objects.filter(pk=channel.pk, paused_reason="").update(paused_reason=reason[:300])
        logger.error("Channel %s is paused after %d refusals in a row", channel.pk, count)
    elif not isinstance(error, Rejected) and count >= TRIPS_AT:
        wait = backoff.retry_delay(count - TRIPS_AT + 1, settings.PUBLISH_BACKOFF, draw=1.0)
        pace.slow_down(channel, Scope.CHANNEL, wait, now)
