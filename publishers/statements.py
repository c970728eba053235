"""The writes of the hot path: plain values into plain columns, without Django writing each statement anew.

Values pass through the model's own fields, so a column gets what ``save()`` would put there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Plus:
    """So much more than the column holds."""

    by: int


@dataclass(frozen=True, slots=True)
class Unless:
    """This value, where the column holds none."""

    value: Any


def update(model: type[Model], where: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """Set ``values`` in the rows that equal ``where``; how many there were. Both name fields; no expressions."""
    sql = _update(connection.vendor, model, tuple(values), tuple(where))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_adapted(model, values), *_adapted(model, where)])
        return int(cursor.rowcount)


def update_all(
    model: type[Model], keys: Sequence[int], where: Mapping[str, Any], values: Mapping[str, Any]
) -> int:
    """``update``, in the rows of these ``keys`` alone; a value may be Plus or Unless."""
    asked = tuple(
        (name, type(value) if isinstance(value, Plus | Unless) else None) for name, value in values.items()
    )
    sql = _update_all(connection.vendor, model, asked, tuple(where), len(keys))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_adapted(model, values), *_adapted(model, where), *keys])
        return int(cursor.rowcount)


def insert(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Append ``rows``, which all name the same fields: every one without a default in the database. Their keys."""
    if not rows:
        return []
    sql = _insert(connection.vendor, model, tuple(rows[0]), len(rows))
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for row in rows for value in _adapted(model, row)])
        return [key for (key,) in cursor.fetchall()]


def _adapted(model: type[Model], values: Mapping[str, Any]) -> list[Any]:
    return [_plain(model._meta.get_field(name), value) for name, value in values.items()]


def _plain(field: Any, value: Any) -> Any:
    if isinstance(value, Plus):
        return value.by
    return field.get_db_prep_save(value.value if isinstance(value, Unless) else value, connection)


@cache
def _update(_vendor: str, model: type[Model], values: tuple[str, ...], where: tuple[str, ...]) -> str:
    sets = ", ".join(f"{column} = %s" for column in _columns(model, values))
    conditions = " AND ".join(f"{column} = %s" for column in _columns(model, where))
    return f"UPDATE {_table(model)} SET {sets} WHERE {conditions}"  # noqa: S608 - names of ours


@cache
def _update_all(
    _vendor: str,
    model: type[Model],
    values: tuple[tuple[str, type[Plus] | type[Unless] | None], ...],
    where: tuple[str, ...],
    count: int,
) -> str:
    how: dict[type[Plus] | type[Unless] | None, str] = {
        None: "{0} = %s",
        Plus: "{0} = {0} + %s",
        Unless: "{0} = COALESCE({0}, %s)",
    }
    columns = _columns(model, tuple(name for name, _kind in values))
    sets = ", ".join(how[kind].format(column) for column, (_name, kind) in zip(columns, values, strict=True))
    conditions = " AND ".join(f"{column} = %s" for column in _columns(model, where))
    keys = f"{_columns(model, ('id',))[0]} IN ({', '.join(['%s'] * count)})"
    return f"UPDATE {_table(model)} SET {sets} WHERE {conditions} AND {keys}"  # noqa: S608 - names of ours


@cache
def _insert(_vendor: str, model: type[Model], names: tuple[str, ...], count: int) -> str:
    places = ", ".join(["(" + ", ".join(["%s"] * len(names)) + ")"] * count)
    columns, key = ", ".join(_columns(model, names)), _columns(model, ("id",))[0]
    return f"INSERT INTO {_table(model)} ({columns}) VALUES {places} RETURNING {key}"  # noqa: S608 - names of ours


def _columns(model: type[Model], names: tuple[str, ...]) -> list[str]:
    fields = {field.name: field.column for field in model._meta.concrete_fields}
    return [connection.ops.quote_name(fields[name] or name) for name in names]


def _table(model: type[Model]) -> str:
    return str(connection.ops.quote_name(model._meta.db_table))
