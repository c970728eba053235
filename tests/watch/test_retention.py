"""Handled events of a platform are forgotten after a while; what is not handled yet is not."""

from datetime import timedelta

from django.utils import timezone

import pytest

from publishers.models import PlatformEvent
from publishers.watch.retention import KEPT, forget_events

pytestmark = pytest.mark.django_db


def event(name: str, age: timedelta, *, handled: bool = True) -> None:
    then = timezone.now() - age
    PlatformEvent.objects.create(
        platform="zalo", event_id=name, name=name, received_at=then, handled_at=then if handled else None
    )


def test_only_old_and_handled_events_are_forgotten():
    hour = timedelta(hours=1)
    event("old", KEPT + hour)
    event("young", KEPT - hour)
    event("waiting", KEPT + hour, handled=False)
    assert forget_events(timezone.now()) == 1
    assert set(PlatformEvent.objects.values_list("name", flat=True)) == {"young", "waiting"}
    assert forget_events(timezone.now()) == 0
