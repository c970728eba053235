"""The files of the search as a part of the portal: few with each publication, all with the hourly renewal."""

from collections.abc import Iterable, Iterator

from cms.portal import addresses
from cms.portal.models import PublishedWarning
from cms.portal.search import index
from cms.portal.search.rows import block_of
from cms.portal.search.shards import NAMES

STANDING = addresses.search_data("noi-dung")
FACETS = ("hinh-thuc", "doi-tuong", "muc", "ngay", "cu")


class SearchSection:
    """A new warning is found at once; a changed word of an old one within the hour."""

    def shared(self) -> Iterable[str]:
        return (addresses.search_data("moi"),)

    def around(self, warning: PublishedWarning) -> Iterable[str]:
        block = block_of(warning.pk)
        return (addresses.search_data(f"dong/{block}"), addresses.search_data(f"chu/{block}"))

    def later(self, warning: PublishedWarning) -> Iterable[str]:
        return (addresses.SEARCH,)

    def every(self) -> Iterator[str]:
        yield addresses.SEARCH
        # The number of the newest goes first: a shard that is older than it is made up for by the browser.
        yield addresses.search_data("moi")
        numbers = PublishedWarning.objects.order_by("pk").values_list("pk", flat=True)
        for block in sorted({block_of(number) for number in numbers}):
            yield addresses.search_data(f"dong/{block}")
            yield addresses.search_data(f"chu/{block}")
        for name in NAMES:
            yield addresses.search_data(f"tu/{name}")
        for name in FACETS:
            yield addresses.search_data(f"loc/{name}")
        yield addresses.search_data("tu-dien")
        yield STANDING
        index.forget()
