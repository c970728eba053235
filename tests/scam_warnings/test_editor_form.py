"""The editor's form against bad input: a clear Vietnamese message by the field, and nothing typed is lost."""

from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from wagtail.test.utils.form_data import rich_text

import pytest

from scam_warnings import english
from scam_warnings.models import ScamWarningPage, WarningIndexPage
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def editor(lan) -> Client:
    client = Client()
    client.force_login(lan)
    return client


@pytest.fixture
def page(lan) -> ScamWarningPage:
    return factories.warning(lan)


def post(editor: Client, page: ScamWarningPage, action: str = "action-submit", **changes):
    return editor.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        {**factories.form_data(page, **changes), action: "1"},
    )


def latest(page: ScamWarningPage) -> ScamWarningPage:
    return ScamWarningPage.objects.get(pk=page.pk).get_latest_revision_as_object()


@pytest.mark.parametrize("field", ["title", "summary", "scam_type", "category", "audiences"])
def test_an_empty_required_part_stops_the_submission(editor, page, field):
    response = post(editor, page, **{field: []} if field == "audiences" else {field: ""})
    assert response.status_code == 200
    assert response.context["form"].errors[field]
    assert "bắt buộc" in str(response.context["form"].errors[field])
    assert not ScamWarningPage.objects.get().workflow_in_progress
    assert page.sms_text in response.content.decode()


@pytest.mark.parametrize(
    "stream", ["how_it_works", "warning_signs", "what_to_do", "if_you_are_a_victim", "sources"]
)
def test_an_empty_list_stops_the_submission(editor, page, stream):
    response = post(editor, page, **{f"{stream}-count": "0"})
    assert response.status_code == 200
    assert response.context["form"].errors[stream]
    assert not ScamWarningPage.objects.get().workflow_in_progress


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("title", "x" * 91, "91"),
        ("summary", "x" * 201, "200"),
        ("facebook_text", "🙂" * 1000, "2.000"),
        ("zalo_text", "x" * 1600, "1.600"),
        ("sms_text", "x" * 161, "161"),
        ("sms_text", "Cảnh báo có dấu", "không dấu"),
        ("loudspeaker_script", "x" * 2600, "2.600"),
        ("hashtags", "khong co dau thang", "#"),
        ("sample_message", "x" * 801, "800"),
    ],
)
def test_a_text_that_does_not_fit_says_by_how_much(editor, page, field, value, says):
    response = post(editor, page, "action-save", **{field: value})
    assert response.status_code == 200
    message = " ".join(response.context["form"].errors[field])
    assert says in message or says.replace(".", "") in message
    assert value[:50] in response.content.decode()


def test_script_in_every_field_becomes_text(editor, page):
    names = ("title", "summary", "facebook_text", "zalo_text", "loudspeaker_script")
    changes = {name: f"{ATTACK}An toàn {name}" for name in names}
    changes |= {f"{name}-0-value": f"{ATTACK}Điểm" for name in ("how_it_works", "what_to_do")}
    response = post(editor, page, "action-save", **changes)
    assert response.status_code == 302
    saved = latest(page)
    for name in names:
        assert getattr(saved, name) == f"An toàn {name}"
    preview = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).content.decode()
    assert "alert(1)" not in preview.replace("&lt;script&gt;alert(1)", "")
    assert "<img src=x" not in preview


def test_rich_text_keeps_official_links_only(editor, page):
    markup = (
        '<p>Xem <a href="https://bocongan.gov.vn/tin">Bộ Công an</a>, '
        '<a href="https://lua-dao.example">bấm đây</a> và https://lua-dao.example</p>'
    )
    response = post(editor, page, "action-save", details=rich_text(markup))
    assert response.status_code == 302
    assert 'href="https://bocongan.gov.vn/tin"' in latest(page).details
    assert 'href="https://lua-dao' not in latest(page).details


def test_a_quoted_address_is_defanged_on_save(editor, page):
    post(editor, page, "action-save", sample_message="Vào https://lua-dao.vn/qua nhận quà")
    assert latest(page).sample_message == "Vào hxxps://lua-dao[.]vn/qua nhận quà"


def test_a_duplicate_address_is_refused_by_the_field(editor, lan, page):
    other = factories.warning(lan, key="dia-chi-khac")
    response = post(editor, other, "action-save", slug=page.slug)
    assert response.status_code == 200
    assert response.context["form"].errors["slug"]


def test_an_empty_address_is_made_from_the_title_with_d(editor, lan):
    index = WarningIndexPage.objects.get()
    source = factories.warning(lan, key="mau")
    response = editor.post(
        reverse("wagtailadmin_pages:add", args=["scam_warnings", "scamwarningpage", index.pk]),
        {**factories.form_data(source), "title": "Đường dây lừa đảo đa cấp", "slug": "", "action-save": "1"},
    )
    assert response.status_code == 302, response.context["form"].errors
    made = ScamWarningPage.objects.get(slug="duong-day-lua-dao-da-cap")
    assert made.code
    assert made.code != source.code
    assert not made.live


def test_an_expiry_before_the_start_is_refused(editor, page):
    response = post(editor, page, "action-save", valid_from="2026-12-02", expires_on="2026-12-01")
    assert response.status_code == 200
    assert response.context["form"].errors["expires_on"]


def test_the_address_of_a_published_warning_is_permanent(editor, page):
    ScamWarningPage.objects.filter(pk=page.pk).update(first_published_at="2026-11-01T00:00:00Z")
    response = post(editor, page, "action-save", slug="dia-chi-moi")
    assert response.status_code == 200
    assert response.context["form"].errors["slug"]
    assert latest(page).slug == page.slug


def test_a_draft_needs_a_title_only(editor):
    index = WarningIndexPage.objects.get()
    empty = {
        f"{name}-count": "0"
        for name in (
            "how_it_works",
            "warning_signs",
            "what_to_do",
            "if_you_are_a_victim",
            *english.STREAMS,
            "sources",
            "indicators",
        )
    }
    response = editor.post(
        reverse("wagtailadmin_pages:add", args=["scam_warnings", "scamwarningpage", index.pk]),
        {
            **empty,
            "title": "Mới nghe tin, ghi lại đã",
            "severity": "caution",
            "details": rich_text(""),
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            "action-save": "1",
        },
    )
    assert response.status_code == 302, response.context["form"].errors
    assert ScamWarningPage.objects.filter(slug="moi-nghe-tin-ghi-lai-da", live=False).exists()


def test_a_title_over_90_characters_is_refused_everywhere(lan):
    with pytest.raises(ValidationError) as caught:
        factories.warning(lan, title="x" * 91)
    assert "91" in str(caught.value.message_dict["title"])
