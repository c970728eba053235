"""What staff see of tips, what they do, and what stands in the audit log of it."""

from datetime import timedelta

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

import pytest

from cms.audit.models import Entry
from cms.tips import erasing, pictures, resealing, similar, story
from cms.tips.models import Picture, State, Tip, TipUse
from cms.users.roles import Role
from scam_warnings.models import ScamWarningPage
from tests import factories
from tests.tips.conftest import STORY, photo, tip

pytestmark = pytest.mark.django_db
ADMIN = "/admin/phan-anh/"


@pytest.fixture
def ward(site):
    return factories.unit("Phường Bình Minh")


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def editor(ward) -> Client:
    return signed_in(factories.user("hoa", Role.EDITOR, unit=ward))


def acts() -> list[str]:
    return list(
        Entry.objects.filter(action__startswith="keng.tip").order_by("id").values_list("action", flat=True)
    )


def test_a_unit_sees_its_own_tips_and_the_province_all(citizen, ward, editor):
    other = factories.unit("Xã Hòa An")
    mine = tip(citizen, place=str(ward.pk), story="Chuyện ở phường Bình Minh hôm qua")
    foreign = tip(citizen, place=str(other.pk), story="Chuyện ở xã Hòa An hôm kia")
    nowhere = tip(citizen, story="Chuyện không nói ở đâu cả")
    listed = editor.get(ADMIN).content.decode()
    assert "Chuyện ở phường" in listed
    assert "Hòa An" not in listed
    assert "không nói ở đâu" not in listed
    assert editor.get(f"{ADMIN}{mine.pk}/").status_code == 200
    for pk in (foreign.pk, nowhere.pk):
        for path in ("", "lien-he/", "trang-thai/", "phan-loai/", "ghi-chu/"):
            assert editor.post(f"{ADMIN}{pk}/{path}", {"state": "used", "text": "x"}).status_code in (
                404,
                405,
            )
        assert editor.get(f"{ADMIN}soan/?tip={pk}").status_code == 302
    chief = signed_in(factories.user("tong", Role.APPROVER))
    text = chief.get(ADMIN).content.decode()
    assert all(words in text for words in ("Chuyện ở phường", "Chuyện ở xã", "Chuyện không nói"))


def test_who_has_no_business_with_tips_sees_none(citizen, ward):
    found = tip(citizen, contact="0912345678")
    for role in (Role.ADMINISTRATOR, Role.PUBLISHER):
        client = signed_in(factories.user(f"x-{role.value}", role))
        assert client.get(ADMIN).status_code == 302
        assert client.get(f"{ADMIN}{found.pk}/").status_code in (302, 403)
        assert client.post(f"{ADMIN}{found.pk}/lien-he/").status_code in (302, 403)
    reviewer = signed_in(factories.user("tham", Role.REVIEWER))
    assert reviewer.get(f"{ADMIN}{found.pk}/").status_code == 200
    assert "0912345678" not in reviewer.post(f"{ADMIN}{found.pk}/lien-he/").content.decode()
    assert reviewer.post(f"{ADMIN}{found.pk}/trang-thai/", {"state": "used"}).status_code in (302, 403)
    assert Tip.objects.get().state == State.NEW


def test_how_to_reach_somebody_is_shown_on_demand_and_on_record(citizen, ward, editor):
    found = tip(citizen, place=str(ward.pk), contact="0912345678", pictures=photo())
    page = f"{ADMIN}{found.pk}/"
    assert "0912345678" not in editor.get(page).content.decode()
    assert acts() == []
    assert "0912345678" in editor.post(f"{page}lien-he/").content.decode()
    picture = Picture.objects.get()
    answer = editor.post(f"{ADMIN}hinh/{picture.pk}/")
    assert answer.content.startswith(b"\xff\xd8")
    assert editor.get(f"{ADMIN}hinh/{picture.pk}/").status_code == 405
    editor.post(f"{ADMIN}hinh/{picture.pk}/xoa/")
    assert not Picture.objects.exists()
    assert acts() == ["keng.tip_contact_seen", "keng.tip_picture_seen", "keng.tip_picture_erased"]
    assert not any(
        "0912345678" in f"{entry.details}{entry.changes}{entry.folded}" for entry in Entry.objects.all()
    )


def test_states_notes_and_assignments_are_kept_and_on_record(citizen, ward, editor):
    found = tip(citizen, place=str(ward.pk))
    page = f"{ADMIN}{found.pk}/"
    refused = editor.post(f"{page}trang-thai/", {"state": "passed", "reason": ""})
    assert refused.status_code == 422
    assert "ghi rõ đơn vị tiếp nhận" in refused.content.decode()
    editor.post(f"{page}trang-thai/", {"state": "passed", "reason": "Chuyển Công an phường"})
    editor.post(f"{page}ghi-chu/", {"text": "Đã gọi lại, người dân đồng ý."})
    hoa = factories.user("khac", Role.EDITOR)
    editor.post(f"{page}phan-loai/", {"unit": ward.pk, "to": hoa.pk, "scam_type": ""})
    found.refresh_from_db()
    assert (found.state, found.reason, found.assigned_to) == (State.PASSED, "Chuyển Công an phường", hoa)
    assert "Đã gọi lại" in editor.get(page).content.decode()
    assert "Đã gọi lại" not in str(list(found.notes.values()))
    assert acts() == ["keng.tip_state", "keng.tip_note", "keng.tip_sorted"]
    stranger = factories.user("ngoai", Role.EDITOR, unit=factories.unit("Xã Hòa An"))
    assert editor.post(f"{page}phan-loai/", {"unit": ward.pk, "to": stranger.pk}).status_code == 422


def test_words_are_found_with_and_without_marks(citizen, ward, editor):
    tip(citizen, place=str(ward.pk), story="Lừa đảo trúng thưởng xe máy Honda")
    tip(citizen, place=str(ward.pk), story="Người lạ dọa cắt nước sinh hoạt")
    for words in ("trung thuong", "TRÚNG THƯỞNG", "honda lua"):
        text = editor.get(ADMIN, {"words": words}).content.decode()
        assert "trúng thưởng" in text
        assert "cắt nước" not in text
    for strange in ("\x00", "'", '"', "%", "a" * 5000):
        assert editor.get(ADMIN, {"words": strange, "kind": "none", "place": "none"}).status_code == 200
    for strange in ({"kind": "9" * 30}, {"place": "x"}, {"mark": "'"}, {"received_at_after": "x"}):
        assert editor.get(ADMIN, strange).status_code == 200


def test_tips_about_the_same_people_find_each_other(citizen, ward, editor):
    first = tip(citizen, place=str(ward.pk), traces="+84 901 234 567\nhttps://www.thue-gia.example/a?x=1")
    second = tip(citizen, place=str(ward.pk), story="Số 0901.234.567 gọi báo tôi nợ thuế, dọa bắt.")
    third = tip(citizen, place=str(ward.pk), story="Trang thue-gia.example bắt nhập mật khẩu ngân hàng")
    tip(citizen, place=str(ward.pk), story="Bán hàng online không giao hàng cho tôi")
    found = similar.to(first, Tip.objects.all())
    assert {item.tip.pk for item in found} == {second.pk, third.pk}
    groups = editor.get(f"{ADMIN}nhom/").content.decode()
    assert "***567" in groups
    assert "thue-gia[.]example" in groups
    shared = similar.shared_marks(Tip.objects.all())
    assert {mark.tips for mark in shared} == {(first.pk, second.pk), (first.pk, third.pk)}
    assert [group.count for group in similar.groups(Tip.objects.all())] == [4]


def test_the_same_words_find_each_other(citizen, ward):
    first = tip(citizen, story=STORY)
    second = tip(citizen, story=f"{STORY} Tôi không cài.")
    assert [item.tip for item in similar.to(first, Tip.objects.all())] == [second]


def test_a_draft_takes_over_masked_indicators_and_nothing_a_citizen_wrote(citizen, ward, editor):
    one = tip(
        citizen,
        place=str(ward.pk),
        kind="gia-danh-co-quan-thue",
        story="Bà Nguyễn Thị Mơ kể: số 0901234567 gọi, gửi https://thue-gia.example",
        contact="0912345678",
    )
    two = tip(
        citizen, place=str(ward.pk), story="Số 0901 234 567 gọi tiếp; số tôi 0987654321", contact="0987654321"
    )
    page = editor.get(f"{ADMIN}soan/?tip={one.pk}&tip={two.pk}")
    chosen = [mark.digest for mark in one.marks.all()]
    missing = editor.post(f"{ADMIN}soan/", {"tip": [one.pk, two.pk], "mark": chosen, "title": ""})
    assert (page.status_code, missing.status_code) == (200, 422)
    answer = editor.post(
        f"{ADMIN}soan/",
        {
            "tip": [one.pk, two.pk],
            "mark": chosen,
            "title": "Giả danh cán bộ thuế",
            "scam_type": one.scam_type_id,
        },
    )
    made = ScamWarningPage.objects.get()
    assert answer.url == f"/admin/pages/{made.pk}/edit/"
    assert (made.live, made.slug, made.unit, made.scam_type) == (
        False,
        "gia-danh-can-bo-thue",
        ward,
        one.scam_type,
    )
    values = {child.value["value"] for child in made.indicators}
    assert values == {"0901***567", "hxxps://thue-gia[.]example"}
    whole = str(made.latest_revision.content)
    for private in ("Mơ", "0912345678", "0912***678", "0987***321", "kể"):
        assert private not in whole
    assert set(TipUse.objects.values_list("tip", "page")) == {(one.pk, made.pk), (two.pk, made.pk)}
    assert set(Tip.objects.values_list("state", flat=True)) == {State.USED}
    assert editor.get(answer.url).status_code == 200
    assert "Giả danh cán bộ thuế" in editor.get(f"{ADMIN}{one.pk}/").content.decode()


def test_terms_take_away_first_the_contact_then_everything(citizen, ward, settings):
    settings.TIPS_CONTACT_DAYS, settings.TIPS_STORY_DAYS = 90, 365
    found = tip(citizen, contact="0912345678", pictures=photo())
    now = timezone.now()
    assert erasing.apply_terms(now + timedelta(days=89)) == erasing.Erased(0, 0)
    assert erasing.apply_terms(now + timedelta(days=91)) == erasing.Erased(1, 0)
    found.refresh_from_db()
    assert (story.contact_of(found), found.pictures.count()) == ("", 0)
    assert story.of(found) == story.Story(STORY)
    assert erasing.apply_terms(now + timedelta(days=366)) == erasing.Erased(0, 1)
    found.refresh_from_db()
    assert story.of(found) is None
    assert erasing.apply_terms(now + timedelta(days=400)) == erasing.Erased(0, 0)
    assert Entry.objects.filter(action="keng.tips_erased").count() == 2


def test_the_command_counts_first_and_erases_then(citizen, site, settings, capsys):
    for _number in range(3):
        tip(citizen, contact="0912345678")
    first, *others = Tip.objects.values_list("pk", flat=True)
    Tip.objects.filter(pk__in=others).update(received_at=timezone.now() - timedelta(days=100))
    Tip.objects.filter(pk=first).update(received_at=timezone.now() - timedelta(days=400))
    call_command("tips_retention", "--dry-run")
    counted = capsys.readouterr().out
    assert not Tip.objects.filter(sealed_contact="").exists()
    call_command("tips_retention")
    assert (
        capsys.readouterr().out
        == counted
        == "Thông tin liên hệ và hình ảnh: 2 phản ánh. Toàn bộ nội dung: 1 phản ánh.\n"
    )
    assert not Tip.objects.exclude(sealed_contact="").exists()
    assert Tip.objects.filter(sealed_story="").get().pk == first


def test_a_new_key_takes_over_and_the_old_one_may_go(citizen, ward, editor, settings):
    found = tip(citizen, place=str(ward.pk), contact="0912345678", pictures=photo())
    editor.post(f"{ADMIN}{found.pk}/ghi-chu/", {"text": "Đã gọi lại."})
    settings.CREDENTIAL_KEYS = ["new", *settings.CREDENTIAL_KEYS]
    assert resealing.reseal_all() == (4, 0)
    settings.CREDENTIAL_KEYS = ["new"]
    found.refresh_from_db()
    assert story.of(found) == story.Story(STORY)
    assert story.contact_of(found) == "0912345678"
    assert pictures.unseal(found.pictures.get()).startswith(b"\xff\xd8")
    settings.CREDENTIAL_KEYS = ["another"]
    assert resealing.reseal_all() == (0, 4)


def test_the_start_page_counts_what_nobody_read_yet(citizen, editor, ward):
    assert "unread-tips" not in editor.get("/admin/").text
    tip(citizen, place=str(ward.pk), harmed="co")
    tip(citizen, place=str(ward.pk))
    Tip.objects.filter(is_harmed=True).update(received_at=timezone.now() - timedelta(days=3))
    page = editor.get("/admin/").text
    panel = page[page.index('id="unread-tips') :]
    assert "2 phản ánh của người dân chưa đọc" in panel
    assert "3\xa0ngày" in panel
    assert "1 phản ánh cho biết đã mất tiền" in panel
    assert STORY[:20] not in page
    assert 'href="/admin/phan-anh/?state=new"' in panel
    elsewhere = signed_in(factories.user("mai", Role.EDITOR, unit=factories.unit("Xã Khác")))
    assert "unread-tips" not in elsewhere.get("/admin/").text
    assert "unread-tips" not in signed_in(factories.user("q", Role.ADMINISTRATOR)).get("/admin/").text
