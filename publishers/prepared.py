"""Queries of the hot path, written down once: Django takes ten times as long to write one as the database to answer.

The words stay Django's own: a query is built and compiled as always, with a time that stands for every other,
and that time is exchanged at each use.
"""

from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

STAND_IN: Final = datetime(1971, 3, 5, 7, 11, 13, 170_019, tzinfo=UTC)
"""No time of ours: whatever equals it in a compiled query is the time of its use."""
FIRST_KEY: Final = -1_971_030_507
"""No key of ours, nor are those after it: whatever equals one in a compiled query is a key asked for."""


class Prepared:
    """A query that differs from use to use in the time, and in the keys it asks for, alone.

    ``build`` makes it from a time, from what else it depends on, and, where it is asked for ``keys``, from
    these; for each dependence and number of keys it is compiled once.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._compiled: dict[Hashable, tuple[Any, str, tuple[Any, ...]]] = {}

    def rows(self, now: datetime, *depends: Hashable) -> list[tuple[Any, ...]]:
        """What it finds at ``now``, as the database gives it."""
        with connection.cursor() as cursor:
            _model, sql, values = self._at(now, depends, ())
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def models(self, now: datetime, *depends: Hashable, keys: Sequence[int] = ()) -> list[Any]:
        """What it finds at ``now``, as rows of its model; what it selects besides becomes an attribute."""
        model, sql, values = self._at(now, depends, keys)
        return list(model.objects.raw(sql, values))

    def _at(
        self, now: datetime, depends: tuple[Hashable, ...], keys: Sequence[int]
    ) -> tuple[Any, str, tuple[Any, ...]]:
        known = (connection.vendor, len(keys), *depends)
        if known not in self._compiled:
            stand_ins = [FIRST_KEY + number for number in range(len(keys))]
            query = self._build(STAND_IN, *depends, *([stand_ins] if keys else []))
            self._compiled[known] = (query.model, *query.query.sql_with_params())
        model, sql, values = self._compiled[known]
        adapt = connection.ops.adapt_datetimefield_value
        exchanged = {adapt(STAND_IN): adapt(now)} | {
            FIRST_KEY + number: key for number, key in enumerate(keys)
        }
        return model, sql, tuple(exchanged.get(value, value) for value in values)
