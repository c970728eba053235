"""What the files of the sitemap say.

A warning stands in the file of its row number for ever, so a publication changes one file, however many there are.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape

from django.db.models import Max, QuerySet
from django.utils import timezone

from cms.portal import addresses, library, reading
from cms.portal.models import InEnglish, PublishedWarning
from cms.portal.opendata import changes

PER_FILE: Final = 500
PAGES: Final = "/sitemap/trang.xml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML: Final = "http://www.w3.org/1999/xhtml"
_MOST_PAGES: Final = 45_000
_offered: list[Callable[[], Iterable[str]]] = []


def offer(paths: Callable[[], Iterable[str]]) -> None:
    """Have a part of the portal name pages of its own. Called once for each part, when its app is ready."""
    _offered.append(paths)


def part(number: int) -> str:
    """Path of file ``number`` (from 1) of warnings."""
    return f"/sitemap/canh-bao-{number}.xml"


def part_of(warning: PublishedWarning) -> str:
    """Path of the file ``warning`` stands in."""
    return part(_number_of(warning.pk))


def numbers() -> range:
    """The numbers of the files there can be; one whose warnings were all withdrawn is left out of the index."""
    last = PublishedWarning.objects.aggregate(last=Max("pk"))["last"]
    return range(1, (_number_of(last) if last else 0) + 1)


def index() -> str:
    """The sitemap index."""
    changed = changes.last_by_run(PER_FILE)
    lines = [_entry("sitemap", PAGES, None)]
    lines += [
        _entry("sitemap", part(number), changed.get(number - 1))
        for number in numbers()
        if _listed_in(number).exists()
    ]
    return _file("sitemapindex", lines)


def pages() -> str:
    """The file of pages that are no warnings."""
    found = dict.fromkeys(_pages())
    return _file("urlset", [_entry("url", path, None) for path in list(found)[:_MOST_PAGES]])


def warnings_of(number: int) -> str | None:
    """File ``number`` of warnings; None when no warning of it is public."""
    rows = _listed_in(number).order_by("pk").values_list("slug", "updated_at", "english")
    lines = [line for row in rows for line in _of_warning(*row)]
    return _file("urlset", lines) if lines else None


def _pages() -> Iterator[str]:
    yield from (addresses.HOME, addresses.LIST, addresses.TYPES, addresses.CORRECTIONS)
    named = {entry.key for group in reading.type_groups() for entry in group.types}
    yield from map(addresses.scam_type, sorted(named | library.keys()))
    for paths in _offered:
        yield from paths()


def _of_warning(slug: str, updated: datetime, english: str) -> Iterator[str]:
    path = addresses.warning(slug)
    if english != InEnglish.NOW:
        yield _entry("url", path, updated)
        return
    spoken = addresses.english_warning(slug)
    # Each names both, as the pages do.
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{escape(address)}"/>'
        for language, address in addresses.alternates(path, spoken).items()
    )
    for one in (path, spoken):
        yield _entry("url", one, updated, links)


def _listed_in(number: int) -> QuerySet[PublishedWarning]:
    first = (number - 1) * PER_FILE
    return reading.listed().order_by().filter(pk__gt=first, pk__lte=first + PER_FILE)


def _number_of(pk: int) -> int:
    return (pk - 1) // PER_FILE + 1


def _entry(name: str, path: str, changed: datetime | None, links: str = "") -> str:
    since = (
        f"<lastmod>{timezone.localtime(changed).isoformat(timespec='seconds')}</lastmod>" if changed else ""
    )
    return f"<{name}><loc>{escape(addresses.absolute(path))}</loc>{since}{links}</{name}>\n"


def _file(root: str, lines: Iterable[str]) -> str:
    entries = "".join(lines)
    linked = f' xmlns:xhtml="{_XHTML}"' if "<xhtml:" in entries else ""
    return f'{_HEAD}<{root} xmlns="{_NAMESPACE}"{linked}>\n{entries}</{root}>\n'
