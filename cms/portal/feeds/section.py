"""What of the feeds follows a publication by itself: those of its scam type. Feed deliveries renew the others."""

from collections.abc import Iterable, Iterator

from cms.portal import addresses
from cms.portal.models import PublishedWarning


class FeedSection:
    """The feeds of the scam types."""

    def shared(self) -> Iterable[str]:
        return ()

    def around(self, warning: PublishedWarning) -> Iterable[str]:
        return addresses.feeds_of(warning.scam_type_key) if warning.is_withdrawn else ()

    def later(self, warning: PublishedWarning) -> Iterable[str]:
        return addresses.feeds_of(warning.scam_type_key)

    def every(self) -> Iterator[str]:
        keys = PublishedWarning.objects.order_by().values_list("scam_type_key", flat=True).distinct()
        for key in sorted(keys):
            yield from addresses.feeds_of(key)
