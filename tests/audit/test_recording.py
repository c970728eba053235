"""An entry exists exactly when the act does, costs a constant number of statements, and is linked after the commit."""

import threading

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.audit import linking, values, verifying
from cms.audit.models import Entry, Link
from cms.audit.recording import record
from cms.users.roles import Role
from publishers.models import Operator
from tests import factories


def statements(act) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        act()
    return [
        query["sql"]
        for query in queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK"))
    ]


@pytest.mark.django_db
def test_recording_costs_one_statement_and_a_tracked_change_one_more():
    operators = [Operator.objects.create(name=f"Người {number}") for number in range(50)]
    assert len(statements(lambda: record("audit.change", operators[0]))) == 1

    def change(operator: Operator, **fields: object) -> list[str]:
        for name, value in fields.items():
            setattr(operator, name, value)
        return statements(operator.save)

    assert len(change(operators[1], name="một")) == 3  # read, update, insert
    assert (
        len(change(operators[2], name="ba", email="b@example.vn", phone="1", supervisor_email="c@d.vn")) == 3
    )
    assert len(change(operators[3])) == 2  # nothing changed: read and update, no entry


@pytest.mark.django_db
def test_linking_costs_the_same_for_one_and_for_a_hundred():
    record("audit.change", label="đầu tiên")
    linking.link_pending()
    record("audit.change", label="một")
    one = len(statements(linking.link_pending))
    for number in range(100):
        record("audit.change", label=f"số {number}")
    assert len(statements(linking.link_pending)) == one


@pytest.mark.django_db
def test_an_act_that_is_rolled_back_leaves_no_entry():
    with transaction.atomic():
        Operator.objects.create(name="Mai")
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


def test_an_entry_is_linked_when_the_answer_arrives(live_db, client):
    factories.site()
    nam = factories.user("nam", Role.ADMINISTRATOR)
    client.force_login(nam)
    client.post(
        reverse("publishers_operators:add"), {"name": "Mai", "email": "a@example.vn", "is_active": "on"}
    )
    entry = Entry.objects.get(object_type="publishers.operator")
    assert entry.link.sequence > 1
    assert Link.objects.count() == Entry.objects.count()
    result = verifying.verify()
    assert (result.ok, result.head_known, result.links) == (True, True, Entry.objects.count())


def test_linking_comes_after_what_else_the_commit_sets_off(live_db):
    order = []
    with transaction.atomic():
        with transaction.atomic():
            record("audit.change", label="bên trong")
        transaction.on_commit(lambda: order.append(Link.objects.count()))
        record("audit.change", label="bên ngoài")
        with transaction.atomic():
            record("audit.change", label="bên trong nữa")
            transaction.set_rollback(True)
    assert order == [0]
    assert Link.objects.count() == Entry.objects.count() == 2


def test_without_an_entry_there_is_no_change(live_db):
    """The disk is full, or somebody broke the table: the act does not happen silently."""
    operator = Operator.objects.create(name="Mai")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry RENAME TO audit_gone")
    operator.name = "Lan"
    with pytest.raises(Exception, match="audit_entry"):
        operator.save()
    assert Operator.objects.get().name == "Mai"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_gone RENAME TO audit_entry")


def test_many_at_once_make_one_chain(live_db):
    def work(name: str) -> None:
        try:
            for number in range(15):
                Operator.objects.create(name=f"{name} {number}")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(f"Luồng {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    linking.link_pending()
    assert Link.objects.count() == Entry.objects.count() == 60
    assert verifying.verify().ok


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(JSON, st.text(max_size=20))
@pytest.mark.django_db
def test_anything_can_be_written_down_and_verified(value, name):
    with transaction.atomic():
        record("audit.change", label=name, changes={"x": (values.plain(value), None)}, details={name: value})
        linking.link_pending()
        assert verifying.verify().ok
        transaction.set_rollback(True)
    linking.head.put(None)


@pytest.mark.parametrize(
    "name", ["password", "page_token", "app_secret", "client_secret", "totp", "api_key", "signing_key", "OTP"]
)
def test_names_of_secrets_are_known(name):
    assert values.is_secret(name)


@pytest.mark.parametrize("name", ["title", "key", "position", "shipping", "translation_key", "remote_id"])
def test_other_names_are_not(name):
    assert not values.is_secret(name)
