"""A citizen's form: with and without a script, with mistakes, with pictures, with rubbish."""

import json
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

import pytest
import segno
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from cms.core import sealing
from cms.portal import bake
from cms.tips import pictures, story
from cms.tips.models import HeldPicture, Mark, Picture, Tip
from tests import factories
from tests.media import pictures as samples
from tests.tips.conftest import SEND, STORY, code_on, filled, hidden, looked_over, photo, tip, worked

pytestmark = pytest.mark.django_db


def card(text: str) -> bytes:
    """A photograph of a card with this code on it."""
    import io

    code = io.BytesIO()
    segno.make(text, error="m").save(code, kind="png", scale=4)
    image = Image.new("RGB", (1400, 900), (214, 226, 216))
    image.paste(Image.open(code).convert("RGB").resize((260, 260)), (1080, 60))
    return samples.encode(image, "JPEG", quality=85)


def test_without_a_script_the_form_is_looked_over_and_kept_once(site, citizen):
    answer = looked_over(citizen, contact="0912345678", harmed="co")
    code = code_on(answer)
    found = Tip.objects.get()
    assert story.of(found) == story.Story(STORY)
    assert (story.contact_of(found), found.is_harmed, found.state) == ("0912345678", True, "new")
    assert found.consent_version
    assert not answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]
    assert code not in json.dumps(list(Tip.objects.values()), default=str)


def test_the_button_pressed_twice_keeps_one_tip_with_one_code(site, citizen):
    page = citizen.post(SEND, filled())
    form = filled(seen="1", stamp=hidden(page, "stamp")[0])
    codes = {code_on(citizen.post(SEND, form)) for _press in range(3)}
    assert len(codes) == 1
    assert Tip.objects.count() == 1


def test_with_a_script_one_press_is_enough(site, citizen):
    given_stamp = citizen.get("/phan-anh/dau/").json()["stamp"]
    code_on(citizen.post(SEND, filled(stamp=given_stamp, work=worked(given_stamp))))
    assert Tip.objects.count() == 1


def test_work_of_another_stamp_is_none(site, citizen):
    first, second = (citizen.get("/phan-anh/dau/").json()["stamp"] for _number in range(2))
    answer = citizen.post(SEND, filled(stamp=second, work=worked(first)))
    assert "Xem lại rồi bấm gửi" in answer.content.decode()
    subscription = citizen.get("/theo-doi/dau/").json()["stamp"]
    citizen.post(SEND, filled(stamp=subscription, work=worked(subscription)))
    assert not Tip.objects.exists()


def test_a_program_that_only_posts_gets_nowhere(site, citizen, settings):
    settings.CITIZEN_FORM_SECONDS = 30
    assert "Chuyện gì đã xảy ra" in citizen.post(SEND, filled(seen="1")).content.decode()
    page = citizen.post(SEND, filled())
    too_soon = citizen.post(SEND, filled(seen="1", stamp=hidden(page, "stamp")[0]))
    assert "Xem lại rồi bấm gửi" in too_soon.content.decode()
    settings.CITIZEN_FORM_SECONDS = -1
    trapped = citizen.post(
        SEND, filled(seen="1", stamp=hidden(page, "stamp")[0], website="http://spam.example")
    )
    assert "Xem lại rồi bấm gửi" in trapped.content.decode()
    assert not Tip.objects.exists()


def test_nothing_typed_is_lost_on_a_mistake(site, citizen):
    ward = factories.unit("Phường Bình Minh")
    typed = {
        "story": "ngắn",
        "traces": "0901 234 567\nhttp://la.example",
        "contact": "lan@example.vn",
        "harmed": "co",
        "kind": "gia-danh-cong-an-vks-toa-an",
        "place": str(ward.pk),
        "pictures": [photo(), photo("hai.jpg")],
    }
    page = citizen.post(SEND, typed)
    text = page.content.decode()
    assert page.status_code == 422
    for value in ("ngắn", "0901 234 567\nhttp://la.example", "lan@example.vn"):
        assert value in text
    assert text.count("selected") == 2
    assert 'value="co" checked' in text
    assert len(hidden(page, "held")) == 2
    assert "Hãy đánh dấu vào ô đồng ý" in text
    # The next press sends the pictures too, though the browser did not send them again.
    code_on(looked_over(citizen, held=hidden(page, "held")))
    assert Picture.objects.count() == 2
    assert not HeldPicture.objects.exists()


def test_a_picture_can_be_taken_off_again(site, citizen):
    page = citizen.post(SEND, {"story": "ngắn", "pictures": [photo(), photo()]})
    first, second = hidden(page, "held")
    tip(citizen, held=[first, second], drop=first)
    assert Picture.objects.count() == 1


def test_pictures_keep_nothing_but_their_pixels_and_are_encrypted(site, citizen):
    kept = tip(citizen, pictures=photo()).pictures.get()
    assert not bytes(kept.sealed).startswith(b"\xff\xd8")
    data = pictures.unseal(kept)
    with Image.open(__import__("io").BytesIO(data)) as image:
        assert not image.getexif()
        assert "icc_profile" not in image.info
    assert b"GPS" not in data


@pytest.mark.parametrize(
    "text",
    [
        "001090012345|123456789|Nguyễn Văn An|01011990|Nam|Thôn 1, xã Hòa An|01012021",
        "001190012345||Nguyễn Thị Bình|02031990|Nữ|Phường Bình Minh|05062024||||",
        "IDVNM0900123456001090012345<<8\n9001011M3001011VNM<<<<<<<<<<<2\nNGUYEN<<VAN<AN",
        '{"cccd":"001090012345","ten":"An"}',
    ],
)
def test_an_identity_card_is_refused_and_not_kept(site, citizen, text):
    answer = citizen.post(SEND, filled(pictures=SimpleUploadedFile("cccd.jpg", card(text), "image/jpeg")))
    assert answer.status_code == 422
    assert "giống thẻ căn cước" in answer.content.decode()
    assert not HeldPicture.objects.exists()


@pytest.mark.parametrize(
    "text", ["https://thue-gia.example/tai-ve", "00020101021238570010A000000727", "0912345678"]
)
def test_the_code_of_a_scam_is_no_identity_card(site, citizen, text):
    assert tip(citizen, pictures=SimpleUploadedFile("qr.jpg", card(text), "image/jpeg")).pictures.count() == 1


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"0" * 200),
        SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"0" * (9 * 1024 * 1024)),
        SimpleUploadedFile("a.png", samples.png()[:60]),
    ],
    ids=["svg", "broken", "large", "cut"],
)
def test_what_is_no_proper_picture_is_refused_with_a_reason(site, citizen, file):
    file.seek(0)
    answer = citizen.post(SEND, filled(pictures=file))
    assert answer.status_code == 422
    assert "field--wrong" in answer.content.decode()
    assert STORY in answer.content.decode()


def test_more_than_three_pictures_are_too_many(site, citizen):
    answer = citizen.post(SEND, filled(pictures=[photo(f"{number}.jpg") for number in range(4)]))
    assert "tối đa ba ảnh" in answer.content.decode()
    assert HeldPicture.objects.count() == 3


def test_identity_numbers_are_struck_out_and_marks_leave_out_the_citizen(site, citizen):
    kept = tip(
        citizen,
        story="Họ hỏi CCCD 001090012345 của tôi, số tôi 0912345678, bảo gọi 0901234567 và mở https://thue-gia.example/x",
        contact="0912 345 678",
    )
    told = story.of(kept)
    assert told is not None
    assert "001090012345" not in told.text
    assert sorted(Mark.objects.values_list("shown", flat=True)) == [
        "0901***567",
        "hxxps://thue-gia[.]example/x",
    ]


def test_what_citizens_write_stands_nowhere_in_the_clear(site, citizen, caplog):
    with caplog.at_level("DEBUG"):
        tip(citizen, story="Câu-chuyện-bí-mật xảy ra hôm qua", contact="bimat@example.vn", pictures=photo())
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                assert "bí-mật" not in str(row), table
                assert "bimat@" not in str(row), table
    assert "bí-mật" not in caplog.text
    assert "bimat@" not in caplog.text


def test_too_many_from_one_network_are_asked_to_wait_and_lose_nothing(site, citizen, settings):
    settings.TIPS_PER_HOUR = 2
    for _number in range(2):
        code_on(looked_over(citizen))
    answer = looked_over(citizen, contact="0912345678")
    assert answer.status_code == 429
    assert STORY in answer.content.decode()
    assert "0912345678" in answer.content.decode()
    assert Tip.objects.count() == 2
    stamp = citizen.get("/phan-anh/dau/").json()["stamp"]
    code_on(citizen.post(SEND, filled(stamp=stamp, work=worked(stamp))))


def test_everybody_together_is_limited_too(site, citizen, settings):
    settings.TIPS_PER_HOUR_ALL = 1
    code_on(looked_over(citizen))
    citizen.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert looked_over(citizen).status_code == 429


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"story=" + b"a" * 1_000_000, "application/x-www-form-urlencoded"),
        (b"story=%00%ED%A0%80%FF&place=9999999999999999999999", "application/x-www-form-urlencoded"),
        (b"&".join(b"f%d=1" % number for number in range(20_000)), "application/x-www-form-urlencoded"),
        (b"\x00\xff" * 5000, "multipart/form-data; boundary=x"),
        (
            b'--x\r\nContent-Disposition: form-data; name="story"\r\n\r\nhalf',
            "multipart/form-data; boundary=x",
        ),
        (b"story=a", "application/x-www-form-urlencoded; charset=base64"),
        (b"story=a", "application/x-www-form-urlencoded; charset=utf-16"),
        (
            b'--x\r\nContent-Disposition: form-data; name="s"\r\n\r\na\r\n--x--',
            "multipart/form-data; boundary=x; charset=idna",
        ),
        (b"{}", "application/json"),
        (b"story=" + b"b" * 3_000_000, "application/x-www-form-urlencoded"),
        (b"", "multipart/form-data"),
    ],
)
@pytest.mark.parametrize("path", [SEND, "/phan-anh/tra-cuu/ket-qua/", "/theo-doi/dang-ky/"])
def test_no_body_is_an_error_of_ours(site, citizen, path, body, kind):
    assert citizen.generic("POST", path, body, content_type=kind).status_code < 500


@given(
    fields=st.dictionaries(
        st.sampled_from(
            [
                "story",
                "traces",
                "kind",
                "place",
                "harmed",
                "contact",
                "agreed",
                "stamp",
                "work",
                "seen",
                "held",
                "drop",
                "back",
                "website",
            ]
        ),
        st.text(max_size=200),
        max_size=14,
    )
)
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_text_is_an_error_of_ours(site, citizen, settings, fields):
    settings.TIPS_PER_HOUR = 10_000
    posted = {name: text.encode("utf-8", "replace").decode() for name, text in fields.items()}
    assert citizen.post(SEND, posted).status_code < 500


def test_the_empty_form_is_a_finished_file(site):
    bake.bake_everything()
    for path in ("/phan-anh/", "/phan-anh/tra-cuu/", "/theo-doi/"):
        body = bake.file_for(path).read_text(encoding="utf-8")
        assert "csrf" not in body
        assert "<form" in body
    assert bake.bake_everything().written == []


def test_pictures_of_forms_never_sent_are_forgotten(site, citizen):
    citizen.post(SEND, {"story": "ngắn", "pictures": photo()})
    assert pictures.forget_held(timezone.now()) == 0
    assert pictures.forget_held(timezone.now() + timedelta(hours=3)) == 1


def test_a_lost_key_loses_the_words_not_the_page(site, citizen, lan, settings, client):
    kept = tip(citizen)
    settings.CREDENTIAL_KEYS = ["another"]
    assert story.of(kept) is None
    client.force_login(lan)
    assert "Không đọc được" in client.get(f"/admin/phan-anh/{kept.pk}/").content.decode()
    settings.CREDENTIAL_KEYS = ["another", "only-for-the-tests"]
    assert sealing.unseal(kept.sealed_story)
