"""Log lines that say which delivery they are about, as text or as JSON, with every secret masked."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from cms.core.http import scrub

_about: ContextVar[dict[str, Any]] = ContextVar("about", default={})  # noqa: B039 - replaced, never changed


@contextmanager
def about(**facts: Any) -> Iterator[None]:
    """Add ``facts`` (delivery, channel …) to every line logged inside, in this thread."""
    token = _about.set({**_about.get(), **facts})
    try:
        yield
    finally:
        _about.reset(token)


class ScrubbedFormatter(logging.Formatter):
    """One line of text; masks secrets in the message and in tracebacks, and names what it is about."""

    def format(self, record: logging.LogRecord) -> str:
        text = scrub(super().format(record))
        facts = _about.get()
        if not facts:
            return text
        head, newline, rest = text.partition("\n")
        named = " ".join(f"{key}={value}" for key, value in facts.items())
        return f"{head} [{named}]{newline}{rest}"


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for a log collector."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrub(record.getMessage()),
            **_about.get(),
        }
        if record.exc_info:
            line["traceback"] = scrub(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)
