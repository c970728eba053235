"""What standing content adds to header and footer."""

from django.utils.translation import gettext_lazy as _

from cms.information.kinds import Kind
from cms.portal.menu import Link, Place
from cms.portal.menu import register as add


def register() -> None:
    """Called once, when the app is ready."""
    add(
        Link(Place.MAIN, 60, Kind.HANDBOOK.label, "content:handbook_list_vi", Kind.HANDBOOK),
        Link(Place.LOOK_UP, 40, Kind.HANDBOOK.label, "content:handbook_list_vi", Kind.HANDBOOK),
        Link(Place.LOOK_UP, 50, Kind.COLLECTION.label, "content:collection_list_vi", Kind.COLLECTION),
        Link(Place.LOOK_UP, 60, Kind.LAW.label, "content:laws", Kind.LAW),
        Link(Place.AGENCY, 10, Kind.ABOUT.label, "content:about_vi", Kind.ABOUT),
        Link(Place.AGENCY, 20, Kind.ACCOUNTS.label, "content:accounts_vi", Kind.ACCOUNTS),
        Link(Place.AGENCY, 30, Kind.RESULT.label, "content:result_list_vi", Kind.RESULT),
        Link(Place.AGENCY, 90, Kind.ACCESSIBILITY.label, "content:accessibility_vi", Kind.ACCESSIBILITY),
        Link(Place.LANGUAGE, 10, "English", "content:english", language="en"),
        Link(
            Place.ENGLISH_TASK,
            10,
            _("Been scammed? Do this now"),
            "content:english",
            fragment="been-scammed",
            icon="help",
            hint=_("Call the bank, keep the evidence, report it."),
        ),
    )
