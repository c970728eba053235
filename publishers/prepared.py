"""Queries of the hot path, written down once: Django takes ten times as long to write one as the database to answer.

The words stay Django's own: a query is built and compiled as always, with a time that stands for every other,
and that time is exchanged at each use.
"""

from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

STAND_IN: Final = datetime(1971, 3, 5, 7, 11, 13, 170_019, tzinfo=UTC)
"""No time of ours: whatever equals it in a compiled query is the time of its use."""


class Prepared:
    """A query that differs from use to use in the time alone.

    ``build`` makes it from a time and from what else it depends on; for each of these it is compiled once.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._compiled: dict[Hashable, tuple[Any, str, tuple[Any, ...]]] = {}

    def rows(self, now: datetime, *depends: Hashable) -> list[tuple[Any, ...]]:
        """What it finds at ``now``, as the database gives it."""
        with connection.cursor() as cursor:
            _model, sql, values = self._at(now, depends)
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def models(self, now: datetime, *depends: Hashable) -> list[Any]:
        """What it finds at ``now``, as rows of its model. It must select the model's own columns alone."""
        model, sql, values = self._at(now, depends)
        return list(model.objects.raw(sql, values))

    def _at(self, now: datetime, depends: tuple[Hashable, ...]) -> tuple[Any, str, tuple[Any, ...]]:
        key = (connection.vendor, *depends)
        if key not in self._compiled:
            query = self._build(STAND_IN, *depends)
            self._compiled[key] = (query.model, *query.query.sql_with_params())
        model, sql, values = self._compiled[key]
        adapt = connection.ops.adapt_datetimefield_value
        then, stand_in = adapt(now), adapt(STAND_IN)
        return model, sql, tuple(then if value == stand_in else value for value in values)
