"""The writes of the hot path: plain values into plain columns, without Django writing each statement anew.

Values pass through the model's own fields, so a column gets what ``save()`` would put there.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model


def update(model: type[Model], where: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """Set ``values`` in the rows that equal ``where``; how many there were. Both name fields; no expressions."""
    sql = _update(connection.vendor, model, tuple(values), tuple(where))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_adapted(model, values), *_adapted(model, where)])
        return int(cursor.rowcount)


def insert(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Append ``rows``, which all name the same fields: every one without a default in the database."""
    if not rows:
        return
    sql = _insert(connection.vendor, model, tuple(rows[0]), len(rows))
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for row in rows for value in _adapted(model, row)])


def _adapted(model: type[Model], values: Mapping[str, Any]) -> list[Any]:
    get = model._meta.get_field
    return [get(name).get_db_prep_save(value, connection) for name, value in values.items()]  # type: ignore[union-attr]


@cache
def _update(_vendor: str, model: type[Model], values: tuple[str, ...], where: tuple[str, ...]) -> str:
    sets = ", ".join(f"{column} = %s" for column in _columns(model, values))
    conditions = " AND ".join(f"{column} = %s" for column in _columns(model, where))
    return f"UPDATE {_table(model)} SET {sets} WHERE {conditions}"  # noqa: S608 - names of ours


@cache
def _insert(_vendor: str, model: type[Model], names: tuple[str, ...], count: int) -> str:
    places = ", ".join(["(" + ", ".join(["%s"] * len(names)) + ")"] * count)
    columns = ", ".join(_columns(model, names))
    return f"INSERT INTO {_table(model)} ({columns}) VALUES {places}"  # noqa: S608 - names of ours


def _columns(model: type[Model], names: tuple[str, ...]) -> list[str]:
    fields = {field.name: field.column for field in model._meta.concrete_fields}
    return [connection.ops.quote_name(fields[name] or name) for name in names]


def _table(model: type[Model]) -> str:
    return str(connection.ops.quote_name(model._meta.db_table))
