"""Which models of this app the audit trail follows: the drafts. Decisions are recorded where they are made."""

from cms.audit.tracking import track
from cms.information.models import LawDocument, SelfCheck, StandingPage


def track_all() -> None:
    """Follow them."""
    for model in (StandingPage, LawDocument, SelfCheck):
        track(model, ignore=("version",))
