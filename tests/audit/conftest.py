"""Fixtures of the audit trail."""

from pathlib import Path

from django.db import connection

import pytest

from cms.audit import guards
from cms.users.models import User
from cms.users.roles import Role
from tests import factories


@pytest.fixture(autouse=True)
def head_file(settings, tmp_path) -> Path:
    """The end of the chain, kept in a file of the test's own."""
    settings.AUDIT_HEAD = tmp_path / "audit-head.json"
    return settings.AUDIT_HEAD


@pytest.fixture
def nam(site: None) -> User:
    """An administrator."""
    return factories.user("nam", Role.ADMINISTRATOR)


class Attacker:
    """Somebody with every right on the database, and no key."""

    def run(self, statement: str, values: tuple = ()) -> int:
        """Change the trail behind the product's back; the triggers stand again afterwards. Rows changed."""
        with connection.cursor() as cursor:
            for drop in guards.drop_statements(connection.vendor):
                cursor.execute(drop)
            cursor.execute(statement, values)
            count = cursor.rowcount
            for create in guards.create_statements(connection.vendor):
                cursor.execute(create)
        return count


@pytest.fixture
def attacker(db: None) -> Attacker:
    """See Attacker."""
    return Attacker()
