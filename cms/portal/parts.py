"""The parts of the portal that bake pages of their own."""

from django.utils.translation import gettext_lazy as _

from cms.portal import addresses, audiences, menu, sections
from cms.portal.cap.section import CapSection
from cms.portal.english.section import EnglishSection
from cms.portal.feeds.section import FeedSection
from cms.portal.offline.section import OfflineSection
from cms.portal.opendata.section import OpenDataSection
from cms.portal.search.section import SearchSection
from cms.portal.selfcheck.content import is_open as has_self_check
from cms.portal.selfcheck.section import SelfCheckSection
from cms.portal.sharing.section import SharePictureSection
from cms.portal.sitemap import files
from cms.portal.sitemap.section import SitemapSection
from cms.portal.verify.section import VerifySection
from cms.portal.widget.section import WidgetSection


def register() -> None:
    """Called once, when the app is ready."""
    opendata, widget, self_check = OpenDataSection(), WidgetSection(), SelfCheckSection()
    for section in (
        SharePictureSection(),
        audiences.Pages(),
        sections.Standing(addresses.COMPONENTS),
        EnglishSection(),
        FeedSection(),
        SitemapSection(),
        CapSection(),
        opendata,
        widget,
        OfflineSection(),
        SearchSection(),
        VerifySection(),
        self_check,
    ):
        sections.register(section)
    menu.register(
        menu.Link(
            menu.Place.MAIN,
            30,
            _("Am I being scammed?"),
            "portal:selfcheck",
            "selfcheck",
            is_open=has_self_check,
        ),
        menu.Link(menu.Place.MAIN, 40, _("Verify a warning"), "portal:verify", "verify"),
        menu.Link(
            menu.Place.TASK,
            20,
            _("Am I being scammed?"),
            "portal:selfcheck",
            icon="eye",
            hint=_("A few short questions, nothing is kept."),
            is_open=has_self_check,
        ),
        menu.Link(
            menu.Place.TASK,
            30,
            _("Verify a warning"),
            "portal:verify",
            icon="shield",
            hint=_("Is this warning, account or address really ours?"),
        ),
        menu.Link(
            menu.Place.ENGLISH_TASK,
            30,
            _("Verify a warning"),
            "portal:english_verify",
            icon="shield",
            hint=_("Is this warning, account or address really ours?"),
        ),
        menu.Link(
            menu.Place.LOOK_UP,
            5,
            _("Am I being scammed?"),
            "portal:selfcheck",
            "selfcheck",
            is_open=has_self_check,
        ),
        menu.Link(menu.Place.LOOK_UP, 7, _("Verify a warning"), "portal:verify", "verify"),
        menu.Link(menu.Place.FOLLOW, 90, _("Open data"), "portal:open_data", "open_data"),
        menu.Link(menu.Place.FOLLOW, 95, _("Warnings on your site"), "portal:widget_guide"),
    )
    files.offer(audiences.pages)
    files.offer(lambda: (addresses.VERIFY, addresses.ENGLISH_VERIFY))
    files.offer(self_check.pages)
    files.offer(lambda: (addresses.ENGLISH, addresses.ENGLISH_LIST))
    files.offer(opendata.pages)
    files.offer(widget.pages)
