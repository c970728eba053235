"""A panel of the start page: it shows a part of the desk, to those it is meant for."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wagtail.admin.ui.components import Component

if TYPE_CHECKING:
    from cms.editorial.home.desk import Desk


class DeskPanel(Component):
    """Asks the database nothing by itself: that is the desk's work."""

    column = "main"
    """Or ``side``: beside the main column where there is room."""

    def __init__(self, desk: "Desk") -> None:
        self.desk = desk

    def is_shown(self) -> bool:
        """Whether the panel is for this person."""
        return True

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"desk": self.desk}
