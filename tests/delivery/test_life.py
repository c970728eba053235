"""A warning's life on every sort of channel: published, corrected, updated, withdrawn, over real HTTP."""

import pytest

from cms.editorial import withdrawal
from cms.portal.models import FeedEntry, PublicState, PublishedWarning
from publishers import services
from publishers.assisted import tasks
from publishers.models import AssistedTask, Channel, Delivery, Transition
from publishers.refusals import Refused
from publishers.states import State
from scam_warnings.models import ScamWarningPage
from tests import factories
from tests.delivery.conftest import GROUP, PAGE, change, of, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed(site):
    return factories.channel("feed", "Nguồn tin", "")


@pytest.fixture
def published(lan, minh, sandbox, fanpage, group, hand, feed, engine):
    """A warning on the portal, a fanpage, two groups and the feed."""
    names = [fanpage.name, group.name, hand.name]
    page = factories.warning(lan, channels=names)
    release = sign(page, lan, minh)
    engine.turn()
    tasks.finish(AssistedTask.objects.get(), url="https://zalo.me/g/abc")
    engine.turn(30)
    return release


def withdrawn(page, user, note="Thông tin chưa chính xác."):
    draft = withdrawal.draft(page, note)
    return withdrawal.withdraw(page, user, note=note, seen_seal=draft.seal, not_secret=True)


def test_it_reaches_every_channel_once(published, sandbox):
    states = dict(published.deliveries.values_list("channel__kind", "state"))
    assert states == {
        "portal": State.CONFIRMED,
        "feed": State.CONFIRMED,
        "facebook_page": State.CONFIRMED,
        "zalo_group": State.CONFIRMED,
        "assisted": State.DELIVERED,
    }
    assert len(sandbox.posts(PAGE.id)) == len(sandbox.messages(GROUP.id)) == 1
    assert published.reference in sandbox.posts(PAGE.id)[0]["message"]


def test_every_step_is_on_record(published):
    for delivery in published.deliveries.all():
        steps = list(delivery.transitions.values_list("before", "after"))
        assert steps[0][0] == ""
        assert [before for before, _after in steps[1:]] == [after for _before, after in steps[:-1]]
        assert steps[-1][1] == delivery.state


@pytest.mark.parametrize("event", ["correction", "withdrawal"])
def test_what_follows_up_before_the_first_was_seen_is_no_duplicate_of_it(
    event, lan, minh, sandbox, group, engine
):
    page = factories.warning(lan, channels=[group.name])
    first = sign(page, lan, minh)
    engine.turn()
    assert of(first, group).state == State.DELIVERED
    if event == "correction":
        change(page, lan, summary="Đã sửa.", correction_note="Sửa số điện thoại ở bước 2.")
        second = sign(page, lan, minh)
    else:
        second = withdrawn(page, minh)
    engine.turn()
    assert len(sandbox.messages(GROUP.id)) == 2
    engine.turn(60)
    assert of(first, group).state == (State.CONFIRMED if event == "correction" else State.WITHDRAWN)
    assert of(second, group).state == State.CONFIRMED
    assert of(first, group).remote_id != of(second, group).remote_id


def test_a_correction_edits_follows_up_and_asks(published, sandbox, lan, minh, fanpage, group, hand, engine):
    page = published.page
    change(page, lan, summary="Số điện thoại đã sửa.", correction_note="Sửa số điện thoại ở bước 2.")
    second = sign(page, lan, minh)
    engine.turn()
    engine.turn(30)
    (post,) = sandbox.posts(PAGE.id)
    assert post["message"].startswith("ĐÍNH CHÍNH: Sửa số điện thoại ở bước 2.")
    assert second.reference in post["message"]
    assert of(second, fanpage).remote_id == post["id"] == of(published, fanpage).remote_id
    assert of(second, fanpage).state == State.CONFIRMED
    first, further = reversed(sandbox.messages(GROUP.id))
    assert published.reference in first["text"]
    assert further["text"].startswith("ĐÍNH CHÍNH: ")
    assert of(second, hand).state == State.AWAITING_PERSON
    assert of(second, hand).follows == of(published, hand)
    public = PublishedWarning.objects.get()
    assert public.state == PublicState.CORRECTED
    assert FeedEntry.objects.get().title.startswith("Đính chính: ")


def test_a_note_counts_once_and_a_mere_update_tells_nobody_twice(
    published, sandbox, lan, minh, fanpage, group, engine
):
    page = published.page
    change(page, lan, correction_note="Sửa số điện thoại.")
    sign(page, lan, minh)
    engine.turn()
    change(page, lan, summary="Chỉ sửa câu chữ.")
    third = sign(page, lan, minh)
    engine.turn()
    assert third.kind == "publication"
    assert set(third.deliveries.values_list("channel__kind", flat=True)) == {
        "portal",
        "feed",
        "facebook_page",
    }
    assert len(sandbox.messages(GROUP.id)) == 2
    (post,) = sandbox.posts(PAGE.id)
    assert third.reference in post["message"]
    assert PublishedWarning.objects.get().state == PublicState.CORRECTED


def test_a_withdrawal_reaches_every_form_that_is_out(
    published, sandbox, minh, fanpage, group, hand, engine, client
):
    release = withdrawn(published.page, minh)
    engine.turn()
    assert sandbox.posts(PAGE.id) == []
    assert sandbox.messages(GROUP.id)[0]["text"].startswith("THU HỒI: ")
    for channel in (fanpage, group):
        assert of(published, channel).state == State.WITHDRAWN
    assert of(release, hand).state == State.AWAITING_PERSON
    tasks.finish(AssistedTask.objects.get(delivery=of(release, hand)))
    assert of(published, hand).state == State.WITHDRAWN
    public = PublishedWarning.objects.get()
    assert public.state == PublicState.WITHDRAWN
    shown = client.get(public.path).content.decode()
    assert "Cảnh báo này đã được thu hồi" in shown
    assert "Thông tin chưa chính xác." in shown
    assert published.page.title not in client.get("/").content.decode()
    assert FeedEntry.objects.get().title.startswith("Đã thu hồi: ")


def test_what_was_not_sent_yet_is_replaced_not_corrected(lan, minh, sandbox, fanpage, engine):
    page = factories.warning(lan, channels=[fanpage.name])
    first = sign(page, lan, minh)
    change(page, lan, summary="Bản thứ hai.", correction_note="Sửa ngay.")
    second = sign(page, lan, minh)
    engine.turn()
    assert of(first, fanpage).state == State.CANCELLED
    assert of(second, fanpage).follows is None
    (post,) = sandbox.posts(PAGE.id)
    assert second.reference in post["message"]


def test_what_waits_when_the_warning_is_withdrawn_never_leaves(lan, minh, sandbox, fanpage, group, engine):
    Channel.objects.filter(pk=fanpage.pk).update(paused_reason="Kết nối đã hết hạn.")
    page = factories.warning(lan, channels=[fanpage.name, group.name])
    first = sign(page, lan, minh)
    engine.turn()
    assert of(first, fanpage).state in (State.DUE, State.SCHEDULED)
    withdrawn(page, minh)
    assert of(first, fanpage).state == State.CANCELLED
    Channel.objects.filter(pk=fanpage.pk).update(paused_reason="")
    engine.turn(3600)
    assert sandbox.posts(PAGE.id) == []


def test_what_failed_before_the_withdrawal_is_not_sent_again(lan, minh, sandbox, fanpage, engine):
    page = factories.warning(lan, channels=[fanpage.name])
    first = sign(page, lan, minh)
    Delivery.objects.filter(channel=fanpage).update(
        state=State.FAILED, next_attempt_at=None, error_code="rejected", error_sentence="Từ chối."
    )
    engine.turn()
    withdrawn(page, minh)
    with pytest.raises(Refused):
        services.resend(of(first, fanpage), minh, "Thử lại.")


def test_a_withdrawal_while_the_post_is_on_its_way_waits_and_then_takes_it_away(
    lan, minh, sandbox, fanpage, engine
):
    page = factories.warning(lan, channels=[fanpage.name])
    sandbox.fault("effect_then_timeout", operation="post_feed", drop=True)
    first = sign(page, lan, minh)
    engine.turn()
    assert of(first, fanpage).state == State.UNCONFIRMED
    release = withdrawn(page, minh)
    engine.turn()
    assert of(release, fanpage).state in (State.DUE, State.SCHEDULED)
    engine.turn(15)
    engine.turn(15)
    assert sandbox.posts(PAGE.id) == []
    assert of(release, fanpage).state == State.DELIVERED
    assert of(first, fanpage).state == State.WITHDRAWN


def test_a_deletion_whose_answer_is_lost_is_repeated_and_nothing_is_left(
    published, sandbox, minh, fanpage, engine
):
    sandbox.fault("effect_then_timeout", operation="delete_post", drop=True)
    release = withdrawn(published.page, minh)
    engine.turn()
    engine.turn(700)
    assert sandbox.posts(PAGE.id) == []
    assert of(release, fanpage).state == State.DELIVERED


def test_only_those_who_decide_may_withdraw(published, lan):
    draft = withdrawal.draft(published.page, "Sai.")
    with pytest.raises(withdrawal.ApprovalRefused):
        withdrawal.withdraw(published.page, lan, note="Sai.", seen_seal=draft.seal, not_secret=True)
    assert PublishedWarning.objects.get().state == PublicState.PUBLISHED


def test_an_altered_seal_withdraws_nothing(published, minh):
    with pytest.raises(withdrawal.ContentChanged):
        withdrawal.withdraw(published.page, minh, note="Sai.", seen_seal="0" * 64, not_secret=True)


def test_the_withdrawal_page_shows_what_happens_and_signs_it(published, minh, client, engine, sandbox):
    client.force_login(minh)
    address = f"/admin/duyet/thu-hoi/{published.page_id}/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"note": " "}).status_code == 422
    shown = client.post(address, {"note": "Nguồn tin đã rút lại."})
    assert "THU HỒI: Cảnh báo" in shown.content.decode()
    seal = shown.context["draft"].seal
    assert client.post(address, {"note": "Nguồn tin đã rút lại.", "seal": seal}).status_code == 422
    done = client.post(address, {"note": "Nguồn tin đã rút lại.", "seal": seal, "not_secret": "on"})
    assert done.status_code == 302
    engine.turn()
    assert sandbox.posts(PAGE.id) == []


def test_an_editor_never_sees_the_withdrawal_page(published, lan, client):
    client.force_login(lan)
    assert client.get(f"/admin/duyet/thu-hoi/{published.page_id}/").status_code in (302, 403)


def test_every_row_stays_consistent(published):
    assert Transition.objects.count() >= 2 * Delivery.objects.count()
    assert ScamWarningPage.objects.get().releases.count() == 1
