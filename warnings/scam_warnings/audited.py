"""Which models of this app the audit trail follows: the words warnings are sorted by, and who speaks."""

from cms.audit.tracking import track
from scam_warnings.agency import AgencySettings
from scam_warnings.official_sources import OfficialSource
from scam_warnings.taxonomy import Audience, ContentCategory, Hotline, ScamType, ScamTypeGroup, SourceKind

_VOCABULARIES = (ScamTypeGroup, ScamType, Audience, SourceKind, OfficialSource, ContentCategory, Hotline)


def track_all() -> None:
    """Warnings themselves arrive through Wagtail's history, with what each version changed."""
    for model in (*_VOCABULARIES, AgencySettings):
        track(model)
