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
        from cms.subscriptions import reach
        from cms.subscriptions.section import PAGES

        reach.register()
        register(PAGES)
        menu.register(
            menu.Link(
                menu.Place.FOLLOW, 10, _("Warnings by e-mail"), "subscriptions_public:form", "subscribe"
            )
        )
