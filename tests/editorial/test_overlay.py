"""The Vietnamese overlay: complete, consistent with the English, compiled, and shown by the admin."""

import json
import re
import shutil
import unicodedata
from collections import Counter
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override

from wagtail.admin.templatetags.wagtailadmin_tags import timesince_simple

import polib
import pytest

from cms.editorial.overlay import build

EVERY_DOMAIN = pytest.mark.parametrize("domain", build.DOMAINS)

GATED = [
    ("wagtail", "django"),
    ("wagtail.admin", "django"),
    ("wagtail.admin", "djangojs"),
    ("wagtail.contrib.redirects", "django"),
    ("wagtail.contrib.settings", "django"),
    ("wagtail.contrib.simple_translation", "django"),
    ("wagtail.documents", "django"),
    ("wagtail.images", "django"),
    ("wagtail.locales", "django"),
    ("wagtail.search", "django"),
    ("wagtail.sites", "django"),
    ("wagtail.snippets", "django"),
    ("wagtail.users", "django"),
]

PLACEHOLDER = re.compile(r"%\([^)]*\)[a-zA-Z]|%[sdr]|\{\w*\}")
TAG = re.compile(r"<[^>]*>")
SAME_IN_VIETNAMESE = {"Email", "URL"}
# "hòa", never "hoà": on an open oa, oe, uy the mark stands on the first vowel.
OLD_TONE_STYLE = re.compile(r"(o[àáảãạèéẻẽẹ]|(?<![qQ])u[ỳýỷỹỵ])\b", re.IGNORECASE)


def english_of(entry: polib.POEntry) -> str:
    """Vietnamese has one form, used for every number, so it answers to the English plural."""
    return entry.msgid_plural or entry.msgid


def vietnamese_of(entry: polib.POEntry) -> str:
    return entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr


@EVERY_DOMAIN
def test_every_entry_is_translated_once(domain: str) -> None:
    po = build.overlay_po(domain)

    assert [entry.msgid for entry in po if not entry.translated()] == []
    assert [key for key, times in Counter(map(build.key, po)).items() if times > 1] == []


@EVERY_DOMAIN
def test_no_english_is_passed_off_as_vietnamese(domain: str) -> None:
    untranslated = [
        entry.msgid
        for entry in build.overlay_po(domain)
        if vietnamese_of(entry) == entry.msgid
        and re.search("[a-z]", PLACEHOLDER.sub("", entry.msgid), re.IGNORECASE)
    ]
    assert set(untranslated) <= SAME_IN_VIETNAMESE


@EVERY_DOMAIN
@pytest.mark.parametrize("pattern", [PLACEHOLDER, TAG], ids=["placeholders", "HTML tags"])
def test_translations_keep(domain: str, pattern: re.Pattern[str]) -> None:
    different = [
        (english_of(entry), vietnamese_of(entry))
        for entry in build.overlay_po(domain)
        if Counter(pattern.findall(english_of(entry))) != Counter(pattern.findall(vietnamese_of(entry)))
    ]
    assert different == []


@EVERY_DOMAIN
def test_translations_keep_the_space_around_them(domain: str) -> None:
    def around(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    different = [e.msgid for e in build.overlay_po(domain) if around(e.msgid) != around(vietnamese_of(e))]
    assert different == []


@EVERY_DOMAIN
def test_vietnamese_has_one_plural_form(domain: str) -> None:
    po = build.overlay_po(domain)

    assert po.metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    assert {tuple(entry.msgstr_plural) for entry in po if entry.msgid_plural} <= {(0,)}


@EVERY_DOMAIN
def test_vietnamese_is_composed_and_spelt_in_the_common_style(domain: str) -> None:
    texts = [vietnamese_of(entry) for entry in build.overlay_po(domain)]

    assert [text for text in texts if unicodedata.normalize("NFC", text) != text] == []
    assert [text for text in texts if OLD_TONE_STYLE.search(text)] == []


def test_contexts_and_plurals_are_those_of_the_installed_wagtail() -> None:
    overlay = {
        domain: {build.key(e): e.msgid_plural for e in build.overlay_po(domain)} for domain in build.DOMAINS
    }
    different = [
        (catalog.app, entry.msgid)
        for catalog in build.coverage()
        for entry in catalog.entries
        if entry.msgid_plural and overlay[catalog.domain].get(build.key(entry)) != entry.msgid_plural
    ]
    assert different == []


@pytest.mark.parametrize(("app", "domain"), GATED)
def test_at_least_95_percent_is_translated(app: str, domain: str) -> None:
    catalog = next(found for found in build.coverage() if (found.app, found.domain) == (app, domain))

    assert catalog.entries
    assert catalog.ratio >= 0.95, [entry.msgid for entry in catalog.missing]


def test_compiled_catalogs_are_up_to_date() -> None:
    assert build.stale() == []


def test_a_changed_translation_makes_the_compiled_catalog_stale(tmp_path: Path) -> None:
    folder = shutil.copytree(build.CATALOGS, tmp_path / "catalogs")
    po = build.overlay_po("django", folder)
    po[0].msgstr += "!"
    po.save()

    assert build.main(["--check", "--folder", str(folder)]) == 1
    assert build.main(["--folder", str(folder)]) == 0
    assert build.stale(folder) == []


def test_strings_new_in_wagtail_are_appended_for_the_translator(tmp_path: Path) -> None:
    folder = shutil.copytree(build.CATALOGS, tmp_path / "catalogs")
    po = build.overlay_po("django", folder)
    for msgid in ("Submit for moderation", "Delete 1 page"):
        po.remove(po.find(msgid))
    po.save()

    missing = [entry.msgid for catalog in build.coverage(folder) for entry in catalog.missing]
    assert "Delete 1 page" in missing

    assert build.main(["--add-missing", "--folder", str(folder)]) == 0
    added = build.overlay_po("django", folder).find("Delete 1 page")
    assert (added.msgid_plural, added.msgstr_plural) == ("Delete %(counter)s pages", {0: ""})
    assert build.add_missing(build.coverage(folder), folder) == 0


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("Publish", "Xuất bản"),
        ("Unpublish", "Thu hồi"),
        ("Save draft", "Lưu nháp"),
        ("Submit for moderation", "Gửi duyệt"),
        ("Approve", "Duyệt"),
        ("Request changes", "Trả lại để chỉnh sửa"),
        ("In Moderation", "Chờ duyệt"),
        ("Rejected", "Bị trả lại"),
        ("Workflow", "Quy trình duyệt"),
        ("Task", "Nhiệm vụ"),
        ("History", "Lịch sử"),
        ("Revert", "Khôi phục phiên bản"),
        ("Dashboard", "Bảng theo dõi"),
        ("Add comment", "Thêm ý kiến"),
        ("Delete", "Xóa"),
        ("Cancel", "Hủy"),
        ("Alt text", "Mô tả hình ảnh"),
        ("username", "tên đăng nhập"),
        ("Password reset unsuccessful", "Đặt lại mật khẩu không thành công"),
    ],
)
def test_the_glossary_wins_over_upstream(english: str, vietnamese: str) -> None:
    with override("vi"):
        assert gettext(english) == vietnamese


def test_a_plural_is_right_for_one_and_for_many() -> None:
    with override("vi"):
        for number in (1, 7):
            message = ngettext("Delete 1 page", "Delete %(counter)s pages", number)
            assert message % {"counter": number} == f"Xóa {number} trang"


def test_ages_are_told_in_vietnamese() -> None:
    now = timezone.now()
    with override("vi"):
        assert timesince_simple(now) == "vừa xong"
        assert timesince_simple(now - timedelta(hours=2, minutes=5)).replace("\xa0", " ") == "2 giờ trước"


def test_a_short_password_is_refused_in_vietnamese() -> None:
    with override("vi"), pytest.raises(ValidationError) as refused:
        MinimumLengthValidator(12).validate("ngắn")
    assert refused.value.messages == ["Mật khẩu này quá ngắn. Mật khẩu phải có ít nhất 12 ký tự."]


@pytest.mark.django_db
def test_the_sign_in_page_is_vietnamese(client: Client) -> None:
    page = client.get(reverse("wagtailadmin_login"), HTTP_ACCEPT_LANGUAGE="vi").content.decode()

    for text in ("Đăng nhập", "Tên đăng nhập", "Mật khẩu", "Quên mật khẩu?"):
        assert text in page
    for text in ("Sign in", "Enter your", "Forgotten password", "Remember me"):
        assert text not in page


@pytest.mark.django_db
def test_a_wrong_password_is_answered_in_vietnamese(client: Client) -> None:
    answer = client.post(
        reverse("wagtailadmin_login"), {"login": "bientap", "password": "sai"}, HTTP_ACCEPT_LANGUAGE="vi"
    )
    assert "Sai tên đăng nhập hoặc mật khẩu." in answer.content.decode()


@pytest.mark.django_db
def test_the_editor_script_gets_the_overlay(admin_client: Client) -> None:
    script = admin_client.get(reverse("wagtailadmin_javascript_catalog"), HTTP_ACCEPT_LANGUAGE="vi").content
    catalog = json.loads(script.decode().split("const newcatalog = ")[1].split(";\n")[0])

    assert catalog["Autosave in progress…"] == "Đang tự động lưu…"
    assert catalog["%(num)s error"] == ["%(num)s lỗi"]
