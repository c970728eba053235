"""What changed since the last approved version, on the review page."""

from django.urls import reverse

import pytest

from cms.editorial import approval
from cms.editorial.changes import changes
from cms.editorial.difference import ADDED, REMOVED
from publishers.dispatch import drain
from publishers.models import Channel
from tests import factories
from tests.delivery.conftest import change, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def page(lan, minh):
    for number in (1, 2):
        factories.channel("facebook_page", f"Trang {number}", f"{number}1")
    factories.channel("zalo_group", "Nhóm tỉnh", "22")
    names = ["Trang 1", "Trang 2", "Nhóm tỉnh"]
    release = sign(factories.warning(lan, channels=names), lan, minh)
    drain("w")
    return release.page


def again(page, lan, **values):
    change(page, lan, **values)
    return approval.submit(page, lan, not_secret=True)


def words(found, kind):
    return "".join(piece.text for section in found.sections for piece in section.pieces if piece.kind == kind)


def test_the_first_version_says_so(lan, minh, client):
    state = factories.submitted(lan)
    client.force_login(minh)
    html = client.get(reverse("editorial:review", args=[state.pk])).content.decode()
    assert "Bản đầu tiên" in html
    assert "<del>" not in html


def test_channels_with_equal_changes_stand_together(page, lan):
    state = again(
        page,
        lan,
        facebook_text="Nội dung hoàn toàn mới cho trang.",
        correction_note="Sửa nội dung trên trang.",
    )
    found = changes(approval.under_review(state))
    pages = [item for item in found.changed if {c.name for c in item.channels} >= {"Trang 1"}]
    assert [[channel.name for channel in item.channels] for item in pages] == [["Trang 1", "Trang 2"]]
    assert "Nội dung hoàn toàn mới cho trang." in words(pages[0], ADDED)


def test_every_public_word_is_compared(page, lan):
    before = page.get_latest_revision_as_object().summary
    state = again(
        page, lan, summary="Tóm tắt viết lại.", details='<p><a href="https://bocongan.gov.vn/a">Xem</a></p>'
    )
    found = changes(approval.under_review(state))
    [portal] = [item for item in found.changed if item.channels[0].kind == "portal"]
    assert [str(section.label) for section in portal.sections] == ["Tóm tắt", "Thông tin thêm"]
    assert words(portal, REMOVED).split()[0] == before.split()[0]
    assert "https://bocongan.gov.vn/a" in words(portal, ADDED)


def test_a_picture_is_shown_beside_the_one_before(page, lan, minh, client):
    state = again(page, lan, title="Tiêu đề khác, nên hình khác")
    client.force_login(minh)
    html = client.get(reverse("editorial:review", args=[state.pk])).content.decode()
    [portal] = [i for i in changes(approval.under_review(state)).changed if i.channels[0].kind == "portal"]
    pair = portal.pictures[0]
    assert pair.before["sha256"] != pair.after["sha256"]
    assert html.index(pair.before["url"]) < html.index(pair.after["url"])


def test_new_and_dropped_channels_are_named(page, lan):
    draft = page.get_latest_revision_as_object()
    new = factories.channel("facebook_page", "Trang mới", "99")
    draft.channels.set([channel for channel in draft.channels.all() if channel.name != "Nhóm tỉnh"] + [new])
    draft.summary = "Tóm tắt viết lại."
    draft.save_revision(user=lan)
    found = changes(approval.under_review(approval.submit(page, lan, not_secret=True)))
    assert [channel.name for channel in found.added] == ["Trang mới"]
    assert [channel.name for channel in found.removed] == ["Nhóm tỉnh"]


def test_hostile_words_stay_words(page, lan, minh, client):
    state = again(page, lan, loudspeaker_script="", facebook_text="<script>alert(1)</script> & “x”")
    client.force_login(minh)
    html = client.get(reverse("editorial:review", args=[state.pk])).content.decode()
    assert "<script>alert(1)" not in html


def test_comparing_costs_the_same_for_many_channels(page, lan, django_assert_max_num_queries):
    names = [factories.channel("facebook_page", f"Xã {n}", f"7{n}").name for n in range(30)]
    draft = page.get_latest_revision_as_object()
    draft.channels.set(Channel.objects.filter(name__in=[*names, "Trang 1"]))
    draft.save_revision(user=lan)
    made = approval.under_review(approval.submit(page, lan, not_secret=True))
    with django_assert_max_num_queries(3):
        changes(made)
