"""Wagtail's API for its own screens, without the part that acts on pages."""

from typing import Any

from wagtail.admin.api.views import PagesAdminAPIViewSet


class ReadingPagesAPI(PagesAdminAPIViewSet):
    """Lists pages for the explorer and the choosers.

    No screen uses the actions, and those know no lock: reverting changed what an approver was reading.
    """

    actions: dict[str, Any] = {}


def without_actions(router: Any) -> None:
    """Put it in the place of Wagtail's."""
    router.register_endpoint("pages", ReadingPagesAPI)
