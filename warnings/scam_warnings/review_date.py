"""When somebody has to look at a warning again, unless the editor says otherwise."""

from datetime import date, timedelta
from typing import Final

from scam_warnings.enums import Severity

REVIEW_DAYS: Final[dict[str, int]] = {Severity.URGENT: 14, Severity.CAUTION: 90, Severity.INFO: 180}


def usual_review_date(severity: str, today: date) -> date:
    """The review date of a warning of ``severity`` written ``today``."""
    return today + timedelta(days=REVIEW_DAYS.get(severity, REVIEW_DAYS[Severity.CAUTION]))
