"""What the watch does for the forms."""

from datetime import datetime

from cms.intake import limits


def forget(now: datetime) -> int:
    """Delete old counts and used stamps. Named by settings.WATCH_JOBS."""
    return limits.forget(now)
