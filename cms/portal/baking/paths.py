"""Which pages a publication changes, and which pages there are. Their number does not grow with the archive."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from cms.portal import addresses, library, reading
from cms.portal.baking import files
from cms.portal.models import PublicState, PublishedWarning
from cms.portal.sections import sections

LISTS_AT_ONCE: Final = 3
"""List pages renewed with a publication. Deeper ones move on by one place, and the hourly renewal follows."""
NEIGHBOURS: Final = 30
"""Warnings of the same group renewed after a publication, because they may name it as related."""
FEEDS: Final = (addresses.RSS, addresses.ATOM, addresses.JSON_FEED)
_FIXED: Final = (addresses.HOME, addresses.LIST, addresses.TYPES)
_STATIC: Final = (addresses.ROBOTS, addresses.FAVICON, addresses.NOT_FOUND, *FEEDS)


def at_once(warning: PublishedWarning, root: Path) -> Iterator[str]:
    """What must stand before ``warning`` counts as published; its own page first."""
    yield from (warning.path, *_FIXED)
    for section in sections():
        yield from section.shared()
        yield from section.around(warning)
    yield from newest(addresses.list_page, max(pages(reading.listed().count()), 1), root)
    yield from newest(
        partial(addresses.scam_type, warning.scam_type_key),
        max(pages(_of_type(warning.scam_type_key)), 1),
        root,
    )
    if warning.state != PublicState.PUBLISHED:
        yield from newest(addresses.corrections_page, pages(reading.logged().count()), root)
    if is_known(warning):
        yield from naming(warning, root, (addresses.LIST + "trang", addresses.TYPES))
    yield from (path for path in (addresses.CORRECTIONS, *_STATIC) if not files.file_for(path, root).exists())


def later(warning: PublishedWarning, root: Path) -> Iterator[str]:
    """What may follow some seconds after: pages that name ``warning``, or might now."""
    for section in sections():
        yield from section.later(warning)
    neighbours = reading.related_to(warning.scam_type_key, warning.group_key).exclude(pk=warning.pk)
    yield from map(addresses.warning, neighbours.values_list("slug", flat=True)[:NEIGHBOURS])
    if is_known(warning):
        yield from naming(warning, root, ("",))


def every() -> Iterator[str]:
    """Every page there is: lists before the warnings, for they are the ones that may be behind."""
    yield from (*_FIXED, *_STATIC)
    yield from _run(addresses.list_page, max(pages(reading.listed().count()), 1))
    yield from _run(addresses.corrections_page, max(pages(reading.logged().count()), 1))
    keys = reading.listed().order_by().values_list("scam_type_key", flat=True).distinct()
    for key in sorted({*keys, *library.keys()}):
        yield from _run(partial(addresses.scam_type, key), max(pages(_of_type(key)), 1))
    for section in sections():
        yield from section.every()
    yield from map(addresses.warning, PublishedWarning.objects.values_list("slug", flat=True))


def is_known(warning: PublishedWarning) -> bool:
    """Whether pages may name ``warning`` as it was before: it was public already, or has gone out of force."""
    return warning.release_number > 1 or warning.is_old


def naming(warning: PublishedWarning, root: Path, below: Iterable[str]) -> Iterator[str]:
    """Finished pages below the folders ``below`` that link to ``warning``: asked from the files themselves.

    What the database says now about places in lists says nothing of a page that was written an hour ago.
    """
    link = f'{warning.path}"'.encode()
    for path in files.standing(root, [folder.strip("/") for folder in below]):
        try:
            if link in files.file_for(path, root).read_bytes():
                yield path
        except OSError:
            continue


def newest(path_of: Callable[[int], str], pages: int, root: Path) -> Iterator[str]:
    """The first of ``pages`` list pages, and the one behind the last if it still stands."""
    yield from _run(path_of, min(pages, LISTS_AT_ONCE))
    # A list that became shorter.
    beyond = path_of(pages + 1)
    if files.file_for(beyond, root).exists():
        yield beyond


def _of_type(key: str) -> int:
    return reading.listed().filter(scam_type_key=key).count()


def _run(path_of: Callable[[int], str], pages: int) -> Iterator[str]:
    return map(path_of, range(1, pages + 1))


def pages(count: int) -> int:
    """How many pages a list of ``count`` entries has."""
    return -(-count // reading.PER_PAGE)
