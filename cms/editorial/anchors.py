"""Where a field stands in Wagtail's editor of a warning."""

from typing import Any

from scam_warnings.models import ScamWarningPage


def anchor(field: str) -> str:
    """``"#…"`` of the section with ``field`` in the editor, in the active language; empty when it has none.

    Wagtail makes these names from the headings: a tab's, then the panel's directly below it.
    """
    for tab in ScamWarningPage.get_edit_handler().children:
        for panel in tab.children:
            if _holds(panel, field):
                return f"#panel-child-{tab.clean_name}-{panel.clean_name}-section"
    return ""


def _holds(panel: Any, field: str) -> bool:
    if getattr(panel, "field_name", None) == field:
        return True
    return any(_holds(child, field) for child in getattr(panel, "children", ()))
