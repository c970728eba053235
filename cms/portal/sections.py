"""What parts of the portal there are to bake: each part says which of its addresses a publication changes."""

from collections.abc import Iterable
from typing import Protocol

from cms.portal.models import PublishedWarning


class Section(Protocol):
    """One part of the portal. Paths start with a slash; one that answers 404 or 410 has its file removed."""

    def shared(self) -> Iterable[str]:
        """Paths that every publication changes. Renewed before a warning counts as published: keep them few."""

    def around(self, warning: PublishedWarning) -> Iterable[str]:
        """More paths that the publication of ``warning`` changes. Renewed before it counts as published."""

    def later(self, warning: PublishedWarning) -> Iterable[str]:
        """Paths that may follow some seconds after the publication of ``warning``."""

    def every(self) -> Iterable[str]:
        """All paths of this part: what the renewal of everything writes, and all that it leaves standing."""


class Standing:
    """A part whose pages no publication changes; the renewal of everything follows what they show."""

    def __init__(self, *paths: str) -> None:
        self._paths = paths

    def shared(self) -> Iterable[str]:
        return ()

    def around(self, warning: PublishedWarning) -> Iterable[str]:
        return ()

    def later(self, warning: PublishedWarning) -> Iterable[str]:
        return ()

    def every(self) -> Iterable[str]:
        return self._paths


_sections: list[Section] = []


def register(section: Section) -> None:
    """Called once for each part, when its app is ready."""
    _sections.append(section)


def sections() -> tuple[Section, ...]:
    """All parts, in the order in which they were registered."""
    return tuple(_sections)
