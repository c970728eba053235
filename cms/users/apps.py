from django.apps import AppConfig

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(AppConfig):
    name = "cms.users"
    label = "users"

    def ready(self) -> None:
        from cms.users import reach

        reach.register()


class PeopleConfig(WagtailUsersAppConfig):
    """Wagtail's screens for people, with our forms: roles are held in units, not ticked in a list of groups."""

    user_viewset = "cms.users.viewsets.PersonViewSet"
