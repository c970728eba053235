"""What of the CAP files a publication changes: its message and the feed."""

from collections.abc import Iterable, Iterator

from cms.portal.cap import addresses
from cms.portal.models import PublishedWarning


class CapSection:
    """Messages and feed."""

    def shared(self) -> Iterable[str]:
        return (addresses.FEED,)

    def around(self, warning: PublishedWarning) -> Iterable[str]:
        return (addresses.message(warning.code),)

    def later(self, _warning: PublishedWarning) -> Iterable[str]:
        return ()

    def every(self) -> Iterator[str]:
        yield addresses.FEED
        for code in PublishedWarning.objects.order_by("pk").values_list("code", flat=True).iterator():
            yield addresses.message(code)
