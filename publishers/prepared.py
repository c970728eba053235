"""Queries of the hot path, written down once: Django takes ten times as long to write one as the database to answer.

The words stay Django's own: a query is built and compiled as always, with a time that stands for every other,
and that time is exchanged at each use.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

STAND_IN: Final = datetime(1971, 3, 5, 7, 11, 13, 170_019, tzinfo=UTC)
"""No time of ours: whatever equals it in a compiled query is the time of its use."""
FIRST_KEY: Final = -1_971_030_507
"""No key of ours, nor are those after it: whatever equals one in a compiled query is a key asked for."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A query in SQL, and how a row of its answer becomes a model; the same for every thread."""

    sql: str
    values: tuple[Any, ...]
    model: type[Model]
    converters: tuple[tuple[int, tuple[Any, ...], Any], ...]
    names: tuple[str, ...]
    columns: slice
    related: tuple[Any, ...]
    besides: tuple[tuple[str, int], ...]

    def instance(self, row: Sequence[Any]) -> Any:
        values = list(row)
        for place, converters, expression in self.converters:
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        made = self.model.from_db(DEFAULT_DB_ALIAS, self.names, values[self.columns])
        for populator in self.related:
            populator.populate(values, made)
        for name, place in self.besides:
            setattr(made, name, values[place])
        return made


class Prepared:
    """A query that differs from use to use in the time, and in the keys it asks for, alone.

    ``build`` makes it from a time, from what else it depends on, and, where it is asked for ``keys``, from
    these; for each dependence and number of keys it is compiled once.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._compiled: dict[Hashable, _Compiled] = {}

    def rows(self, now: datetime, *depends: Hashable) -> list[tuple[Any, ...]]:
        """What it finds at ``now``, as the database gives it."""
        return self._asked(self._query(depends, 0), now, ())

    def models(self, now: datetime, *depends: Hashable, keys: Sequence[int] = ()) -> list[Any]:
        """What it finds at ``now``, as rows of its model with what they are joined to.

        What it selects besides becomes an attribute.
        """
        query = self._query(depends, len(keys))
        return [query.instance(row) for row in self._asked(query, now, keys)]

    def _asked(self, query: _Compiled, now: datetime, keys: Sequence[int]) -> list[tuple[Any, ...]]:
        adapt = connection.ops.adapt_datetimefield_value
        exchanged = {adapt(STAND_IN): adapt(now)} | {
            FIRST_KEY + number: key for number, key in enumerate(keys)
        }
        with connection.cursor() as cursor:
            cursor.execute(query.sql, tuple(exchanged.get(value, value) for value in query.values))
            return list(cursor.fetchall())

    def _query(self, depends: tuple[Hashable, ...], keys: int) -> _Compiled:
        known = (connection.vendor, keys, *depends)
        if known not in self._compiled:
            stand_ins = [FIRST_KEY + number for number in range(keys)]
            self._compiled[known] = _compiled(self._build(STAND_IN, *depends, *([stand_ins] if keys else [])))
        return self._compiled[known]


def _compiled(rows: QuerySet[Any, Any]) -> _Compiled:
    # As Django's own ModelIterable reads its compiler.
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, values = compiler.as_sql()
    chosen = [expression for expression, _sql, _alias in compiler.select]
    places = (compiler.klass_info or {}).get("select_fields", [])
    return _Compiled(
        sql=sql,
        values=tuple(values),
        model=rows.model,
        converters=tuple(
            (place, tuple(converters), expression)
            for place, (converters, expression) in compiler.get_converters(chosen).items()
        ),
        names=tuple(chosen[place].target.attname for place in places),
        columns=slice(places[0], places[-1] + 1) if places else slice(0, 0),
        related=tuple(_populators(compiler)) if places else (),
        besides=tuple(compiler.annotation_col_map.items()) if compiler.annotation_col_map else (),
    )


def _populators(compiler: Any) -> list[Any]:
    # The stubs are of a newer Django, which wants one argument more.
    return get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
