"""What a request writes into the database, and keeps: the way to see that a “no”, and a GET, changes nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
_SAVEPOINT = re.compile(r'\s*(SAVEPOINT|ROLLBACK TO SAVEPOINT|RELEASE SAVEPOINT)\s+"?(\w+)"?', re.IGNORECASE)
NOISE = frozenset(
    {
        "django_session",
        # When each session was last seen, once a minute.
        "usersessions_usersession",
        # What a preview is drawn from.
        "wagtailadmin_formstate",
        # Who tried what; a try is no change.
        "audit_entry",
        "audit_head",
        # Wagtail notes who has an editor open.
        "wagtailadmin_editingsession",
        # Whoever opens an editor gets a row that says they want no letters.
        "wagtailcore_pagesubscription",
        # Sizes of a picture are made when somebody first looks at them.
        "media_warningrendition",
        "wagtailusers_userprofile",
    }
)


class Written:
    """The tables written to by what was not rolled back."""

    def __init__(self) -> None:
        self._steps: list[tuple[str, str]] = []

    def note(self, sql: str) -> None:
        """Look at one statement."""
        point = _SAVEPOINT.match(sql)
        if point:
            verb, name = point[1].upper(), point[2]
            if verb == "SAVEPOINT":
                self._steps.append(("point", name))
            elif verb == "ROLLBACK TO SAVEPOINT":
                self._back_to(name)
            return
        found = _WRITES.match(sql)
        if found:
            self._steps.append(("table", found[1]))

    def _back_to(self, name: str) -> None:
        marks = [place for place, step in enumerate(self._steps) if step == ("point", name)]
        if marks:
            del self._steps[marks[-1] + 1 :]

    @property
    def tables(self) -> set[str]:
        """Without the noise."""
        return {name for kind, name in self._steps if kind == "table"} - NOISE


@contextmanager
def watched() -> Iterator[Written]:
    """Inside, every statement on the database is looked at."""
    written = Written()

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        written.note(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield written
