"""Both platforms as a sandbox over real HTTP, and somebody who may connect accounts."""

from collections.abc import Callable, Iterator

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

import pytest

from publishers.sandbox.server import Sandbox


@pytest.fixture
def sandbox(settings) -> Iterator[Sandbox]:
    """A fresh world; the product's settings point at it."""
    with Sandbox() as running:
        settings.FACEBOOK_GRAPH_URL = running.graph_url
        settings.FACEBOOK_TOKEN_URL = running.facebook_token_url
        settings.ZALO_OPENAPI_URL = running.zalo_openapi_url
        settings.ZALO_OAUTH_URL = running.zalo_oauth_url
        settings.PUBLISH_CONNECT_TIMEOUT = 2.0
        settings.PUBLISH_READ_TIMEOUT = 5.0
        yield running


@pytest.fixture
def sign_in(client) -> Callable[..., object]:
    """A client signed in as somebody with these permissions besides the admin."""

    def make(*codenames: str):
        user = get_user_model().objects.create_user("nhan-vien", password="mat-khau-thu-nghiem")
        user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
        client.force_login(user)
        return client

    return make


@pytest.fixture
def administrator(sign_in):
    """Somebody who may connect accounts."""
    return sign_in("view_credential", "change_credential", "view_channel")
