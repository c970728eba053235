"""Standing content becomes public by the approval of somebody who wrote none of it, and in no other way."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

import pytest

from cms.audit.models import Entry
from cms.information import approval
from cms.information.models import Edition, Item, StandingPage, State
from cms.users.models import Delegation, Membership
from cms.users.roles import Role
from tests import factories as people
from tests.information import factories

pytestmark = pytest.mark.django_db
PATH = "/cam-nang/muoi-viec-can-nho/"


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def decide(person: Any, item: Item, decision: str, **said: Any) -> Any:
    return signed_in(person).post(reverse("information:item", args=[item.pk]), {"decision": decision, **said})


def test_written_submitted_approved_public(client, lan, minh):
    item = factories.draft(lan)
    assert client.get(PATH).status_code == 404
    decide(lan, item, "submit", seal=factories.seal(item), not_secret="on")
    assert client.get(PATH).status_code == 404
    decide(minh, item, "approve", seal=factories.seal(item), not_secret="on")
    page = client.get(PATH)
    assert page.status_code == 200
    assert "Tắt máy, gọi lại" in page.content.decode()
    assert not page.cookies
    acts = Entry.objects.filter(action__startswith="keng.information").values_list("action", "login")
    assert list(acts.order_by("pk")) == [(approval.SUBMIT, "lan"), (approval.APPROVE, "minh")]


def test_what_is_edited_later_is_not_public_until_it_is_approved(client, lan, minh):
    item = factories.draft(lan)
    factories.published(item, lan, minh)
    item = StandingPage.objects.get()
    item.title = "Tiêu đề mới"
    approval.write(item, lan)
    assert "Tiêu đề mới" not in client.get(PATH).content.decode()
    factories.published(item, lan, minh)
    assert "Tiêu đề mới" in client.get(PATH).content.decode()
    assert "phiên bản 2" in client.get(PATH).content.decode()


def test_whoever_wrote_or_submitted_does_not_approve(site, lan):
    both = people.user("both", Role.EDITOR, Role.APPROVER)
    item = factories.submitted(factories.draft(both), lan)
    with pytest.raises(approval.Refused, match="người khác"):
        approval.approve(item, both, seen_seal=factories.seal(item), not_secret=True)
    other = factories.submitted(factories.draft(lan, title="Trang khác"), both)
    decide(both, other, "approve", seal=factories.seal(other), not_secret="on")
    assert not Edition.objects.exists()


def test_a_superuser_without_the_role_decides_nothing(site, lan):
    root = people.user("root", superuser=True)
    item = factories.submitted(factories.draft(lan), lan)
    assert decide(root, item, "approve", seal=factories.seal(item), not_secret="on").status_code == 302
    assert not Edition.objects.exists()
    with pytest.raises(approval.Refused):
        approval.approve(item, root, seen_seal=factories.seal(item), not_secret=True)


def test_who_stands_in_for_an_author_does_not_approve(site):
    both = people.user("both", Role.EDITOR, Role.APPROVER)
    stand_in = people.user("stand-in", Role.REVIEWER)
    now = timezone.now()
    Delegation.objects.create(
        membership=Membership.objects.get(user=both, role=Role.APPROVER),
        to_user=stand_in,
        begins_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=1),
        reason="Đi công tác",
        created_by=both,
        created_at=now,
        confirmed_by=both,
    )
    item = factories.submitted(factories.draft(both), both)
    assert approval.may_decide(stand_in)
    with pytest.raises(approval.Refused, match="ủy quyền"):
        approval.approve(item, stand_in, seen_seal=factories.seal(item), not_secret=True)


def test_what_waits_is_locked_for_everybody(lan, minh):
    item = factories.submitted(factories.draft(lan), lan)
    address = reverse("information_pages:edit", args=[item.pk])
    for send in (signed_in(lan).get, signed_in(lan).post):
        assert send(address).status_code == 302
    assert signed_in(lan).post(reverse("information_pages:delete", args=[item.pk])).status_code in {302, 403}
    with pytest.raises(approval.Refused):
        approval.write(StandingPage.objects.get(), lan)
    decide(lan, item, "take_back")
    assert StandingPage.objects.get().state == State.DRAFT


def test_an_approval_is_for_what_was_seen(lan, minh):
    item = factories.submitted(factories.draft(lan), lan)
    seen = factories.seal(item)
    Item.objects.update(title="Sửa thẳng trong cơ sở dữ liệu")
    decide(minh, item, "approve", seal=seen, not_secret="on")
    assert not Edition.objects.exists()


def test_nothing_is_approved_without_the_declaration(lan, minh):
    item = factories.submitted(factories.draft(lan), lan)
    assert decide(minh, item, "approve", seal=factories.seal(item)).status_code == 422
    assert not Edition.objects.exists()


def test_a_returned_item_keeps_its_reason_until_it_is_submitted_again(lan, minh):
    item = factories.submitted(factories.draft(lan), lan)
    decide(minh, item, "return", comment="Thiếu nguồn số liệu.")
    page = signed_in(lan).get(reverse("information:item", args=[item.pk])).content.decode()
    assert "Thiếu nguồn số liệu." in page
    again = StandingPage.objects.get()
    approval.write(again, lan)
    assert StandingPage.objects.get().reason == "Thiếu nguồn số liệu."
    factories.submitted(again, lan)
    assert StandingPage.objects.get().reason == ""


def test_an_old_tab_overwrites_nothing(lan):
    item = factories.draft(lan)
    old = StandingPage.objects.get()
    item.title = "Mới hơn"
    approval.write(item, lan)
    old.title = "Từ thẻ cũ"
    with pytest.raises(Exception, match="Người khác"):
        approval.write(old, lan)
    assert StandingPage.objects.get().title == "Mới hơn"


@pytest.mark.parametrize(
    "text",
    [
        "Gọi 0912 345 678 để được giúp",
        "TỐI MẬT",
        "Vào https://lua-dao.example.com ngay",
        "Tài liệu lưu hành nội bộ",
    ],
)
def test_private_data_and_marks_of_secrecy_are_refused(lan, text):
    item = factories.draft(lan, body=factories.body(text))
    with pytest.raises(approval.Refused):
        factories.submitted(item, lan)


@pytest.mark.parametrize(
    "change",
    [
        {"content": {"kind": "handbook", "slug": "muoi-viec-can-nho", "position": 1, "vi": {}}},
        {"seal": "0" * 64},
        {"mac": "0" * 64},
        {"mac_key": "none"},
        {"slug": "dia-chi-khac"},
        {"note": "Ghi chú lạ"},
        {"withdrawn": True},
    ],
)
def test_a_changed_row_is_not_shown(client, lan, minh, change):
    factories.published(factories.draft(lan), lan, minh)
    Edition.objects.update(**change)
    for path in (PATH, "/cam-nang/dia-chi-khac/"):
        assert client.get(path).status_code == 404
    assert "Đọc rồi dán" not in client.get("/cam-nang/").content.decode()


def test_withdrawn_content_leaves_a_notice(client, lan, minh):
    item = factories.draft(lan)
    factories.published(item, lan, minh)
    decide(minh, item, "withdraw", note="Số liệu chưa chính xác.", not_secret="on")
    page = client.get(PATH).content.decode()
    assert "Số liệu chưa chính xác." in page
    assert "Tắt máy, gọi lại" not in page
    assert 'content="noindex"' in page
    assert PATH not in client.get("/cam-nang/").content.decode()
    decide(lan, item, "withdraw", note="x", not_secret="on")
    assert Edition.objects.count() == 2


def test_what_was_public_is_never_deleted_and_keeps_its_address(lan, minh):
    item = factories.draft(lan)
    factories.published(item, lan, minh)
    assert signed_in(lan).post(reverse("information_pages:delete", args=[item.pk])).status_code in {302, 403}
    item = StandingPage.objects.get()
    item.slug = "khac"
    with pytest.raises(Exception, match="cố định"):
        item.full_clean()


def test_the_form_writes_and_shows_the_item(lan):
    client = signed_in(lan)
    form = client.get(reverse("information_pages:add"))
    assert form.status_code == 200
    answer = client.post(
        reverse("information_pages:add"),
        {
            "kind": "handbook",
            "title": "Viết qua biểu mẫu",
            "summary": "Tóm tắt",
            "slug": "",
            "position": "5",
            "title_en": "",
            "summary_en": "",
            "seen_version": "0",
            **{
                f"{name}-{key}": value
                for name in ("body", "body_en")
                for key, value in {"count": "1" if name == "body" else "0"}.items()
            },
            "body-0-type": "heading",
            "body-0-value": "Một đề mục",
            "body-0-order": "0",
            "body-0-deleted": "",
            "body-0-id": "",
        },
    )
    item = StandingPage.objects.get()
    assert answer.url == reverse("information:item", args=[item.pk])
    assert list(item.contributions.values_list("user__username", flat=True)) == ["lan"]
    page = client.get(answer.url)
    assert "Viết qua biểu mẫu" in page.content.decode()
    frame = client.get(reverse("information:preview", args=[item.pk, "vi"]))
    assert "Một đề mục" in frame.content.decode()


ADDRESSES = [
    ("information_pages:index", []),
    ("information_pages:add", []),
    ("information_pages:edit", ["pk"]),
    ("information_pages:delete", ["pk"]),
    ("information_pages:history", ["pk"]),
    ("information_pages:usage", ["pk"]),
    ("information_laws:index", []),
    ("information_laws:add", []),
    ("information:item", ["pk"]),
    ("information:preview", ["pk", "vi"]),
]
OPEN = {
    Role.EDITOR: {name for name, _args in ADDRESSES},
    Role.APPROVER: {
        "information_pages:index",
        "information_laws:index",
        "information:item",
        "information:preview",
    },
    Role.REVIEWER: set(),
    Role.PUBLISHER: set(),
    Role.ADMINISTRATOR: set(),
}


@pytest.mark.parametrize("role", list(Role))
def test_roles_open_what_is_theirs(site, lan, role):
    item = factories.draft(lan)
    client = signed_in(people.user("somebody", role))
    opened = {
        name
        for name, args in ADDRESSES
        if client.get(reverse(name, args=[item.pk if arg == "pk" else arg for arg in args])).status_code
        == 200
    }
    assert opened - {"information_pages:history", "information_pages:usage"} == OPEN[role] - {
        "information_pages:history",
        "information_pages:usage",
    }


def test_an_editor_of_a_ward_has_no_hand_in_it(site, lan):
    item = factories.draft(lan)
    client = signed_in(people.user("ward", Role.EDITOR, Role.APPROVER, unit=people.unit("Phường Bình Minh")))
    for name, args in ADDRESSES:
        address = reverse(name, args=[item.pk if arg == "pk" else arg for arg in args])
        for send in (client.get, client.post):
            answer = send(address)
            assert answer.status_code in {302, 403, 404}, name
            assert "Mười việc" not in answer.content.decode()
