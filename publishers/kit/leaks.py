"""A watch that no secret gets out: into an error, a log line, the output or a receipt."""

import base64
import io
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from urllib.parse import quote

from publishers.kit.rules import require

_CHAIN = 20


class Watch(logging.Handler):
    """Remembers what was logged and printed; tells when a canary is in it."""

    def __init__(self, canaries: Iterable[str]) -> None:
        super().__init__(logging.DEBUG)
        self._canaries = sorted({form for canary in canaries for form in _forms(canary)})
        self._written = io.StringIO()

    def emit(self, record: logging.LogRecord) -> None:
        """Remember the line as a log file would show it, traceback included."""
        self._written.write(self.format(record) + "\n")

    def text(self, told: str, where: str) -> None:
        """Raise ContractBroken when a secret is in ``told``. The message does not repeat it."""
        require(not any(canary in told for canary in self._canaries), f"a secret is in {where}")

    def error(self, error: BaseException) -> None:
        """Check ``error``, and all it hangs on: a monitoring service shows that too."""
        seen: BaseException | None = error
        for _depth in range(_CHAIN):
            if seen is None:
                return
            self.text(f"{seen!r} {seen} {seen.args!r} {vars(seen)!r}", f"the error {type(seen).__name__}")
            request = getattr(seen, "request", None)
            for part in ("url", "headers", "body"):
                self.text(str(getattr(request, part, "")), f"the request kept by {type(seen).__name__}")
            seen = seen.__cause__ or seen.__context__
        require(False, "an endless chain of causes")

    def printed(self, text: str) -> None:
        """Remember ``text``, which went to the output."""
        self._written.write(text)

    def finish(self) -> None:
        """Check everything that was logged and printed."""
        self.text(self._written.getvalue(), "the log or the output")


@contextmanager
def watching(canaries: Iterable[str]) -> Iterator[Watch]:
    """Watch every logger, debug lines too, and the output; both are checked at the end."""
    watch = Watch(canaries)
    named = [logging.getLogger(name) for name in ("urllib3", "urllib3.connectionpool", "publishers")]
    known = [
        logger for logger in logging.root.manager.loggerDict.values() if isinstance(logger, logging.Logger)
    ]
    # The others take after these. Each change of a level makes logging forget what it knows of all loggers.
    loggers = [logger for logger in dict.fromkeys([logging.root, *named, *known]) if _decides(logger)]
    before = [(logger, logger.level, logger.disabled) for logger in loggers]
    for logger in loggers:
        if logger.level != logging.DEBUG:
            logger.setLevel(logging.DEBUG)
        logger.disabled = False
        if logger is logging.root or not logger.propagate:
            logger.addHandler(watch)
    output = io.StringIO()
    try:
        with redirect_stdout(output), redirect_stderr(output):
            yield watch
        watch.printed(output.getvalue())
        watch.finish()
    finally:
        for logger, level, disabled in before:
            logger.removeHandler(watch)
            if level != logging.DEBUG:
                logger.setLevel(level)
            logger.disabled = disabled


def _decides(logger: logging.Logger) -> bool:
    """Whether ``logger`` has something of its own to say of what is logged."""
    own = logger.level != logging.NOTSET or logger.disabled or not logger.propagate
    return own or logger is logging.root


def _forms(secret: str) -> Iterator[str]:
    """``secret`` as it stands in an address, in a header and in JSON."""
    yield secret
    yield quote(secret, safe="")
    yield base64.b64encode(secret.encode()).decode()
    yield ascii(secret)[1:-1]
