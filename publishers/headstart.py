"""The portal goes first: posts link to its page, so they wait until it is there, though never for long."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from publishers import doorbell
from publishers.models import Delivery
from publishers.states import State, move_all


def first_attempt_at(now: datetime) -> datetime:
    """When the other channels of a release start at the latest, should the portal take its time."""
    return now + timedelta(seconds=settings.PUBLISH_PORTAL_HEADSTART)


def end(portal: Delivery, now: datetime) -> None:
    """The page of this release is public: what waited for it is due now."""
    rows = Delivery.objects.filter(
        release_id=portal.release_id, state=State.SCHEDULED, next_attempt_at__lte=first_attempt_at(now)
    )
    with transaction.atomic():
        waiting = list(rows.select_for_update().order_by("pk"))
        move_all(waiting, State.DUE, next_attempt_at=now)
    if waiting:
        doorbell.ring()
