"""A site with one channel of each sort, both platforms as a sandbox over real HTTP, and an engine to turn."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

import pytest

from publishers import credentials, dispatch
from publishers.claims import expire_leases, promote_scheduled
from publishers.models import Channel, Credential, Delivery, Operator, Release
from publishers.sandbox import world
from publishers.sandbox.server import Sandbox
from scam_warnings.models import ScamWarningPage
from tests import factories

PAGE, GROUP = world.PROVINCE_PAGE, world.PROVINCE_GROUP


@pytest.fixture
def sandbox(settings, db) -> Iterator[Sandbox]:
    """A fresh world; the product's settings point at it."""
    with Sandbox() as running:
        settings.FACEBOOK_GRAPH_URL = running.graph_url
        settings.FACEBOOK_TOKEN_URL = running.facebook_token_url
        settings.ZALO_OPENAPI_URL = running.zalo_openapi_url
        settings.ZALO_OAUTH_URL = running.zalo_oauth_url
        settings.PUBLISH_CONNECT_TIMEOUT = 2.0
        settings.PUBLISH_READ_TIMEOUT = 2.0
        settings.PUBLISH_GRACE = 10.0
        settings.PUBLISH_LEASE = 30.0
        yield running


@pytest.fixture
def fanpage(sandbox: Sandbox, site: None) -> Channel:
    """The province's fanpage."""
    account = Credential(label=PAGE.name, kind="facebook")
    secrets = {"app_id": world.FACEBOOK_APP_ID, "app_secret": world.FACEBOOK_APP_SECRET}
    credentials.store(account, {"page_token": PAGE.access_token, **secrets})
    return factories.channel("facebook_page", PAGE.name, PAGE.id, credential=account)


@pytest.fixture
def group(sandbox: Sandbox, site: None) -> Channel:
    """The province's Zalo group."""
    account = Credential(label="Zalo OA", kind="zalo_oa")
    pair = {
        "app_id": world.ZALO_APP_ID,
        "secret_key": world.ZALO_SECRET_KEY,
        "access_token": world.ZALO_ACCESS_TOKEN,
        "refresh_token": world.ZALO_REFRESH_TOKEN,
        "expires_at": (timezone.now() + timedelta(hours=20)).isoformat(),
    }
    credentials.store(account, pair)
    return factories.channel("zalo_group", GROUP.name, GROUP.id, credential=account)


@pytest.fixture
def hand(site: None) -> Channel:
    """A Zalo group only its members can post in, and the ward officer who does."""
    officer = Operator.objects.create(
        name="Chị Hoa, phường An Hải", email="hoa@example.vn", supervisor_email="truong@example.vn"
    )
    return factories.channel(
        "assisted", "Nhóm tổ dân phố 5", "to-dan-pho-5", operator=officer, options={"platform": "zalo"}
    )


class Engine:
    """The worker by hand: every call says how much time has passed."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def clock(self) -> datetime:
        """The time it is."""
        return self.now

    def turn(self, seconds: float = 0.0) -> None:
        """Let ``seconds`` pass, then do everything that is due."""
        # What a person did meanwhile carries the real time.
        self.now = max(self.now, timezone.now()) + timedelta(seconds=seconds)
        expire_leases(self.now)
        promote_scheduled(self.now)
        while dispatch.drain("w", clock=self.clock).more:
            pass
        promote_scheduled(self.now)
        dispatch.drain("w", clock=self.clock)


@pytest.fixture
def engine() -> Engine:
    """A worker of this test's own."""
    return Engine()


def sign(page: ScamWarningPage, author: Any, approver: Any) -> Release:
    """The release of the latest version of ``page``."""
    from cms.editorial import approval

    return factories.approved(approval.submit(page, author, not_secret=True), approver)


def change(page: ScamWarningPage, author: Any, **values: Any) -> None:
    """A new version of ``page``."""
    draft = page.get_latest_revision_as_object()
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save_revision(user=author)


def of(release: Release, channel: Channel) -> Delivery:
    """The delivery of ``release`` to ``channel``, as it is now."""
    return Delivery.objects.get(release=release, channel=channel)
