"""“Đăng ký nhận cảnh báo”: warnings by e-mail for whoever asks for them, and for as long as they want them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubscriptionsConfig(AppConfig):
    name = "cms.subscriptions"
    label = "subscriptions"
    verbose_name = _("Warnings by e-mail")

    def ready(self) -> None:
        from cms.portal import menu
        from cms.portal.sections import register
        from cms.portal.sitemap import files
        from cms.subscriptions import reach, section

        reach.register()
        register(section.FINISHED)
        files.offer(section.listed)
        menu.register(
            menu.Link(
                menu.Place.FOLLOW, 10, _("Warnings by e-mail"), "subscriptions_public:form", "subscribe"
            ),
            menu.Link(
                menu.Place.ENGLISH_TASK,
                50,
                _("Get warnings by e-mail"),
                "english_subscriptions_public:form",
                icon="info",
                hint=_("In English where a warning has an English version."),
            ),
            menu.Link(
                menu.Place.ENGLISH_FOOTER,
                30,
                _("Get warnings by e-mail"),
                "english_subscriptions_public:form",
                "subscribe",
            ),
        )
