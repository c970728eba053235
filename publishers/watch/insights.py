"""The figures of every post, collected by schedule and kept; a figure a platform does not give is null."""

import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishers import pace, registry
from publishers.connect import publisher_for
from publishers.contracts import PublishError, RateLimited
from publishers.models import Delivery, Insight
from publishers.states import PUBLIC

logger = logging.getLogger(__name__)

MOST: Final = 100
RUN_SECONDS: Final = 45.0
_PLAN: Final = (
    (timedelta(days=3), timedelta(hours=6)),
    (timedelta(days=30), timedelta(days=1)),
)
"""Until this age of a post, one look this often; afterwards none."""
_AFTER_ERROR: Final = timedelta(hours=1)


class Metric(models.TextChoices):
    """What is counted."""

    VIEWS = "views", _("Views")
    VIEWERS = "viewers", _("People reached")
    CLICKS = "clicks", _("Clicks")
    REACTIONS = "reactions", _("Reactions")
    COMMENTS = "comments", _("Comments under the post")
    SHARES = "shares", _("Shares")


def collect(now: datetime, *, most: int = MOST, seconds: float = RUN_SECONDS) -> int:
    """Ask for the figures that are due; how many posts were asked about."""
    end = time.monotonic() + seconds
    count = 0
    for delivery in _due(now)[:most]:
        if time.monotonic() >= end:
            break
        _collect_one(delivery, now)
        count += 1
    return count


def latest(deliveries: Iterable[int]) -> dict[int, dict[str, int | None]]:
    """Delivery id → metric → the newest figure."""
    found: dict[int, dict[str, int | None]] = {}
    rows = Insight.objects.filter(delivery_id__in=list(deliveries)).order_by("taken_at")
    for row in rows:
        found.setdefault(row.delivery_id, {})[row.metric] = row.value
    return found


def _due(now: datetime) -> models.QuerySet[Delivery]:
    able = [kind for kind in registry.kinds() if _counts(kind)]
    rows = Delivery.objects.filter(
        pace.is_open("channel__", now),
        Q(channel__credential__isnull=True) | pace.is_open("channel__credential__", now),
        figures_at__lte=now,
        state__in=PUBLIC,
        channel__kind__in=able,
        channel__is_active=True,
        channel__paused_reason="",
    )
    return rows.select_related("channel__credential").order_by("figures_at", "pk")


def _counts(kind: str) -> bool:
    try:
        return registry.capabilities(kind).insights
    except (ImportError, AttributeError):
        return False


def _collect_one(delivery: Delivery, now: datetime) -> None:
    try:
        figures = publisher_for(delivery.channel).insights(delivery.remote_id)
    except Exception as error:
        # Figures are an extra: whatever an adapter raises, they are asked for again later.
        if isinstance(error, RateLimited):
            pace.slow_down(delivery.channel, error.scope, error.retry_after or 60.0, now)
        code = error.code if isinstance(error, PublishError) else type(error).__name__
        logger.info("No figures for delivery %s: %s", delivery.pk, code)
        Delivery.objects.filter(pk=delivery.pk).update(figures_at=now + _AFTER_ERROR)
        return
    known = set(Metric.values)
    with transaction.atomic():
        Insight.objects.bulk_create(
            [
                Insight(delivery=delivery, metric=metric, value=value, taken_at=now)
                for metric, value in figures.items()
                if metric in known
            ],
            ignore_conflicts=True,
        )
        Delivery.objects.filter(pk=delivery.pk).update(figures_at=_next(delivery, now))


def _next(delivery: Delivery, now: datetime) -> datetime | None:
    age = now - (delivery.delivered_at or now)
    return next((now + every for until, every in _PLAN if age < until), None)
