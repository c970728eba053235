"""The tip form below /en/: the same form, in English from the empty page to the receipt and its answers."""

from datetime import UTC, datetime

from django.db import connection
from django.test import Client

import pytest

from cms.portal import bake
from cms.tips import story
from cms.tips.models import Tip
from scam_warnings.taxonomy import ScamType, ScamTypeGroup
from tests import factories
from tests.tips.conftest import STORY, code_on, filled, hidden, photo, tip, worked
from tests.tips.unmarked import vietnamese

FORM, SEND = "/en/phan-anh/", "/en/phan-anh/gui/"
FOLLOW_UP, STANDING = "/en/phan-anh/tra-cuu/", "/en/phan-anh/tra-cuu/ket-qua/"
in_database = pytest.mark.django_db


def sent(citizen: Client, **changes: object) -> str:
    """The receipt code of a tip sent without a script."""
    page = citizen.post(SEND, filled(**changes))
    again = filled(**changes) | {"seen": "1", "stamp": hidden(page, "stamp")[0]}
    return code_on(citizen.post(SEND, again))


@in_database
def test_the_empty_pages_are_finished_files_that_name_each_other(site):
    factories.unit("Phường Bình Minh")
    bake.bake_everything()
    for path in (FORM, FOLLOW_UP):
        text = bake.file_for(path).read_text(encoding="utf-8")
        assert '<html lang="en"' in text
        assert f'action="{SEND if path == FORM else STANDING}"' in text
        assert vietnamese(text) == []
        twin = bake.file_for(path.removeprefix("/en")).read_text(encoding="utf-8")
        for page in (text, twin):
            assert f'hreflang="en" href="http://127.0.0.1:8000{path}"' in page
            assert f'hreflang="vi" href="http://127.0.0.1:8000{path.removeprefix("/en")}"' in page
    form = bake.file_for(FORM).read_text(encoding="utf-8")
    assert 'data-stamp="/phan-anh/dau/"' in form
    assert '<option value="' in form
    assert 'lang="vi">Phường Bình Minh</option>' in form
    assert bake.bake_everything().written == []


@in_database
def test_every_english_page_leads_there_and_the_sitemap_names_it(site, client):
    for path in ("/en/", "/en/canh-bao/", "/en/tim-kiem/", "/en/xac-minh/"):
        text = client.get(path).content.decode()
        menu = text[text.index('id="trinh-don"') : text.index("</nav>")]
        footer = text[text.index("<footer") :]
        assert f'<a href="{FORM}">Report a scam</a>' in menu
        assert f'<a href="{FORM}">Report a scam</a>' in footer
        assert '<a href="/en/theo-doi/">Get warnings by e-mail</a>' in footer
        assert 'href="/phan-anh/"' not in text
    home = client.get("/en/").content.decode()
    assert f'<a href="{FORM}"><svg' in home.split('class="tasks"')[1]
    assert 'aria-current="page">Report a scam' in client.get(FORM).content.decode()
    pages = client.get("/sitemap/trang.xml").content.decode()
    for path in (FORM, "/phan-anh/", "/en/theo-doi/", "/theo-doi/"):
        assert f"<loc>http://127.0.0.1:8000{path}</loc>" in pages


@in_database
def test_types_have_their_english_names_and_others_say_their_language(site, client):
    named = ScamType.objects.exclude(name_en="")[0]
    group = ScamTypeGroup.objects.create(key="nhom-moi", name="Nhóm mới", name_en="New group")
    ScamType.objects.create(key="chua-dich", name="Chưa dịch <b>", group=group)
    text = client.get(FORM).content.decode()
    assert f'<option value="{named.key}">{named.name_en}</option>' in text
    assert (
        '<optgroup label="New group"><option value="chua-dich" lang="vi">Chưa dịch &lt;b&gt;</option>' in text
    )
    ScamTypeGroup.objects.filter(pk=group.pk).update(name_en="")
    ScamType.objects.create(key="da-dich", name="Đã dịch", name_en="Translated", group=group)
    text = client.get(FORM).content.decode()
    assert '<optgroup label="Nhóm mới" lang="vi">' in text
    assert '<option value="da-dich" lang="en">Translated</option>' in text
    vietnamese_form = client.get("/phan-anh/").content.decode()
    assert "Translated" not in vietnamese_form
    assert 'lang="vi">Đã dịch' not in vietnamese_form


@in_database
def test_a_tip_goes_from_form_to_receipt_in_english(site, citizen):
    group = ScamTypeGroup.objects.all()[0]
    ScamType.objects.create(key="chua-dich", name="Chưa dịch", group=group)
    ward = factories.unit("Phường Bình Minh")
    wrong = citizen.post(SEND, {"story": "short", "kind": "khong-co", "place": "x", "contact": "x" * 200})
    assert wrong.status_code == 422
    text = wrong.content.decode()
    for words in (
        "Write in a few words what happened.",
        "Choose the kind of scam from the list.",
        "Choose the commune or ward from the list.",
        "Write one phone number or e-mail address only.",
        "Tick the box to say that you agree.",
    ):
        assert words in text
    assert vietnamese(text) == []
    assert 'href="/phan-anh/" lang="vi"' in text
    fields = filled(
        story="They said they were the police.", kind="chua-dich", place=str(ward.pk), harmed="co"
    )
    page = citizen.post(SEND, fields)
    text = page.content.decode()
    assert "Check it, then send" in text
    assert vietnamese(text) == []
    assert f'action="{SEND}"' in text
    done = citizen.post(SEND, fields | {"seen": "1", "stamp": hidden(page, "stamp")[0]})
    text = done.content.decode()
    code_on(done)
    assert "Your receipt code" in text
    assert "act now" in text
    assert f'href="{FOLLOW_UP}"' in text
    assert 'class="button button--quiet" href="/en/"' in text
    assert vietnamese(text) == []
    assert not done.cookies
    assert done.headers["X-Robots-Tag"] == "noindex"
    found = Tip.objects.get()
    assert story.of(found) == story.Story("They said they were the police.")
    assert (found.scam_type.key, found.unit, found.is_harmed) == ("chua-dich", ward, True)
    assert found.language == "en"


@in_database
def test_staff_see_in_which_language_it_was_written(site, citizen, lan, client):
    client.force_login(lan)
    sent(citizen)
    english = client.get(f"/admin/phan-anh/{Tip.objects.get().pk}/").content.decode()
    assert "Ngôn ngữ của biểu mẫu" in english
    assert '<dd lang="en">English</dd>' in english
    other = tip(citizen)
    assert "Ngôn ngữ của biểu mẫu" not in client.get(f"/admin/phan-anh/{other.pk}/").content.decode()


@in_database
def test_a_stamp_opens_the_form_in_either_language_once(site, citizen):
    stamp = citizen.get("/phan-anh/dau/").json()["stamp"]
    form = filled(stamp=stamp, work=worked(stamp))
    assert code_on(citizen.post(SEND, form)) == code_on(citizen.post("/phan-anh/gui/", form))
    assert Tip.objects.count() == 1
    assert citizen.get("/en/phan-anh/dau/").status_code == 404


@in_database
def test_what_is_wrong_with_a_picture_is_said_in_english(site, citizen):
    answer = citizen.post(SEND, filled(pictures=photo(data=b"no picture at all")))
    assert "One file is not a picture that can be opened here." in answer.content.decode()
    assert vietnamese(answer.content.decode()) == []


@in_database
def test_limits_are_those_of_both_forms_together_and_said_in_english(site, citizen, settings):
    settings.TIPS_PER_HOUR = 1
    stamp = hidden(citizen.post("/phan-anh/gui/", filled()), "stamp")[0]
    assert citizen.post("/phan-anh/gui/", filled(seen="1", stamp=stamp)).status_code == 200
    stamp = hidden(citizen.post(SEND, filled()), "stamp")[0]
    refused = citizen.post(SEND, filled(seen="1", stamp=stamp))
    assert refused.status_code == 429
    assert "There were too many tips from this network" in refused.content.decode()
    assert STORY in refused.content.decode()


@in_database
def test_the_code_shows_the_state_in_english_with_days_nobody_misreads(site, citizen):
    code = sent(citizen)
    Tip.objects.update(received_at=datetime(2026, 9, 7, 3, tzinfo=UTC))
    for state, words in (
        ("new", "Received. Nobody has read it yet."),
        ("in_work", "Staff are looking at it."),
        ("used", "It was used for a public warning."),
        ("not_relevant", "It was not used for a warning."),
        ("passed", "It was passed to the police unit responsible."),
    ):
        Tip.objects.update(state=state, reason="Chuyển Công an phường")
        text = citizen.post(STANDING, {"code": code}).content.decode()
        assert words in text
        assert "Sent on 7 Sep 2026." in text
        assert vietnamese(text) == []
    # Codes of one language are known in the other.
    assert "07/09/2026" in citizen.post("/phan-anh/tra-cuu/ket-qua/", {"code": code}).content.decode()
    asked = citizen.post(STANDING, {"code": code, "erase": "ask"}).content.decode()
    assert "Erase for good" in asked
    done = citizen.post(STANDING, {"code": code, "erase": "yes"}).content.decode()
    assert "What you wrote and sent was erased on" in done
    assert vietnamese(asked + done) == []
    assert Tip.objects.get().erased_at


@in_database
@pytest.mark.parametrize("typed", ["", "PA-0000-0000-0000", '"><script>alert(1)</script>', "\x00"])
def test_a_code_that_is_none_says_so_in_english(site, citizen, typed):
    answer = citizen.post(STANDING, {"code": typed})
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "There is no tip with this code." in text
    assert "<script>alert" not in text
    assert f'href="{FORM}"' in text


@in_database
def test_nothing_of_it_is_a_get(site, citizen):
    assert citizen.get(SEND, filled()).headers["Location"] == FORM
    assert citizen.get(STANDING, {"code": "x"}).headers["Location"] == FOLLOW_UP


@in_database
def test_no_body_is_an_error_of_ours(site, citizen):
    for path in (SEND, STANDING, "/en/theo-doi/dang-ky/"):
        for body in (b"", b"\xff\xfe", b"--x\r\n"):
            answer = citizen.generic("POST", path, body, content_type="multipart/form-data; boundary=x")
            assert answer.status_code < 500


def test_a_broken_database_is_said_in_english(live_db, citizen):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE intake_knock RENAME TO intake_gone")
    answer = citizen.post(SEND, filled())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE intake_gone RENAME TO intake_knock")
    assert answer.status_code == 503
    text = answer.content.decode()
    assert "Press the Back button of your browser" in text
    assert '<html lang="en"' in text
    assert vietnamese(text) == []
