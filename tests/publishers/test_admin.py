"""The admin's screens of channels, accounts and deliveries: who may, what they show, and what never shows."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from wagtail.models import PageLogEntry

import pytest

from publishers.contracts import AuthExpired
from publishers.credentials import CredentialHandle
from publishers.models import Channel, Credential, Delivery
from publishers.services import connect_account
from publishers.states import State
from tests.publishers import outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_channels", "remote")]

CANARY = "CANARYsecret0123456789"
ADMINISTRATOR = [
    f"{verb}_{model}" for verb in ("view", "add", "change", "delete") for model in ("channel", "credential")
]
ADMINISTRATOR += ["view_delivery", "change_delivery"]


@pytest.fixture
def sign_in(client):
    """A client signed in as somebody with these permissions besides the admin."""

    def make(*codenames: str):
        user = get_user_model().objects.create_user("nhan-vien", password="mat-khau-thu-nghiem")
        wanted = Permission.objects.filter(codename__in=["access_admin", *codenames])
        assert wanted.count() == len(codenames) + 1
        user.user_permissions.set(wanted)
        client.force_login(user)
        client.user = user
        return client

    return make


def account(**secrets) -> Credential:
    entered = {"page_token": CANARY, "app_secret": CANARY + "2"} | secrets
    return connect_account(label="Trang của tỉnh", kind="facebook", secrets=entered)


def failed(**values) -> Delivery:
    base = {
        "state": State.FAILED,
        "next_attempt_at": None,
        "error_code": "rejected",
        "error_sentence": "Nội dung bị từ chối.",
    }
    return outbox.delivery(**base | values)


def person(**values) -> Delivery:
    base = {
        "state": State.AWAITING_PERSON,
        "next_attempt_at": None,
        "error_code": "not_found",
        "error_sentence": "Hãy xem.",
    }
    return outbox.delivery(**base | values)


LISTS = [
    "publishers_channels:index",
    "publishers_channels:add",
    "publishers_accounts:index",
    "publishers_accounts:add",
]


@pytest.mark.parametrize("name", [*LISTS, "publishers:deliveries", "publishers:deliveries_results"])
def test_without_permission_no_screen_opens(sign_in, name):
    client = sign_in()
    response = client.get(reverse(name))
    assert response.status_code in {302, 403}
    assert response.get("Location", "/admin/") == "/admin/"
    assert "Kênh" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_viewers_see_channels_but_neither_accounts_nor_buttons(sign_in):
    outbox.channel(name="Nhóm dân phố")
    client = sign_in("view_channel", "view_delivery")
    page = client.get(reverse("publishers_channels:index")).content.decode()
    assert "Nhóm dân phố" in page
    assert "Kiểm tra kết nối" not in page
    assert client.get(reverse("publishers_accounts:index")).status_code == 302


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("publishers:channel_check", "post"),
        ("publishers:delivery_resend", "get"),
        ("publishers:delivery_resend", "post"),
        ("publishers:delivery_cancel", "post"),
        ("publishers:delivery_posted", "post"),
    ],
)
def test_viewers_change_nothing(sign_in, name, method):
    delivery = failed()
    client = sign_in("view_channel", "view_delivery")
    pk = delivery.channel_id if name.endswith("check") else delivery.pk
    response = getattr(client, method)(reverse(name, args=[pk]), {"reason": "vì"})
    assert response.status_code in {302, 403}
    assert Delivery.objects.get().state == State.FAILED
    assert Channel.objects.get().checked_at is None


def test_the_panel_of_a_page_needs_permission_on_deliveries(sign_in):
    delivery = failed()
    client = sign_in("view_channel")
    response = client.get(reverse("publishers:page_deliveries", args=[delivery.release.page_id]))
    assert "Nội dung bị từ chối." not in response.content.decode()


@pytest.mark.parametrize(
    "name", ["publishers:channel_check", "publishers:delivery_resend", "publishers:delivery_cancel"]
)
def test_without_the_forms_token_nothing_changes(sign_in, name):
    from django.test import Client

    delivery = failed()
    user = sign_in(*ADMINISTRATOR).user
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    pk = delivery.channel_id if name.endswith("check") else delivery.pk
    assert strict.post(reverse(name, args=[pk]), {"reason": "vì"}).status_code == 403
    assert Delivery.objects.get().state == State.FAILED


def test_checking_a_connection_never_happens_on_get(sign_in):
    channel = outbox.channel()
    assert (
        sign_in(*ADMINISTRATOR).get(reverse("publishers:channel_check", args=[channel.pk])).status_code == 405
    )
    assert Channel.objects.get().checked_at is None


def test_a_working_connection_shows_name_and_picture_and_lifts_the_pause(sign_in):
    channel = outbox.channel(paused_reason="Kết nối đã hết hạn.")
    client = sign_in(*ADMINISTRATOR)
    listing = client.get(reverse("publishers_channels:index")).content.decode()
    assert "Kết nối đã hết hạn." in listing
    assert "Tạm dừng" in listing
    edit = reverse("publishers_channels:edit", args=[channel.pk])
    shown = client.post(
        reverse("publishers:channel_check", args=[channel.pk]), {"next": edit}, follow=True
    ).content.decode()
    assert "Trang thử" in shown
    assert 'src="https://memory.example/p.png"' in shown
    channel.refresh_from_db()
    assert (channel.paused_reason, channel.check_error) == ("", "")
    assert "Trang thử" in client.get(reverse("publishers_channels:index")).content.decode()


def test_a_broken_connection_shows_cause_and_next_step(sign_in, remote):
    channel = outbox.channel("memory", credential=account())
    remote.checks = [AuthExpired("Mã truy cập đã hết hạn. Mở Kênh → Tài khoản để kết nối lại.")]
    client = sign_in(*ADMINISTRATOR)
    page = client.post(reverse("publishers:channel_check", args=[channel.pk]), follow=True).content.decode()
    assert page.count("Mã truy cập đã hết hạn.") >= 2
    assert reverse("publishers:connect", args=[channel.credential_id]) in page
    assert "Đang dùng" not in page.split("<tbody")[1]
    assert Credential.objects.get().health == Credential.Health.RECONNECT_REQUIRED
    assert "Kết nối đã hết hạn" in client.get(reverse("publishers_accounts:index")).content.decode()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://scontent.example/p.jpg", True),
        ("http://127.0.0.1:9999/p.jpg", True),
        ("http://evil.example/p.jpg", False),
        ("//evil.example/p.jpg", False),
        ("javascript:alert(1)", False),
        ('https://x.example/"onerror="alert(1)', False),
        (7, False),
    ],
)
def test_a_picture_shows_only_from_a_safe_address(sign_in, settings, url, shown):
    settings.FACEBOOK_GRAPH_URL = "http://127.0.0.1:9999/graph/"
    outbox.channel(identity={"name": "Trang", "picture_url": url})
    page = sign_in("view_channel").get(reverse("publishers_channels:index")).content.decode()
    assert ("<img src=" in page.split("<main")[-1]) == shown
    assert "onerror" not in page


def test_a_channel_is_added_with_its_account(sign_in):
    made = account()
    client = sign_in(*ADMINISTRATOR)
    fields = {
        "name": "Trang tỉnh",
        "kind": "facebook_page",
        "remote_id": " 100000000000101 ",
        "sort_order": "5",
        "is_active": "on",
    }
    refused = client.post(reverse("publishers_channels:add"), fields)
    assert "Chọn tài khoản" in refused.content.decode()
    response = client.post(reverse("publishers_channels:add"), {**fields, "credential": made.pk})
    assert response.status_code == 302
    assert Channel.objects.get().remote_id == "100000000000101"
    again = client.post(
        reverse("publishers_channels:add"), {**fields, "name": "Trang 2", "credential": made.pk}
    )
    assert "Nơi gửi đến này đã là một kênh" in again.content.decode()


@pytest.mark.parametrize("remote_id", ["<script>", "../x", "1 2", "", "x" * 121])
def test_a_channel_with_an_impossible_identifier_is_refused(sign_in, remote_id):
    fields = {
        "name": "Trang",
        "kind": "facebook_page",
        "remote_id": remote_id,
        "sort_order": "5",
        "credential": account().pk,
    }
    assert sign_in(*ADMINISTRATOR).post(reverse("publishers_channels:add"), fields).status_code == 200
    assert not Channel.objects.exists()


def test_where_something_was_approved_for_the_destination_is_fixed(sign_in):
    delivery = failed()
    channel = delivery.channel
    client = sign_in(*ADMINISTRATOR)
    fields = {
        "name": "Tên mới",
        "kind": "facebook_page",
        "remote_id": "999",
        "sort_order": "5",
        "is_active": "on",
    }
    client.post(reverse("publishers_channels:edit", args=[channel.pk]), fields)
    changed = Channel.objects.get()
    assert (changed.name, changed.kind, changed.remote_id) == ("Tên mới", "memory", channel.remote_id)


def test_an_unused_channel_may_become_one_of_another_kind(sign_in):
    channel = outbox.channel("feed", remote_id="")
    edit = reverse("publishers_channels:edit", args=[channel.pk])
    fields = {"name": "Nhóm", "kind": "assisted", "remote_id": "nhom-5", "sort_order": 1, "is_active": "on"}
    client = sign_in(*ADMINISTRATOR)
    assert client.post(edit, fields).status_code == 200
    assert client.post(edit, {**fields, "option-assisted-platform": "zalo"}).status_code == 302
    channel.refresh_from_db()
    assert (channel.kind, channel.options) == ("assisted", {"platform": "zalo"})


def test_a_used_channel_cannot_be_deleted_and_says_so(sign_in):
    delivery = failed()
    client = sign_in(*ADMINISTRATOR)
    response = client.post(reverse("publishers_channels:delete", args=[delivery.channel_id]), follow=True)
    assert response.status_code == 200
    assert Channel.objects.exists()
    assert "đang dùng" in response.content.decode()


def test_secrets_are_entered_and_never_shown_again(sign_in):
    client = sign_in(*ADMINISTRATOR)
    add = reverse("publishers_accounts:add")
    entered = {"label": "Zalo tỉnh", "kind": "zalo_oa", "zalo_oa-app_id": "41", "zalo_oa-secret_key": CANARY}
    refused = client.post(add, entered)
    assert CANARY not in refused.content.decode()
    assert not Credential.objects.exists()
    entered |= {"zalo_oa-access_token": f"{CANARY}a", "zalo_oa-refresh_token": f"{CANARY}r"}
    assert client.post(add, entered).status_code == 302
    made = Credential.objects.get()
    assert CredentialHandle(made.pk).read()["access_token"] == f"{CANARY}a"
    assert CANARY not in made.sealed_secrets
    outbox.channel(credential=made)
    for name, args in [
        ("publishers_accounts:index", []),
        ("publishers_accounts:edit", [made.pk]),
        ("publishers_accounts:history", [made.pk]),
        ("publishers_accounts:usage", [made.pk]),
        ("publishers_accounts:delete", [made.pk]),
        ("publishers_channels:index", []),
        ("publishers_channels:edit", [Channel.objects.get().pk]),
        ("wagtailadmin_reports:site_history", []),
    ]:
        response = client.get(reverse(name, args=args), follow=True)
        assert CANARY not in response.content.decode(), name


def test_an_empty_secret_keeps_the_old_one_and_a_new_one_replaces_it(sign_in):
    made = account()
    client = sign_in(*ADMINISTRATOR)
    edit = reverse("publishers_accounts:edit", args=[made.pk])
    client.post(edit, {"label": "Tên khác", "facebook-page_token": "", "facebook-app_secret": ""})
    made.refresh_from_db()
    assert made.label == "Tên khác"
    assert CredentialHandle(made.pk).read()["page_token"] == CANARY
    client.post(edit, {"label": "Tên khác", "kind": "zalo_oa", "facebook-page_token": "new-token"})
    made.refresh_from_db()
    assert made.kind == "facebook"
    assert CredentialHandle(made.pk).read() == {"page_token": "new-token", "app_secret": CANARY + "2"}


def test_reconnecting_tries_the_paused_channels_at_once(sign_in, remote):
    made = account()
    works = outbox.channel(credential=made, paused_reason="hết hạn", name="Kênh một")
    broken = outbox.channel(credential=made, paused_reason="hết hạn", name="Kênh hai")
    remote.checks = [AuthExpired("Vẫn chưa được.")]
    client = sign_in(*ADMINISTRATOR)
    edit = reverse("publishers_accounts:edit", args=[made.pk])
    page = client.post(
        edit, {"label": "Trang", "facebook-page_token": "new-token"}, follow=True
    ).content.decode()
    states = dict(Channel.objects.values_list("name", "paused_reason"))
    assert sorted(states.values()) == ["", "hết hạn"]
    assert {works.name, broken.name} == set(states)
    assert "Vẫn chưa được." in page


def test_a_secret_with_foreign_characters_is_refused_without_repeating_it(sign_in):
    client = sign_in(*ADMINISTRATOR)
    entered = {"label": "Trang", "kind": "facebook", "facebook-page_token": f"{CANARY} đ"}
    page = client.post(reverse("publishers_accounts:add"), entered).content.decode()
    assert "Sao chép lại" in page
    assert CANARY not in page


def test_the_report_lists_filters_and_links_only_to_safe_addresses(sign_in):
    sent = outbox.delivery(
        state=State.CONFIRMED,
        next_attempt_at=None,
        remote_id="p1",
        remote_url="https://facebook.example/p1",
        delivered_at=timezone.now(),
        confirmed_at=timezone.now(),
    )
    wrong = failed()
    client = sign_in("view_delivery")
    page = client.get(reverse("publishers:deliveries")).content.decode()
    assert 'href="https://facebook.example/p1"' in page
    assert "Nội dung bị từ chối." in page
    assert "Gửi lại" not in page
    only = client.get(reverse("publishers:deliveries"), {"state": "failed"}).content.decode()
    assert wrong.release.reference in only
    assert sent.release.reference not in only
    found = client.get(
        reverse("publishers:deliveries"), {"reference": sent.release.reference}
    ).content.decode()
    assert wrong.release.reference not in found.split("<main")[-1].replace(
        f'value="{sent.release.reference}"', ""
    )
    assert (
        client.get(reverse("publishers:deliveries"), {"reference": "\0'\">", "kind": "x"}).status_code == 200
    )


def test_the_reports_queries_do_not_grow_with_its_rows(sign_in, django_assert_max_num_queries):
    client = sign_in(*ADMINISTRATOR)
    client.get(reverse("publishers:deliveries"))
    for _ in range(12):
        failed()
    with django_assert_max_num_queries(14):
        client.get(reverse("publishers:deliveries"))


def test_a_failed_delivery_is_sent_again_with_a_reason_in_the_history(sign_in):
    delivery = failed(attempts=8, retried_after_lookup=True)
    client = sign_in(*ADMINISTRATOR)
    url = reverse("publishers:delivery_resend", args=[delivery.pk])
    assert "Nội dung bị từ chối." in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 422
    response = client.post(url, {"reason": "Đã sửa quyền của trang.", "next": "https://evil.example/"})
    assert response["Location"] == reverse("publishers:deliveries")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.retried_after_lookup) == (State.DUE, 0, False)
    entry = PageLogEntry.objects.get(action="publishers.resend")
    assert (entry.user, entry.data["reason"]) == (client.user, "Đã sửa quyền của trang.")
    history = client.get(reverse("wagtailadmin_reports:site_history"))
    assert history.status_code == 200
    client.post(url, {"reason": "lần nữa"})
    assert PageLogEntry.objects.filter(action="publishers.resend").count() == 1


def test_what_may_be_out_is_sent_again_only_after_a_person_looked(sign_in):
    delivery = person()
    client = sign_in(*ADMINISTRATOR)
    url = reverse("publishers:delivery_resend", args=[delivery.pk])
    assert client.post(url, {"reason": "Không thấy bài."}).status_code == 422
    assert Delivery.objects.get().state == State.AWAITING_PERSON
    client.post(url, {"reason": "Không thấy bài.", "looked": "on"})
    assert Delivery.objects.get().state == State.DUE


def test_a_person_confirms_where_the_post_stands(sign_in):
    delivery = person()
    client = sign_in(*ADMINISTRATOR)
    url = reverse("publishers:delivery_posted", args=[delivery.pk])
    said = {"reason": "Đã mở trang, thấy bài lúc 9:40."}
    assert client.post(url, said | {"url": "javascript:alert(1)"}).status_code == 422
    assert client.post(url, said).status_code == 422
    assert client.post(url, {"url": "https://facebook.example/p9"}).status_code == 422
    client.post(url, said | {"url": "https://facebook.example/p9"})
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_url) == (State.DELIVERED, "https://facebook.example/p9")
    assert delivery.delivered_at <= timezone.now()
    entry = PageLogEntry.objects.get(action="publishers.mark_posted")
    assert entry.data["reason"] == "Đã mở trang, thấy bài lúc 9:40. https://facebook.example/p9"


def test_a_doubled_post_can_be_confirmed_but_not_sent_or_cancelled(sign_in):
    delivery = person(
        remote_id="p1", remote_url="https://x.example/1", delivered_at=timezone.now(), error_code="duplicates"
    )
    client = sign_in(*ADMINISTRATOR)
    client.post(reverse("publishers:delivery_resend", args=[delivery.pk]), {"reason": "x", "looked": "on"})
    client.post(reverse("publishers:delivery_cancel", args=[delivery.pk]), {"reason": "x"})
    assert Delivery.objects.get().state == State.AWAITING_PERSON
    seen = {"url": "https://x.example/1", "reason": "Đã xóa bài thừa."}
    client.post(reverse("publishers:delivery_posted", args=[delivery.pk]), seen)
    assert Delivery.objects.get().state == State.DELIVERED


def test_a_waiting_delivery_is_cancelled_and_a_sent_one_is_not(sign_in):
    waiting = outbox.delivery(state=State.SCHEDULED, now=timezone.now() + timedelta(days=1))
    sent = outbox.delivery(
        state=State.DELIVERED, next_attempt_at=None, remote_id="p1", delivered_at=timezone.now()
    )
    client = sign_in(*ADMINISTRATOR)
    for delivery in (waiting, sent):
        client.post(reverse("publishers:delivery_cancel", args=[delivery.pk]), {"reason": "Lỗi thời."})
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == {waiting.pk: State.CANCELLED, sent.pk: State.DELIVERED}


def test_an_overtaken_delivery_is_not_sent_again(sign_in):
    page, channel = outbox.page(), outbox.channel()
    old = failed(to=channel, of=outbox.release(page))
    outbox.delivery(channel, of=outbox.release(page, number=2))
    client = sign_in(*ADMINISTRATOR)
    response = client.post(reverse("publishers:delivery_resend", args=[old.pk]), {"reason": "x"}, follow=True)
    assert "phiên bản mới hơn" in response.content.decode()
    old.refresh_from_db()
    assert old.state == State.FAILED


@pytest.mark.parametrize("state", list(State))
def test_the_panel_says_every_state_in_words_with_a_sign(sign_in, state):
    from tests.publishers.test_states import valid

    delivery = outbox.delivery(**valid(state))
    client = sign_in(*ADMINISTRATOR)
    page = client.get(reverse("publishers:page_deliveries", args=[delivery.release.page_id])).content.decode()
    assert str(state.label) in page
    assert "<svg" in page.split("delivery-state--")[1].split("</span>")[0]
    is_open = state in {State.SCHEDULED, State.DUE, State.SENDING, State.UNCONFIRMED}
    assert ('data-open="true"' in page) == is_open


def test_hostile_text_from_a_platform_is_shown_as_text(sign_in):
    delivery = failed(error_sentence="<script>window.__x=1</script>")
    outbox.channel(name="<img src=x onerror=alert(1)>", identity={"name": "<b>x</b>"}, check_error="<i>x</i>")
    client = sign_in(*ADMINISTRATOR)
    pages = [
        client.get(reverse("publishers:page_deliveries", args=[delivery.release.page_id])),
        client.get(reverse("publishers:deliveries")),
        client.get(reverse("publishers_channels:index")),
        client.get(reverse("publishers:delivery_resend", args=[delivery.pk])),
    ]
    for response in pages:
        text = response.content.decode()
        assert "window.__x=1</script>" not in text
        assert "<img src=x" not in text
        assert "<b>x</b>" not in text


def test_the_command_shows_the_deliveries_of_a_warning(capsys):
    from django.core.management import CommandError, call_command

    delivery = failed()
    for asked in (delivery.release.reference.lower(), str(delivery.release.page_id)):
        call_command("deliveries", asked)
        shown = capsys.readouterr().out
        assert "Gửi không thành công" in shown
        assert "Nội dung bị từ chối." in shown
    call_command("deliveries", outbox.page().code)
    assert "chưa được duyệt" in capsys.readouterr().out
    for wrong in ("CB-0000-1", "99999999", "²", "9" * 40):
        with pytest.raises(CommandError):
            call_command("deliveries", wrong)
