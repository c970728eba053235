"""What of the app a publication changes: the list of pages to keep, and the page that names them."""

from collections.abc import Iterable

from cms.portal.models import PublishedWarning
from cms.portal.offline import addresses


class OfflineSection:
    """Manifest, worker, list and page."""

    def shared(self) -> Iterable[str]:
        return addresses.PAGE, addresses.SAVED

    def around(self, _warning: PublishedWarning) -> Iterable[str]:
        return ()

    def later(self, _warning: PublishedWarning) -> Iterable[str]:
        return ()

    def every(self) -> Iterable[str]:
        return addresses.PAGE, addresses.SAVED, addresses.MANIFEST, addresses.WORKER
