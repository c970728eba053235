"""Nobody changes what stands in the trail: the database refuses it."""

from django.db import DatabaseError, connection, transaction

import pytest

from cms.audit import linking
from cms.audit.models import Entry, Link
from cms.audit.recording import record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def chain(db, head_file):
    for number in range(3):
        record("audit.change", label=f"số {number}")
    linking.link_pending()


@pytest.mark.parametrize("model", [Entry, Link])
def test_no_row_is_changed_or_deleted(model):
    for attempt in (
        lambda: model.objects.update(key="0"),
        lambda: model.objects.all().delete(),
        lambda: model.objects.first().save(),
        lambda: model.objects.first().delete(),
        lambda: model.objects.all()._raw_delete(using="default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()
    assert model.objects.count() == 3


def test_no_row_is_replaced_or_truncated():
    sqlite = connection.vendor == "sqlite"
    statements = (
        [
            "REPLACE INTO audit_link SELECT sequence, content, previous, hash, 'x', mac, entry_id FROM audit_link"
        ]
        if sqlite
        else ["TRUNCATE audit_link", "TRUNCATE audit_entry CASCADE"]
    )
    for statement in statements:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)
    assert Link.objects.count() == 3


def test_no_screen_adds_changes_or_deletes(client, nam):
    from django.urls import NoReverseMatch, get_resolver, reverse

    client.force_login(nam)
    entry = Entry.objects.first()
    for name in ("index", "results"):
        assert client.post(reverse(f"audit:{name}")).status_code == 405
    assert client.post(reverse("audit:entry", args=[entry.pk])).status_code == 405
    with pytest.raises(NoReverseMatch):
        reverse("audit:delete", args=[entry.pk])
    assert get_resolver() is not None
