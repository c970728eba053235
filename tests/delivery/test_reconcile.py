"""The reconciler sees what workers do not: deleted, altered, doubled, foreign, missing (test plan D7)."""

from datetime import timedelta

import pytest

from publishers.models import Channel, Delivery, Discrepancy, Notice, Payload, Release
from publishers.sandbox.state import Post
from publishers.watch.reconcile import reconcile
from tests import factories
from tests.delivery.conftest import GROUP, PAGE, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(lan, minh, sandbox, fanpage, group, engine):
    page = factories.warning(lan, channels=[fanpage.name, group.name])
    signed = sign(page, lan, minh)
    engine.turn()
    engine.turn(30)
    return signed


@pytest.fixture
def look(engine):
    """One round of the reconciler a minute later; what stands open afterwards, as (kind, channel)."""

    def round_():
        engine.now += timedelta(seconds=60)
        reconcile(engine.now)
        rows = Discrepancy.objects.filter(resolved_at__isnull=True)
        return sorted((row.kind, row.channel.kind) for row in rows)

    return round_


def post_of(sandbox) -> Post:
    return next(iter(sandbox.remote.state.posts.values()))


def test_all_is_well(release, look):
    assert look() == []
    assert not Channel.objects.filter(kind="facebook_page", compared_at__isnull=True).exists()


def test_a_deleted_post_is_reported_and_ends_when_it_is_back(release, look, sandbox):
    post = post_of(sandbox)
    del sandbox.remote.state.posts[post.id]
    assert look() == [("deleted", "facebook_page")]
    assert look() == [("deleted", "facebook_page")]
    assert Discrepancy.objects.count() == 1
    assert Notice.objects.filter(key__startswith="reconcile:").count() == 1
    sandbox.remote.state.posts[post.id] = post
    assert look() == []


def test_what_nobody_was_told_of_is_told_in_the_next_round(release, look, sandbox):
    del sandbox.remote.state.posts[post_of(sandbox).id]
    look()
    # As if the watch had died between finding it and telling.
    Notice.objects.all().delete()
    look()
    look()
    assert Notice.objects.filter(key__startswith="reconcile:").count() == 1


def test_an_altered_post_is_reported(release, look, sandbox):
    post_of(sandbox).message += "\nGọi số 0900 000 000"
    assert look() == [("altered", "facebook_page")]


def test_white_space_the_platform_folds_is_no_alteration(release, look, sandbox):
    post = post_of(sandbox)
    post.message = post.message.replace("\n\n", "\n") + " "
    assert look() == []


def test_a_foreign_post_is_reported_unless_staff_also_post_there(release, look, sandbox, fanpage):
    state, mine = sandbox.remote.state, post_of(sandbox)
    state.posts["x_1"] = Post("x_1", PAGE.id, 999, "Bài của ai đó", "", [], mine.created, mine.visible_at)
    assert look() == [("foreign", "facebook_page")]
    Channel.objects.filter(pk=fanpage.pk).update(reports_foreign=False)
    assert look() == []


def test_what_was_approved_long_ago_and_posted_late_is_not_foreign(release, look):
    Release.objects.update(sealed_at=release.sealed_at - timedelta(days=90))
    assert look() == []


def test_a_second_post_with_our_reference_is_a_double_even_there(release, look, sandbox, fanpage):
    Channel.objects.filter(pk=fanpage.pk).update(reports_foreign=False)
    mine = post_of(sandbox)
    again = Post("x_2", PAGE.id, 998, mine.message, "", [], mine.created, mine.visible_at)
    sandbox.remote.state.posts[again.id] = again
    assert look() == [("doubled", "facebook_page")]


def test_a_vanished_group_message_is_reported(release, look, sandbox):
    sandbox.remote.state.messages.clear()
    assert look() == [("deleted", "zalo_group")]
    assert sandbox.messages(GROUP.id) == []


def test_a_dropped_delivery_row_is_reported(release, look, group):
    lost = Delivery.objects.get(release=release, channel=group)
    lost.log.all().delete()
    lost.transitions.all().delete()
    lost.delete()
    assert ("no_delivery", "zalo_group") in look()


def test_an_altered_payload_row_is_reported(release, look, group):
    Payload.objects.filter(release=release, channel=group).update(hash="0" * 64)
    assert ("no_delivery", "zalo_group") in look()


def test_a_channel_that_cannot_be_read_is_no_discrepancy(release, look, sandbox):
    sandbox.fault("html_502", operation="list_posts", times=0)
    sandbox.remote.state.posts.clear()
    assert look() == []


def test_what_a_person_closed_is_not_raised_again(release, look, sandbox):
    sandbox.remote.state.posts.clear()
    assert look() == [("deleted", "facebook_page")]
    row = Discrepancy.objects.get()
    row.closed_by, row.closed_reason, row.resolved_at = "Minh", "Đã biết", row.found_at
    row.save()
    assert look() == []
