"""«Hẹn giờ»: signed now, out at its time, once and never late by itself."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.core import mail
from django.urls import reverse
from django.utils import timezone

import pytest

from cms.audit.models import Entry
from cms.editorial import approval, timing, withdrawal
from cms.editorial.home import today
from cms.editorial.schedule_letters import tell_missed
from cms.editorial.stages.reviews import Review
from cms.portal.models import PublicState, PublishedWarning
from cms.users.roles import Role
from publishers import halt
from publishers.models import Delivery, Notice, Release, Schedule
from publishers.refusals import Refused
from publishers.states import State
from publishers.watch import schedules as watch
from tests import factories
from tests.delivery.conftest import Engine, change, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
HOUR = 3600


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def feed():
    return factories.channel("feed", "Nguồn tin", "")


def typed(moment) -> str:
    """What a browser's field for a local time sends."""
    return timezone.localtime(moment, HANOI).strftime("%Y-%m-%dT%H:%M")


def post(client, state, **values):
    """Sign on the review page."""
    seal = approval.under_review(state).seal
    address = reverse("editorial:review", args=[state.pk])
    return client.post(address, {"decision": "approve", "seal": seal, "not_secret": "on", **values})


@pytest.fixture
def scheduled(lan, minh, client, feed) -> Release:
    """Signed on the review page for two hours from now."""
    state = factories.submitted(lan)
    client.force_login(minh)
    when = timezone.now() + timedelta(hours=2)
    assert post(client, state, when="later", publish_at=typed(when)).status_code == 302
    return Release.objects.get()


def decide(client, release, verb, **values):
    return client.post(reverse("editorial:schedule_decide", args=[release.pk, verb]), values)


def listed(client) -> str:
    """The page of what waits for its time."""
    return client.get(reverse("editorial:schedules")).content.decode()


def standing(release) -> str:
    return Schedule.objects.get(release=release).state


def states(release) -> set[str]:
    return set(Delivery.objects.filter(release=release).values_list("state", flat=True))


def test_it_is_sealed_at_once_and_public_at_its_time(scheduled, engine):
    assert states(scheduled) == {State.SCHEDULED}
    engine.turn(HOUR)
    assert not PublishedWarning.objects.exists()
    engine.turn(HOUR + 60)
    assert PublishedWarning.objects.get().release == scheduled
    assert states(scheduled) == {State.CONFIRMED}
    assert standing(scheduled) == Schedule.State.BEGUN
    engine.turn(HOUR)
    assert Delivery.objects.get(release=scheduled, channel__kind="portal").log.count() == 1


def test_the_time_is_vietnams_to_the_minute_whatever_zone_is_active(lan, minh, client):
    state = factories.submitted(lan)
    client.force_login(minh)
    day = timezone.localdate() + timedelta(days=3)
    with timezone.override("America/New_York"):
        post(client, state, when="later", publish_at=f"{day.isoformat()}T07:30")
    at = Schedule.objects.get().publish_at.astimezone(HANOI)
    assert (at.date(), at.hour, at.minute, at.second) == (day, 7, 30, 0)


@pytest.mark.parametrize("given", ["", "mai", "past", "far", "2026-13-40T25:61"])
def test_a_bad_time_is_told_at_the_field_and_nothing_is_signed(given, lan, minh, client):
    state = factories.submitted(lan)
    client.force_login(minh)
    now = timezone.now()
    times = {"past": typed(now - timedelta(minutes=5)), "far": typed(now + timedelta(days=61))}
    response = post(client, state, when="later", publish_at=times.get(given, given))
    assert response.status_code == 422
    assert response.context["approve_form"].errors["publish_at"]
    assert not Release.objects.exists()
    assert 'value="later"' in response.content.decode()


def test_without_a_choice_it_is_published_now_whatever_stands_in_the_field(lan, minh, client, engine):
    state = factories.submitted(lan)
    client.force_login(minh)
    assert post(client, state, when="now", publish_at="không phải giờ").status_code == 302
    assert not Schedule.objects.exists()
    engine.turn()
    assert PublishedWarning.objects.exists()


def test_the_list_names_time_zone_channels_and_seal(scheduled, client, lan):
    client.force_login(lan)
    html = client.get(reverse("editorial:schedules")).content.decode()
    for words in (scheduled.seal[:16], scheduled.reference, "GMT+7", scheduled.snapshot["title"]):
        assert words in html
    # An editor sees it; deciding is the approver's.
    assert reverse("editorial:schedule_decide", args=[scheduled.pk, "huy"]) not in html
    assert decide(client, scheduled, "huy", reason="x").status_code in (302, 403)
    assert standing(scheduled) == Schedule.State.WAITING


def test_what_was_missed_is_never_sent_by_itself(scheduled, engine, client, lan):
    engine.turn(2 * HOUR + 11 * 60)
    engine.turn(48 * HOUR)
    assert standing(scheduled) == Schedule.State.MISSED
    assert states(scheduled) == {State.SCHEDULED}
    assert not PublishedWarning.objects.exists()
    start = client.get("/admin/").content.decode()
    assert "Lỡ giờ đăng" in start
    assert "Quyết định" in start
    # Not released, so no release of today.
    assert "Hôm nay chưa phát hành nội dung nào" in start
    client.force_login(lan)
    start = client.get("/admin/").content.decode()
    assert "Lỡ giờ đăng" in start
    assert "Quyết định" not in start


def test_within_the_grace_it_still_leaves(scheduled, engine, minh):
    engine.turn(2 * HOUR + 9 * 60)
    assert standing(scheduled) == Schedule.State.BEGUN
    assert PublishedWarning.objects.exists()
    # By the worker's clock: two hours from now may be tomorrow for the start page.
    day = timezone.localdate(engine.now)
    assert [one.release for one in today.released_on(minh, day)] == [scheduled]


def test_the_watch_finds_it_without_a_worker_and_tells_each_person_once(scheduled, minh):
    nam = factories.user("nam", Role.ADMINISTRATOR)
    mail.outbox.clear()
    late = timezone.now() + timedelta(hours=3)
    for _run in range(2):
        assert watch.check(late) == 1
        tell_missed(late)
    assert sorted(message.to[0] for message in mail.outbox) == sorted([minh.email, nam.email])
    assert Notice.objects.filter(key__startswith="schedule-missed:", ended_at=None).count() == 1


def test_a_person_publishes_what_was_missed_under_the_same_seal(scheduled, engine, client):
    late = timezone.now() + timedelta(hours=3)
    watch.check(late)
    assert decide(client, scheduled, "dang-ngay", reason="").status_code == 422
    assert decide(client, scheduled, "dang-ngay", reason="Máy chủ mất điện.").status_code == 302
    seal = scheduled.seal
    engine.turn()
    public = PublishedWarning.objects.get()
    assert (public.release_id, public.release.seal) == (scheduled.pk, seal)
    watch.check(late)
    assert not Notice.objects.filter(key__startswith="schedule-missed:", ended_at=None).exists()
    entry = Entry.objects.get(action="publishers.schedule_now")
    assert "Máy chủ mất điện." in entry.details
    assert seal in entry.details


def test_another_time_is_kept_with_its_reason(scheduled, engine, client):
    later = timezone.now() + timedelta(hours=5)
    assert decide(client, scheduled, "doi-gio", publish_at=typed(later), reason="").status_code == 422
    wrong = decide(client, scheduled, "doi-gio", publish_at=typed(timezone.now()), reason="Vì sao.")
    assert wrong.status_code == 422
    assert "Vì sao." in wrong.content.decode()
    assert decide(client, scheduled, "doi-gio", publish_at=typed(later), reason="Chờ.").status_code == 302
    engine.turn(3 * HOUR)
    assert not PublishedWarning.objects.exists()
    engine.turn(2 * HOUR + 60)
    assert PublishedWarning.objects.exists()
    assert Entry.objects.filter(action="publishers.schedule_change", details__contains="Chờ.").exists()


def test_what_is_cancelled_never_leaves(scheduled, engine, client):
    assert decide(client, scheduled, "huy", reason="Vụ việc đã khép lại.").status_code == 302
    engine.turn(3 * HOUR)
    assert not PublishedWarning.objects.exists()
    assert states(scheduled) == {State.CANCELLED}
    assert decide(client, scheduled, "dang-ngay", reason="Thử.").status_code == 302
    assert standing(scheduled) == Schedule.State.CANCELLED


def test_whoever_wrote_part_of_it_gives_it_up_and_never_says_when_it_leaves(lan, minh, client):
    both = factories.user("hai", Role.EDITOR, Role.APPROVER)
    page = factories.warning(lan)
    change(page, both, summary="Người duyệt này viết một phần.")
    release = factories.approved(
        approval.submit(page, lan, not_secret=True), minh, publish_at=timezone.now() + timedelta(hours=2)
    )
    client.force_login(both)
    later = typed(timezone.now() + timedelta(hours=5))
    when = release.schedule.publish_at
    for verb in ("dang-ngay", "doi-gio"):
        answer = decide(client, release, verb, reason="Gấp.", publish_at=later)
        assert (answer.status_code, answer["Location"]) == (302, "/admin/")
        assert reverse("editorial:schedule_decide", args=[release.pk, verb]) not in listed(client)
    with pytest.raises(Refused):
        timing.publish_now(release, both, "Gấp.")
    assert (standing(release), Schedule.objects.get().publish_at) == (Schedule.State.WAITING, when)
    assert reverse("editorial:schedule_decide", args=[release.pk, "huy"]) in listed(client)
    decide(client, release, "huy", reason="Tôi viết sai.")
    assert standing(release) == Schedule.State.CANCELLED


def test_who_reviewed_it_does_not_say_when_it_leaves(lan, minh):
    reviewer = factories.user("hai", Role.REVIEWER, Role.PUBLISHER)
    release = factories.approved(
        factories.submitted(lan), minh, publish_at=timezone.now() + timedelta(hours=2)
    )
    assert timing.deciding(reviewer).verbs(release) == ("dang-ngay", "doi-gio")
    task = release.revision.task_states.get()
    Review.objects.create(
        page=release.page,
        workflow_state=task.workflow_state,
        content_hash="0" * 64,
        reviewer=reviewer,
        passed_at=release.sealed_at,
    )
    assert timing.deciding(reviewer).verbs(release) == ()


def test_a_publisher_says_when_it_leaves_and_not_that_it_never_does(scheduled, engine, client):
    client.force_login(factories.user("xuan", Role.PUBLISHER))
    html = listed(client)
    assert reverse("editorial:schedule_decide", args=[scheduled.pk, "dang-ngay"]) in html
    assert reverse("editorial:schedule_decide", args=[scheduled.pk, "huy"]) not in html
    later = typed(timezone.now() + timedelta(hours=5))
    decide(client, scheduled, "doi-gio", publish_at=later, reason="Chờ.")
    assert typed(Schedule.objects.get().publish_at) == later
    decide(client, scheduled, "huy", reason="Thôi.")
    assert standing(scheduled) == Schedule.State.WAITING
    decide(client, scheduled, "dang-ngay", reason="Gấp.")
    engine.turn()
    assert PublishedWarning.objects.get().release == scheduled


def test_what_was_signed_is_not_deleted_before_its_time(scheduled, client, lan):
    client.force_login(lan)
    address = reverse("wagtailadmin_pages:delete", args=[scheduled.page_id])
    for send in (client.get, client.post):
        assert (send(address).status_code, send(address)["Location"]) == (302, "/admin/")
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    assert client.post(f"{bulk}?id={scheduled.page_id}").status_code < 500
    assert Release.objects.filter(page_id=scheduled.page_id).exists()


@pytest.mark.parametrize(("role", "superuser"), [(Role.ADMINISTRATOR, False), (None, True)])
def test_who_neither_publishes_nor_approves_takes_no_channel_out_of_it(scheduled, client, role, superuser):
    client.force_login(factories.user("xuan", *filter(None, [role]), superuser=superuser))
    row = Delivery.objects.latest("pk")
    back = reverse("publishers:release", args=[scheduled.pk])
    assert reverse("publishers:delivery_cancel", args=[row.pk]) not in client.get(back).content.decode()
    client.post(reverse("publishers:delivery_cancel", args=[row.pk]), {"reason": "Bỏ kênh."})
    form = {"verb": "cancel", "confirmed": "on", "reason": "Bỏ hết."}
    told = client.post(reverse("publishers:release_bulk", args=[scheduled.pk]), form, follow=True)
    assert "Chỉ người xuất bản hoặc người duyệt" in told.content.decode()
    assert states(scheduled) == {State.SCHEDULED}


def test_nothing_begins_while_everything_is_stopped(scheduled, engine, minh, client):
    halt.begin(minh, "Kiểm tra.")
    engine.turn(2 * HOUR + 60)
    assert standing(scheduled) == Schedule.State.WAITING
    refused = decide(client, scheduled, "dang-ngay", reason="Gấp.")
    assert refused.status_code == 422
    engine.turn(HOUR)
    assert standing(scheduled) == Schedule.State.MISSED
    halt.end(minh)
    engine.turn(60)
    assert not PublishedWarning.objects.exists()


def test_a_newer_version_takes_its_place(scheduled, engine, lan, minh):
    page = scheduled.page
    change(page, lan, summary="Bản mới hơn.", correction_note="Sửa trước khi đăng.")
    second = sign(page, lan, minh)
    assert standing(scheduled) == Schedule.State.SUPERSEDED
    # Nothing was out, so the public has nothing to be told of.
    assert second.kind == Release.Kind.PUBLICATION
    engine.turn()
    engine.turn(3 * HOUR)
    public = PublishedWarning.objects.get()
    assert (public.release_id, public.state) == (second.pk, PublicState.PUBLISHED)
    assert states(scheduled) == {State.CANCELLED}


@pytest.mark.parametrize("verb", ["dang-ngay", "huy"])
def test_what_is_for_later_keeps_nothing_from_the_public_meanwhile(lan, minh, engine, client, feed, verb):
    first = factories.approved(factories.submitted(lan), minh)
    # Signed before any worker came to send the first.
    change(first.page, lan, summary="Bản cho ngày mai.", correction_note="Cập nhật.")
    state = approval.submit(first.page, lan, not_secret=True)
    second = factories.approved(state, minh, publish_at=timezone.now() + timedelta(hours=20))
    engine.turn()
    assert PublishedWarning.objects.get().release == first
    assert states(first) == {State.CONFIRMED}
    client.force_login(minh)
    assert decide(client, second, verb, reason="Đổi kế hoạch.").status_code == 302
    engine.turn()
    assert PublishedWarning.objects.get().release == (second if verb == "dang-ngay" else first)


def test_nothing_scheduled_is_withdrawn_and_a_withdrawal_ends_what_is_scheduled(
    scheduled, engine, client, lan, minh
):
    assert not withdrawal.is_out(scheduled.page)
    decide(client, scheduled, "dang-ngay", reason="Gấp.")
    engine.turn()
    page = scheduled.page
    change(page, lan, summary="Bản thứ hai.", correction_note="Sửa số.")
    state = approval.submit(page, lan, not_secret=True)
    post(client, state, when="later", publish_at=typed(timezone.now() + timedelta(hours=1)))
    second = page.releases.get(number=2)
    draft = withdrawal.draft(page, "Nhầm.")
    # The public is told of the version it has read.
    assert draft.snapshot.summary == scheduled.snapshot["summary"]
    withdrawal.withdraw(page, minh, note="Nhầm.", seen_seal=draft.seal, not_secret=True)
    engine.turn(2 * HOUR)
    assert standing(second) == Schedule.State.SUPERSEDED
    assert PublishedWarning.objects.get().state == PublicState.WITHDRAWN
    log = client.get("/dinh-chinh/").content.decode()
    assert "Sửa số." not in log


def test_the_calendar_shows_what_is_scheduled(scheduled, client):
    month = timezone.localtime(scheduled.schedule.publish_at).strftime("%Y-%m")
    html = client.get(reverse("editorial:calendar"), {"thang": month}).content.decode()
    assert reverse("editorial:schedules") in html
    assert scheduled.snapshot["title"] in html


def test_the_release_page_says_what_it_waits_for(scheduled, client):
    html = client.get(reverse("publishers:release", args=[scheduled.pk])).content.decode()
    assert "GMT+7" in html
    assert "Đã hẹn giờ" in html
