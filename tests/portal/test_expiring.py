"""Out of force: the page stays and says so, lists put it last, the feeds tell it once; no channel hears of it."""

from datetime import timedelta

from django.utils import timezone

import pytest

from cms.portal import bake
from cms.portal.expiring import expire
from cms.portal.models import FeedEntry, PublishedWarning
from publishers.dispatch import drain
from publishers.models import Delivery
from publishers.watch.watchman import jobs
from tests import factories
from tests.delivery.conftest import change, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def old(lan, minh) -> PublishedWarning:
    """The newest of two public warnings; its last day in force is today."""
    factories.channel("feed", "Nguồn tin", "")
    sign(factories.warning(lan, key="con-hieu-luc", title="Bài còn hiệu lực"), lan, minh)
    drain("w")
    page = factories.warning(lan, key="sap-het", title="Bài sắp hết hạn")
    change(page, lan, expires_on=timezone.localdate())
    sign(page, lan, minh)
    drain("w")
    return PublishedWarning.objects.get(title="Bài sắp hết hạn")


def tomorrow():
    return timezone.now() + timedelta(days=1)


def test_nothing_happens_on_the_last_day(old):
    assert expire(timezone.now()) == 0


def test_it_happens_once(old, client, settings):
    deliveries = Delivery.objects.count()
    assert [expire(tomorrow()) for _run in range(3)] == [1, 0, 0]
    listed = client.get("/canh-bao/").content.decode()
    assert listed.index("Bài còn hiệu lực") < listed.index("Bài sắp hết hạn")
    assert client.get(old.path).status_code == 200
    entry = FeedEntry.objects.get(page=old.page)
    assert entry.title == "Hết hiệu lực: Bài sắp hết hạn"
    assert entry.updated_at > old.updated_at
    assert Delivery.objects.count() == deliveries


def test_the_finished_files_follow(old):
    bake.bake_everything()
    before = bake.file_for(bake.FEEDS[0]).read_bytes()
    expire(tomorrow())
    bake.bake_feeds()
    assert bake.file_for(bake.FEEDS[0]).read_bytes() != before
    assert "Hết hiệu lực".encode() in bake.file_for(bake.FEEDS[0]).read_bytes()


def test_a_new_version_with_a_later_day_is_in_force_again(old, lan, minh):
    expire(tomorrow())
    change(old.page, lan, expires_on=timezone.localdate() + timedelta(days=30))
    sign(old.page, lan, minh)
    drain("w")
    old.refresh_from_db()
    assert not old.is_old
    assert FeedEntry.objects.get(page=old.page).title == "Bài sắp hết hạn"


def test_the_watch_does_it():
    assert "public-expiry" in {job.name for job in jobs()}
