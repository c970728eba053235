"""The pictures, one for each language, among the finished files."""

from collections.abc import Iterable

from django.conf import settings

from cms.portal.baking.files import file_for
from cms.portal.models import PublishedWarning
from cms.portal.sharing.picture import picture
from scam_warnings.agency import AgencySettings


class SharePictureSection:
    """Written with the first publication, and with the renewal of everything."""

    def shared(self) -> Iterable[str]:
        return (path for path in _paths() if not file_for(path).exists())

    def around(self, warning: PublishedWarning) -> Iterable[str]:
        return ()

    def later(self, warning: PublishedWarning) -> Iterable[str]:
        return ()

    def every(self) -> Iterable[str]:
        return _paths()


def _paths() -> list[str]:
    agency = AgencySettings.load()
    return [picture(agency, language).path for language, _name in settings.LANGUAGES]
