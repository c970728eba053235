"""The search of Wagtail's own database backend, given words only.

A quotation mark in a query is a syntax error to SQLite's FTS5 (django-modelsearch 1.x puts it there as it was typed),
a NUL one to PostgreSQL: whoever typed it got an error page instead of results. See decision 38.
"""

import copy
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from modelsearch.backends.database import SearchBackend as database_backend
from modelsearch.query import And, Boost, Fuzzy, Not, Or, Phrase, PlainText, SearchQuery

_NO_WORD = re.compile(r'["\x00-\x1f\x7f]+')


def words(query: str | SearchQuery) -> str | SearchQuery:
    """``query`` without the characters that mean something to a database; empty if nothing else was there."""
    if isinstance(query, str):
        return _NO_WORD.sub(" ", query).strip()
    if isinstance(query, PlainText | Phrase | Fuzzy):
        plain = copy.copy(query)
        plain.query_string = str(words(query.query_string))
        return plain if plain.query_string else ""
    if isinstance(query, And | Or):
        parts = [part for part in map(words, query.subqueries) if part]
        return type(query)(parts) if len(parts) > 1 else next(iter(parts), "")
    if isinstance(query, Boost | Not):
        inner = copy.copy(query)
        inner.subquery = words(query.subquery)
        return inner if inner.subquery else ""
    return query


class _WordsOnly:
    def _search(self, compiler: type, query: str | SearchQuery, *arguments: Any, **named: Any) -> Any:
        return super()._search(compiler, words(query), *arguments, **named)  # type: ignore[misc]


@cache
def _given_words(kind: type) -> type:
    return type(kind.__name__, (_WordsOnly, kind), {})


def SearchBackend(params: Mapping[str, Any]) -> Any:
    """The backend for the database in use."""
    return _given_words(type(database_backend(params)))(params)  # type: ignore[arg-type]  # a class is hashable
