"""“Gửi phản ánh”: what citizens tell, the inbox it goes to, and the warnings that come of it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TipsConfig(AppConfig):
    name = "cms.tips"
    label = "tips"
    verbose_name = _("Tips from citizens")

    def ready(self) -> None:
        from cms.editorial import digest
        from cms.portal import menu
        from cms.portal.sections import register
        from cms.portal.sitemap import files
        from cms.tips import reach, section
        from cms.tips.desk import unread

        reach.register()
        digest.count_with(unread.line)
        register(section.FINISHED)
        files.offer(section.listed)
        menu.register(
            menu.Link(menu.Place.REPORT, 20, _("Report a scam"), "tips_public:form", "tips"),
            menu.Link(menu.Place.REPORT, 30, _("Check the status of a tip"), "tips_public:follow_up_form"),
            menu.Link(
                menu.Place.TASK,
                40,
                _("Report a scam"),
                "tips_public:form",
                icon="message",
                hint=_("Tell us what you met; no account needed."),
            ),
            menu.Link(menu.Place.ENGLISH_MAIN, 10, _("Report a scam"), "english_tips_public:form", "tips"),
            menu.Link(
                menu.Place.ENGLISH_TASK,
                40,
                _("Report a scam"),
                "english_tips_public:form",
                icon="message",
                hint=_("Tell us what you met; no account needed."),
            ),
            menu.Link(menu.Place.ENGLISH_FOOTER, 10, _("Report a scam"), "english_tips_public:form", "tips"),
            menu.Link(
                menu.Place.ENGLISH_FOOTER,
                20,
                _("Check the status of a tip"),
                "english_tips_public:follow_up_form",
            ),
        )
