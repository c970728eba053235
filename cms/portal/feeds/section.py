"""What of the feeds follows a publication by itself: those of its scam type. Feed deliveries renew the others."""

from collections.abc import Iterable, Iterator

from cms.portal import addresses
from cms.portal.models import PublishedWarning


class FeedSection:
    """The feeds of the scam types, and those in English."""

    def shared(self) -> Iterable[str]:
        return ()

    def around(self, warning: PublishedWarning) -> Iterable[str]:
        return _of(warning) if warning.is_withdrawn else ()

    def later(self, warning: PublishedWarning) -> Iterable[str]:
        return _of(warning)

    def every(self) -> Iterator[str]:
        yield from addresses.ENGLISH_FEEDS
        keys = PublishedWarning.objects.order_by().values_list("scam_type_key", flat=True).distinct()
        for key in sorted(keys):
            yield from addresses.feeds_of(key)


def _of(warning: PublishedWarning) -> tuple[str, ...]:
    of_type = addresses.feeds_of(warning.scam_type_key)
    return (*of_type, *addresses.ENGLISH_FEEDS) if warning.english_path else of_type
