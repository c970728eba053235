"""What of the open data a publication changes: files of bounded size; the downloads of everything follow later."""

from collections.abc import Iterable, Iterator

from cms.portal.models import PublishedWarning
from cms.portal.opendata import addresses, changes, lists


class OpenDataSection:
    """The API's files, the downloads and the page that explains them."""

    def pages(self) -> Iterable[str]:
        """Pages for search engines."""
        return (addresses.PAGE,)

    def shared(self) -> Iterable[str]:
        yield addresses.WARNINGS
        yield addresses.CHANGES
        yield from map(addresses.changes_page, _last_two(changes.last_page()))

    def around(self, warning: PublishedWarning) -> Iterable[str]:
        yield addresses.warning(warning.code)
        yield addresses.warning_page(lists.page_of(warning.pk))
        yield from map(addresses.warning_page, _last_two(lists.last_page()))

    def later(self, warning: PublishedWarning) -> Iterator[str]:
        yield from (addresses.TYPES, addresses.AUDIENCES, addresses.PAGE)
        # The hour is too long for what must not be read any more.
        if warning.is_withdrawn:
            yield from (addresses.CSV, addresses.JSON)

    def every(self) -> Iterator[str]:
        yield from (addresses.PAGE, addresses.CSV, addresses.JSON, addresses.DESCRIPTION)
        yield from (addresses.WARNINGS, addresses.CHANGES, addresses.TYPES, addresses.AUDIENCES)
        yield from map(addresses.warning_page, range(1, lists.last_page() + 1))
        yield from map(addresses.changes_page, range(1, changes.last_page() + 1))
        for code in PublishedWarning.objects.order_by("pk").values_list("code", flat=True).iterator():
            yield addresses.warning(code)


def _last_two(last: int) -> range:
    """The last page, and the one before it: it may have to name its successor."""
    return range(max(last - 1, 1), last + 1)
