"""The watch verifies the audit trail by itself, and tells the administrators when it was altered."""

from datetime import timedelta

from django.core import mail
from django.db import connection
from django.utils import timezone

import pytest

from cms.audit import guards
from cms.audit.models import Entry, Link
from cms.audit.recording import record
from cms.users.roles import Role
from publishers.models import Notice
from publishers.watch.trail import TrailCheck
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def head_file(settings, tmp_path):
    settings.AUDIT_HEAD = tmp_path / "head.json"


def alter(statement: str) -> None:
    with connection.cursor() as cursor:
        for drop in guards.drop_statements(connection.vendor):
            cursor.execute(drop)
        cursor.execute(statement)
        for create in guards.create_statements(connection.vendor):
            cursor.execute(create)


def test_what_a_killed_process_left_is_linked_and_an_alteration_is_told_until_it_is_mended(site):
    factories.user("nam", Role.ADMINISTRATOR)
    record("audit.change", label="gốc")
    check, now = TrailCheck(), timezone.now()
    assert check(now)
    assert Link.objects.count() == Entry.objects.count()

    record("audit.change", label="mới")
    assert check(now + timedelta(minutes=1))

    alter("UPDATE audit_entry SET login = 'nguoi-khac' WHERE object_label = 'gốc'")
    assert check(now + timedelta(minutes=2))  # an old entry: found by the daily round
    assert not check(now + timedelta(days=1, minutes=1))
    notice = Notice.objects.get(key="audit-broken")
    assert notice.ended_at is None
    assert len(mail.outbox) == 1

    assert not check(now + timedelta(days=1, minutes=2))
    assert len(mail.outbox) == 1
    alter("UPDATE audit_entry SET login = '' WHERE object_label = 'gốc'")
    assert check(now + timedelta(days=1, minutes=3))
    notice.refresh_from_db()
    assert notice.ended_at is not None


def test_an_alteration_of_what_is_new_is_told_at_once(site):
    factories.user("nam", Role.ADMINISTRATOR)
    check, now = TrailCheck(), timezone.now()
    assert check(now)
    record("audit.change", label="mới")
    alter("UPDATE audit_entry SET object_label = 'khác' WHERE object_label = 'mới'")
    assert not check(now + timedelta(minutes=1))
    assert "audit-broken" in Notice.objects.values_list("key", flat=True)
