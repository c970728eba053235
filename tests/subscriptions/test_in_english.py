"""Subscribing below /en/, and letters in the language of whoever gets them."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

import pytest

from cms.editorial import approval, withdrawal
from cms.portal import bake
from cms.subscriptions.models import Letter, Subscriber
from publishers.dispatch import drain
from publishers.models import Release
from scam_warnings.taxonomy import ScamType
from tests import factories
from tests.subscriptions.conftest import ask, link, send, subscriber
from tests.tips.conftest import hidden
from tests.tips.unmarked import vietnamese

pytestmark = pytest.mark.django_db
FORM, ASK = "/en/theo-doi/", "/en/theo-doi/dang-ky/"
ENGLISH = factories.english_content()
NO_ENGLISH = {name: [] if isinstance(value, list) else "" for name, value in ENGLISH.items()}


def ask_in_english(citizen: Client, email: str = "john@example.com", **changes: Any) -> Any:
    """Fill in the English form without a script, look it over, and press the button."""
    form = {"email": email, "least": "info", "agreed": "1", **changes}
    page = citizen.post(ASK, form)
    assert page.status_code == 200, page.content.decode()
    return citizen.post(ASK, {**form, "seen": "1", "stamp": hidden(page, "stamp")[0]})


def english_subscriber(citizen: Client, email: str = "john@example.com", **changes: Any) -> Subscriber:
    """Somebody who asked in English and confirmed."""
    ask_in_english(citizen, email, **changes)
    letters = [letter for letter in send() if letter.to == [email]]
    citizen.post(link_in(letters[-1], "xac-nhan"))
    return Subscriber.objects.filter(confirmed_at__isnull=False).latest("pk")


def link_in(letter: Any, word: str) -> str:
    """The path of an English page behind a link in ``letter``."""
    start = letter.body.index(f"/en/theo-doi/{word}/")
    return str(letter.body[start:].split()[0])


def html(letter: Any) -> str:
    """The letter as most people see it."""
    return str(letter.alternatives[0][0])


@pytest.fixture
def published(lan, minh):
    """Approve a warning and let the portal show it."""

    def make(**changes: Any) -> Release:
        release = factories.approved(factories.submitted(lan, **changes), minh)
        drain("w")
        return release

    return make


def correct(page: Any, lan: Any, minh: Any, **values: Any) -> None:
    draft = page.get_latest_revision_as_object()
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save_revision(user=lan)
    factories.approved(approval.submit(page, lan, not_secret=True), minh)
    drain("w")


def test_the_empty_form_is_a_finished_file_in_each_language(site):
    factories.unit("Phường Bình Minh")
    ScamType.objects.filter(key="gia-danh-co-quan-thue").update(name_en="")
    bake.bake_everything()
    text = bake.file_for(FORM).read_text(encoding="utf-8")
    assert f'action="{ASK}"' in text
    assert 'data-stamp="/theo-doi/dau/"' in text
    assert 'href="/feeds/en/canh-bao.atom.xml"' in text
    assert "A warning that has no English version yet comes in Vietnamese." in text
    assert vietnamese(text) == []
    for page in (text, bake.file_for("/theo-doi/").read_text(encoding="utf-8")):
        assert f'hreflang="en" href="http://127.0.0.1:8000{FORM}"' in page
        assert 'hreflang="vi" href="http://127.0.0.1:8000/theo-doi/"' in page


def test_mistakes_are_said_in_english(site, citizen):
    wrong = citizen.post(ASK, {"email": "nobody", "place": "x"})
    text = wrong.content.decode()
    assert wrong.status_code == 422
    for words in (
        "Enter one e-mail address, for example name@example.com.",
        "Choose the commune or ward from the list.",
        "Tick the box to say that you agree.",
    ):
        assert words in text
    assert vietnamese(text) == []
    assert citizen.get(ASK).headers["Location"] == FORM


def test_who_asks_in_english_is_written_to_in_english(site, citizen):
    ward = factories.unit("Phường Bình Minh")
    answer = ask_in_english(citizen, place=str(ward.pk), types=["gia-danh-co-quan-thue"])
    assert "Check your inbox" in answer.content.decode()
    assert not answer.cookies
    (letter,) = send()
    assert letter.subject == "Please confirm: warnings by e-mail"
    assert "Do you want our warnings by e-mail?" in letter.body
    assert '<html lang="en">' in html(letter)
    assert vietnamese(html(letter)) == []
    path = link_in(letter, "xac-nhan")
    page = citizen.get(path).content.decode()
    name = ScamType.objects.get(key="gia-danh-co-quan-thue").name_en
    assert f'<span lang="en">{name}</span>' in page
    assert '<span lang="vi">Phường Bình Minh</span>' in page
    # The same link in the other language, not a new one that would be good for longer.
    assert f'href="{path.removeprefix("/en")}" lang="vi"' in page
    done = citizen.post(path).content.decode()
    assert "From now on you will get our warnings by e-mail" in done
    assert "/en/theo-doi/tuy-chon/" in done
    assert vietnamese(page + done) == []
    kept = Subscriber.objects.get()
    assert (kept.language, kept.consent_language) == ("en", "en")


def test_the_link_in_the_letter_confirms_on_the_page_of_the_other_language_too(site, citizen):
    ask_in_english(citizen)
    path = link_in(send()[0], "xac-nhan").removeprefix("/en")
    page = citizen.get(path).content.decode()
    assert f'href="/en{path}" lang="en"' in page
    assert "Từ nay bạn nhận cảnh báo" in citizen.post(path).content.decode()
    assert Subscriber.objects.get().language == "en"


def test_a_notice_says_the_english_version_and_leads_to_its_page(site, citizen, published):
    english_subscriber(citizen)
    subscriber(citizen)
    release = published(severity="caution", **ENGLISH)
    letters = {letter.to[0]: letter for letter in send()}
    letter, other = letters["john@example.com"], letters["dan@example.vn"]
    assert letter.subject == f"[Warning] {ENGLISH['title_en']}"
    for words in (ENGLISH["summary_en"], ENGLISH["warning_signs_en"][0], ENGLISH["what_to_do_en"][0]):
        assert words in letter.body
    assert f"/en/canh-bao/{release.snapshot['slug']}/" in letter.body
    assert "Vietnamese" not in letter.body + html(letter)
    assert vietnamese(html(letter)) == []
    assert letter.extra_headers["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/en/theo-doi/thoi/")
    assert release.snapshot["summary"] in other.body
    assert "/en/" not in other.body
    assert '<html lang="vi">' in html(other)


def test_a_warning_without_english_comes_in_vietnamese_that_says_so(site, citizen, published):
    english_subscriber(citizen)
    release = published(severity="urgent")
    (letter,) = send()
    sealed = release.snapshot
    assert letter.subject == f"[Urgent warning] {sealed['title']}"
    assert "This warning is so far in Vietnamese only." in letter.body
    assert sealed["summary"] in letter.body
    assert "Warning signs:" in letter.body
    assert f"8000/canh-bao/{sealed['slug']}/" in letter.body
    text = html(letter)
    assert "This warning is so far in Vietnamese only." in text
    assert f'<p lang="vi">{sealed["summary"]}</p>' in text
    assert f'/canh-bao/{sealed["slug"]}/" hreflang="vi"' in text
    assert vietnamese(text) == []


def test_corrections_and_withdrawals_follow_in_english(site, citizen, lan, minh, published):
    english_subscriber(citizen)
    release = published(**ENGLISH)
    assert len(send()) == 1
    correct(
        release.page,
        lan,
        minh,
        correction_note="Sửa số tổng đài.",
        correction_note_en="The hotline number is corrected.",
    )
    (corrected,) = send()
    assert corrected.subject == f"Correction: {ENGLISH['title_en']}"
    assert "What was corrected: The hotline number is corrected." in corrected.body
    assert "Sửa số" not in corrected.body
    assert vietnamese(html(corrected)) == []
    seen = withdrawal.draft(release.page, "Thông tin không đúng.").seal
    withdrawal.withdraw(release.page, minh, note="Thông tin không đúng.", seen_seal=seen, not_secret=True)
    drain("w")
    (withdrawn,) = send()
    assert withdrawn.subject == f"Withdrawn: {ENGLISH['title_en']}"
    assert '<span lang="vi">Thông tin không đúng.</span>' in html(withdrawn)
    assert ENGLISH["summary_en"] not in withdrawn.body
    assert f"/en/canh-bao/{release.snapshot['slug']}/" in withdrawn.body
    assert vietnamese(html(withdrawn)) == []


def test_a_correction_may_lose_the_english_version(site, citizen, lan, minh, published):
    english_subscriber(citizen)
    release = published(**ENGLISH)
    send()
    correct(release.page, lan, minh, correction_note="Sửa số tổng đài.", **NO_ENGLISH)
    (letter,) = send()
    assert letter.subject == f"Correction: {release.snapshot['title']}"
    assert "The corrected warning is so far in Vietnamese only." in letter.body
    assert '<span lang="vi">Sửa số tổng đài.</span>' in html(letter)
    assert vietnamese(html(letter)) == []


def test_a_withdrawal_without_english_marks_what_is_vietnamese(site, citizen, minh, published):
    english_subscriber(citizen)
    release = published()
    send()
    seen = withdrawal.draft(release.page, "Sai.").seal
    withdrawal.withdraw(release.page, minh, note="Sai.", seen_seal=seen, not_secret=True)
    drain("w")
    (letter,) = send()
    assert "The title and the reason below are in Vietnamese only." in letter.body
    assert "This warning has been withdrawn." in letter.body
    assert vietnamese(html(letter)) == []


def test_options_keep_the_language_and_its_owner_changes_it(site, citizen, published):
    first = english_subscriber(citizen)
    published(**ENGLISH)
    path = link_in(send()[0], "tuy-chon")
    page = citizen.get(path).content.decode()
    assert 'name="language" value="en" checked' in page
    assert f'href="{path.removeprefix("/en")}" lang="vi"' in page
    assert 'action="http://127.0.0.1:8000/en/theo-doi/thoi/' in page
    assert vietnamese(page) == []
    for given in ({"least": "urgent"}, {"least": "urgent", "language": "en"}, {"language": "<b>"}):
        text = citizen.post(path, given).content.decode()
        assert "Your choice is saved." in text
        first.refresh_from_db()
        assert first.language == "en"
    # On the page in the other language too it is what is chosen there that counts.
    assert 'value="en" checked' in citizen.get(path.removeprefix("/en")).content.decode()
    citizen.post(path, {"least": "info", "language": "vi"})
    first.refresh_from_db()
    assert (first.language, first.consent_language) == ("vi", "en")
    release = published(severity="urgent", slug="cai-khac", **ENGLISH)
    (letter,) = send()
    assert release.snapshot["title"] in letter.subject
    assert '<html lang="vi">' in html(letter)


def test_asking_again_in_another_language_changes_it_only_before_it_is_confirmed(site, citizen):
    ask(citizen, "john@example.com")
    assert '<html lang="vi">' in html(send()[0])
    Letter.objects.update(at=timezone.now() - timedelta(hours=1))
    ask_in_english(citizen)
    (letter,) = send()
    assert letter.subject == "Please confirm: warnings by e-mail"
    kept = Subscriber.objects.get()
    assert (kept.language, kept.consent_language) == ("en", "en")
    citizen.post(link_in(letter, "xac-nhan"))
    Letter.objects.update(at=timezone.now() - timedelta(hours=1))
    # A stranger may have typed it: what its owner chose stays, and the letter leads to where it is changed.
    ask(citizen, "john@example.com")
    (told,) = send()
    assert told.subject == "You already get our warnings"
    assert "/en/theo-doi/tuy-chon/" in told.body
    assert Subscriber.objects.get().language == "en"
    assert vietnamese(html(told)) == []


def test_known_and_unknown_addresses_get_the_same_answer(site, citizen):
    subscriber(citizen, "dan@example.vn")
    known = ask_in_english(citizen, "dan@example.vn")
    unknown = ask_in_english(citizen, "moi@example.vn")
    assert known.content == unknown.content


def test_leaving_takes_one_post(site, citizen, published):
    english_subscriber(citizen)
    published()
    (letter,) = send()
    path = letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    page = citizen.get(path).content.decode()
    assert "Stop getting warnings by e-mail?" in page
    done = citizen.post(path, {"List-Unsubscribe": "One-Click"}).content.decode()
    assert "You will get no more warnings by e-mail" in done
    assert f'href="{FORM}"' in done
    assert vietnamese(page + done) == []
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("word", ["xac-nhan", "tuy-chon", "thoi"])
@pytest.mark.parametrize("token", ["x", '"><script>alert(1)<', "x" * 5000, "%00"])
def test_a_link_that_is_none_says_so_and_shows_nothing_of_it(site, citizen, word, token):
    for method in (citizen.get, citizen.post):
        answer = method(f"/en/theo-doi/{word}/{token}/")
        text = answer.content.decode()
        assert answer.status_code == 404
        assert "This link does not work" in text
        assert "<script>alert" not in text
        assert f'href="{FORM}"' in text


def test_the_old_links_of_letters_still_work(site, citizen, published):
    first = subscriber(citizen)
    published()
    path = link(send()[0], "tuy-chon")
    assert "/en/" not in path
    assert citizen.get(path).status_code == 200
    assert first.language == "vi"
