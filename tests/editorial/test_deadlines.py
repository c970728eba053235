"""How long a warning may wait."""

from datetime import datetime, time, timedelta

from django.utils import timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.editorial.deadlines import ApprovalDeadlines, after_working_time, term
from cms.users.roles import Role
from tests import factories

RULES = ApprovalDeadlines()


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.strptime(text, "%d/%m/%Y %H:%M"))


@pytest.mark.parametrize(
    ("severity", "submitted", "due"),
    [
        # Urgent ones are counted through nights and weekends.
        ("urgent", "27/11/2026 23:50", "28/11/2026 00:20"),
        ("caution", "27/11/2026 08:00", "27/11/2026 12:00"),
        # Friday afternoon: the rest on Monday morning.
        ("caution", "27/11/2026 16:00", "30/11/2026 10:30"),
        ("caution", "28/11/2026 10:00", "30/11/2026 11:30"),
        ("caution", "26/11/2026 22:00", "27/11/2026 11:30"),
        # Exactly to the end of a day, not to the beginning of the next.
        ("caution", "27/11/2026 13:00", "27/11/2026 17:00"),
        ("info", "23/11/2026 07:30", "25/11/2026 12:30"),
    ],
)
def test_the_deadline_by_severity(severity, submitted, due):
    assert term(severity, at(submitted), RULES).due == at(due)


def test_the_second_step_comes_after_the_same_time_again():
    found = term("urgent", at("27/11/2026 10:00"), RULES)
    assert (found.due, found.escalates) == (at("27/11/2026 10:30"), at("27/11/2026 11:00"))
    assert not found.is_overdue(at("27/11/2026 10:29"))
    assert found.is_overdue(found.due)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.integers(1, 60), st.integers(1, 60))
def test_working_time_adds_up(moment, first, second):
    began = timezone.make_aware(moment)
    one = after_working_time(began, timedelta(hours=first), RULES)
    both = after_working_time(began, timedelta(hours=first + second), RULES)
    assert after_working_time(one, timedelta(hours=second), RULES) == both
    assert began < one < both
    local = timezone.localtime(both)
    assert local.weekday() < 5
    assert RULES.day_begins < local.time() <= RULES.day_ends


@pytest.mark.django_db
def test_a_working_day_that_ends_before_it_begins_is_refused_beside_its_field(site, client):
    client.force_login(factories.user("nam", Role.ADMINISTRATOR))
    url = f"/admin/settings/editorial/approvaldeadlines/{ApprovalDeadlines.load().pk}/"
    fields = {"urgent_minutes": 20, "caution_hours": 4, "info_hours": 24, "digest_at": "07:30"}
    refused = client.post(url, {**fields, "day_begins": "17:00", "day_ends": "08:00"})
    assert "Giờ kết thúc ngày làm việc phải sau giờ bắt đầu." in refused.content.decode()
    client.post(url, {**fields, "day_begins": "08:00", "day_ends": "17:00"})
    rules = ApprovalDeadlines.load()
    assert (rules.urgent_minutes, rules.day_begins) == (20, time(8))
