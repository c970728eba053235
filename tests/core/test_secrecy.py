"""Marks of secrecy are found; the everyday words with the same letters are not taken for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.core.secrecy import markings, markings_in_bytes, markings_in_name

ORDINARY = [
    "Nội dung không thuộc bí mật nhà nước",
    "KHÔNG THUỘC BÍ MẬT NHÀ NƯỚC",
    "Không đọc mật khẩu, mã OTP cho bất kỳ ai",
    "KHÔNG ĐỌC MẬT KHẨU CHO AI",
    "BẢO MẬT TÀI KHOẢN",
    "Kẻ gian dặn giữ bí mật tuyệt đối",
    "đường mật, mật ong, thân mật",
    "CANH BAO: TOI MAT TIEN VI TIN LOI",
    "Lưu hành rộng rãi trong nội bộ gia đình",
]
MARKED = [
    ("MẬT", "MẬT"),
    ("Công văn (MẬT) số 12", "MẬT"),
    ("TỐI MẬT", "TỐI MẬT"),
    ("TUYỆT MẬT", "TUYỆT MẬT"),
    ("M Ậ T", "M Ậ T"),
    ("ТỐI МẬТ", "TỐI MẬT"),
    ("MẬT", "MẬT"),
    ("M\u200bẬT", "MẬT"),
    ("Độ mật: Mật", "Độ mật: Mật"),
    ("Tài liệu lưu hành nội bộ", "lưu hành nội bộ"),
    ("LƯU HÀNH NỘI BỘ", "LƯU HÀNH NỘI BỘ"),
    ("luu hanh noi bo", "luu hanh noi bo"),
]


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_word_is_no_mark(text):
    assert markings(text) == []


@pytest.mark.parametrize(("text", "mark"), MARKED)
def test_a_mark_is_found_and_quoted(text, mark):
    assert markings(text) == [mark]


@pytest.mark.parametrize(
    "name",
    ["TOI-MAT_bao-cao.docx", "MAT_12.pdf", "luu_hanh_noi_bo.jpg", "Công văn mật 12.docx", "Tối mật.pdf"],
)
def test_a_mark_in_a_file_name_is_found(name):
    assert markings_in_name(name)


@pytest.mark.parametrize(
    "name", ["mat-tien.jpg", "bao-mat.png", "mat_khau.png", "toi-mat-tien.jpg", "IMG_0042.jpg"]
)
def test_an_ordinary_file_name_is_none(name):
    assert markings_in_name(name) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_mark_in_the_notes_of_a_picture_is_found(encoding):
    assert markings_in_bytes(b"\x01\x02" + "Công văn TỐI MẬT".encode(encoding))


@given(st.text(max_size=200))
def test_any_text_can_be_asked(text):
    assert isinstance(markings(text), list)


@given(st.text(alphabet="abcdefghij klm", max_size=40), st.text(alphabet="abcdefghij klm", max_size=40))
def test_a_stamp_is_found_anywhere(before, after):
    assert markings(f"{before} TỐI MẬT {after}") == ["TỐI MẬT"]
