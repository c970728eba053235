"""The receipt code: what it opens, what it never shows, and what it erases."""

import pytest

from cms.tips import receipts
from cms.tips.models import Mark, Note, Picture, Tip
from tests.tips.conftest import STANDING, STORY, code_on, filled, looked_over, photo

pytestmark = pytest.mark.django_db


def test_a_code_shows_the_state_and_nothing_else(site, citizen):
    code = code_on(looked_over(citizen, contact="0912345678"))
    for typed in (code, code.lower(), code.replace("-", " "), code.removeprefix("PA-"), f"  {code} "):
        text = citizen.post(STANDING, {"code": typed}).content.decode()
        assert "Đã tiếp nhận, chờ cán bộ xem." in text
        assert STORY[:20] not in text
        assert "0912345678" not in text
    Tip.objects.update(state="passed", reason="Chuyển Công an phường Bình Minh")
    text = citizen.post(STANDING, {"code": code}).content.decode()
    assert "Đã chuyển cơ quan Công an" in text
    assert "Bình Minh" not in text


def test_letters_taken_for_others_are_read_as_meant():
    code = receipts.code_for("x")
    assert receipts.digest_of(code.replace("0", "O").replace("1", "l")) == receipts.digest_of(code)


@pytest.mark.parametrize(
    "typed", ["", "PA-0000-0000-0000", "x" * 500, "\x00", "PA-ỆỆỆỆ-ỆỆỆỆ-ỆỆỆỆ", "' or 1=1 --"]
)
def test_a_code_that_is_none_says_so(site, citizen, typed):
    answer = citizen.post(STANDING, {"code": typed})
    assert answer.status_code == 404
    assert "Không có phản ánh nào mang mã này" in answer.content.decode()


def test_guessing_is_slowed_down(site, citizen):
    answers = [citizen.post(STANDING, {"code": f"PA-0000-0000-{n:04d}"}).status_code for n in range(22)]
    assert answers[:20] == [404] * 20
    assert answers[20:] == [429, 429]


def test_a_citizen_erases_everything_after_being_asked_once(site, citizen):
    code = code_on(looked_over(citizen, contact="0912345678", traces="0901234567", pictures=photo()))
    asked = citizen.post(STANDING, {"code": code, "erase": "ask"}).content.decode()
    assert "Xóa vĩnh viễn" in asked
    assert Picture.objects.count() == 1
    done = citizen.post(STANDING, {"code": code, "erase": "yes"}).content.decode()
    assert "đã được xóa ngày" in done
    found = Tip.objects.get()
    assert (found.sealed_story, found.sealed_contact) == ("", "")
    assert found.erased_at
    for rows in (Picture, Mark, Note):
        assert not rows.objects.exists()


def test_nothing_of_it_is_a_get(site, citizen):
    code = code_on(looked_over(citizen))
    assert citizen.get(STANDING, {"code": code, "erase": "yes"}).status_code == 302
    assert citizen.get("/phan-anh/gui/", filled()).status_code == 302
    assert Tip.objects.get().erased_at is None
