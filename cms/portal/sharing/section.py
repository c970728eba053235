"""The picture among the finished files."""

from collections.abc import Iterable

from cms.portal.baking.files import file_for
from cms.portal.models import PublishedWarning
from cms.portal.sharing.picture import picture
from scam_warnings.agency import AgencySettings


class SharePictureSection:
    """Written with the first publication, and with the renewal of everything."""

    def shared(self) -> Iterable[str]:
        path = picture(AgencySettings.load()).path
        return () if file_for(path).exists() else (path,)

    def around(self, warning: PublishedWarning) -> Iterable[str]:
        return ()

    def later(self, warning: PublishedWarning) -> Iterable[str]:
        return ()

    def every(self) -> Iterable[str]:
        return (picture(AgencySettings.load()).path,)
