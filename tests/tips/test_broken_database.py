"""What a citizen reads when the database fails; the change is committed, as a damage would be."""

from django.db import connection

from tests.tips.conftest import SEND, filled


def test_a_broken_database_is_said_politely(live_db, citizen):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE intake_knock RENAME TO intake_gone")
    answer = citizen.post(SEND, filled())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE intake_gone RENAME TO intake_knock")
    assert answer.status_code == 503
    assert "nút Quay lại" in answer.content.decode()
