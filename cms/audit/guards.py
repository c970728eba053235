"""The triggers that keep the application, and everybody else, from changing what stands in the trail."""

from typing import Final

from django.db import connection

TABLES: Final = ("audit_entry", "audit_link")
_NAMES: Final = ("update", "delete", "replace", "truncate")

_SQLITE: Final = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {pk} = NEW.{pk})
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""
_POSTGRES_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
"""
_POSTGRES: Final = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
"""
_KEYS: Final = {"audit_entry": "id", "audit_link": "sequence"}


def create_statements(vendor: str) -> list[str]:
    """The statements that put the triggers up, one by one."""
    if vendor == "postgresql":
        parts = [_POSTGRES_FUNCTION]
        for table in TABLES:
            parts += [f"CREATE TRIGGER {one}" for one in _split(_POSTGRES.format(table=table))]
        return parts
    return [
        f"CREATE TRIGGER {one}"
        for table in TABLES
        for one in _split(_SQLITE.format(table=table, pk=_KEYS[table]))
    ]


def drop_statements(vendor: str) -> list[str]:
    """The statements that take them down: for a migration that has to alter a table, never for data."""
    names = [(table, name) for table in TABLES for name in _NAMES]
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{name} ON {table}" for table, name in names]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{name}" for table, name in names]


def missing() -> list[str]:
    """Names of triggers that should be there and are not, or are switched off."""
    postgres = connection.vendor == "postgresql"
    kinds = ("update", "delete", "truncate") if postgres else ("update", "delete", "replace")
    wanted = {f"{table}_no_{kind}" for table in TABLES for kind in kinds}
    with connection.cursor() as cursor:
        if postgres:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') "
                "AND tgrelid IN (%s::regclass, %s::regclass)",
                list(TABLES),
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {name for (name,) in cursor.fetchall()}
    return sorted(wanted - there)


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split("CREATE TRIGGER ") if part.strip()]
