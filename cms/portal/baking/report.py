"""What a bake did."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Report:
    """Paths that were written, that stand as they were, that are gone; ``kept``: done by an interrupted run."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set, repr=False)

    def first_time(self, path: str) -> bool:
        """True for the first question about ``path``: a page that stands in two places is renewed once."""
        if path in self._seen:
            return False
        self._seen.add(path)
        return True

    def touched(self) -> Iterator[str]:
        """Every path that was looked at."""
        yield from self.written
        yield from self.unchanged
        yield from self.removed
