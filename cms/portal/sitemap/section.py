"""What of the sitemap a publication changes: the index and one file."""

from collections.abc import Iterable, Iterator

from cms.portal import addresses
from cms.portal.models import PublishedWarning
from cms.portal.sitemap import files


class SitemapSection:
    """Index and files."""

    def shared(self) -> Iterable[str]:
        return (addresses.SITEMAP,)

    def around(self, warning: PublishedWarning) -> Iterable[str]:
        return (files.part_of(warning),) if warning.is_withdrawn else ()

    def later(self, warning: PublishedWarning) -> Iterable[str]:
        return files.part_of(warning), files.PAGES

    def every(self) -> Iterator[str]:
        yield addresses.SITEMAP
        yield files.PAGES
        yield from map(files.part, files.numbers())
