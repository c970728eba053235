"""What the next days hold."""

from datetime import date, timedelta
from typing import Any, Final

from cms.editorial.home import entries
from cms.editorial.home.panel import DeskPanel

DAYS: Final = 14
MOST: Final = 6


class ComingPanel(DeskPanel):
    """The next days of the calendar."""

    name = "coming"
    template_name = "editorial/home/coming.html"
    order = 150
    column = "side"


def next_entries(user: Any, day: date) -> list[entries.Entry]:
    """The first planned entries from ``day`` on."""
    return entries.between(user, day, day + timedelta(days=DAYS), entries.PLANNED)[:MOST]
