"""Corrections and withdrawals that have not reached every channel."""

from typing import Any

from cms.editorial.home.panel import DeskPanel
from cms.users import scope
from publishers import closing
from publishers.models import Release


class UnclosedPanel(DeskPanel):
    """What is still open, with its clock; only while there is something in it."""

    name = "open_changes"
    template_name = "editorial/home/unclosed.html"
    order = 105

    def is_shown(self) -> bool:
        return bool(self.desk.unclosed)


def unclosed(user: Any) -> list[closing.Clock]:
    """The open ones within reach of ``user``, the longest running first."""
    return closing.still_open(scope.visible(Release.objects.all(), user))
