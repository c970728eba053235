"""What must not be published is found however it is disguised; what looks like it is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.core.disguise import undisguised
from scam_warnings.detectors.found import Private
from scam_warnings.detectors.masking import masked_account, masked_email, masked_link, masked_number
from scam_warnings.detectors.private_data import private_data

OFFICIAL = {"gov.vn", "vtv.vn"}
PASSES = [
    "Gọi 113, 156, 5656 hoặc 111",
    "113 156 5656 111",
    "Soạn LD (số điện thoại) (nội dung) gửi 156",
    "Cài VNeID, eTax Mobile, VssID từ App Store",
    "Ngày 05/11/2026 lúc 08:30",
    "05.11.2026 08:30",
    "2026-11-27 08:30",
    "từ 01.11.2026-05.11.2026",
    "ngày 05 tháng 11 năm 2026",
    "giai đoạn 2021-2026",
    "mất 22.500.000 đồng",
    "mất 500000000 đồng",
    "1.234.567,5",
    "1.990k/người, 3N2Đ",
    "tài khoản bị trừ 50.000.000 ngay",
    "1.230.000 lượt xem",
    "Luật An ninh mạng 116/2025/QH15",
    "Nghị định 356/2025/NĐ-CP, Thông tư 45/2023/TT-BCA",
    "Số: 07/BC-PA05, 707/BC-CAHP-PA05",
    "Mã: CB-2026-00123",
    "đơn hàng VN123456789",
    "MST 0312345678-001, mã số thuế: 0312345678",
    "hxxps://lua-dao[.]vn/qua",
    "https://lua-dao[.]vn",
    "lua-dao[.]vn",
    "ten[@]mien[.]vn",
    "0901***567, ***789",
    "TP.HCM, v.v., Ths.Nguyễn, 1.Gọi ngân hàng",
    "mất hết tiền.Ca này do Công an xã xử lý",
    "https://bocongan.gov.vn/tin?id=1234567890",
    "Xem csgt.bocongan.gov.vn hoặc https://vtv.vn/x",
    "canhbao@congan.gov.vn",
]
CAUGHT = [
    ("0901234567", Private.PHONE),
    ("+84 901 234 567", Private.PHONE),
    ("0084901234567", Private.PHONE),
    ("090.123.45.67", Private.PHONE),
    ("(0901) 234-567", Private.PHONE),
    ("０９０１２３４５６７", Private.PHONE),
    ("0️⃣9️⃣0️⃣1234567", Private.PHONE),
    ("0901\u200b234\u2060567", Private.PHONE),
    ("0901•234•567", Private.PHONE),
    ("O9O1234567", Private.PHONE),
    ("sđt0901234567", Private.PHONE),
    ("024 3825 2345", Private.PHONE),
    ("069 234 8560", Private.PHONE),
    ("1900 545 413", Private.PHONE),
    ("+1 202 555 0123 44", Private.PHONE),
    ("STK 1234567890", Private.BANK_ACCOUNT),
    ("stk:0123456789 MB", Private.BANK_ACCOUNT),
    ("số tài khoản 1234 5678 9012 3456", Private.BANK_ACCOUNT),
    ("chuyển vào 19035678901234", Private.BANK_ACCOUNT),
    ("CCCD 001099012345", Private.IDENTITY),
    ("001099012345", Private.IDENTITY),
    ("CMND: 123 456 789", Private.IDENTITY),
    ("nguyenvana@gmail.com", Private.EMAIL),
    ("nguyenvana (at) gmail.com", Private.EMAIL),
    ("a＠gmail．com", Private.EMAIL),
    ("shopee-khuyenmai.top", Private.LINK),
    ("bit.ly/3abc", Private.LINK),
    ("t.me/nhom-kin", Private.LINK),
    ("HTTP://LUA-DAO.VN", Private.LINK),
    ("http://103.1.2.3/x", Private.LINK),
    ("https://3232235777/", Private.LINK),
    ("https://bocongan.gov.vn.evil.com", Private.LINK),
    ("bocongan.gov.vn.top", Private.LINK),
    ("https://vtv.vn.vi-pham.xyz/a", Private.LINK),
    ("ｂocongan。com", Private.LINK),
    ("vietcоmbank.com", Private.LINK),
]


def kinds(text: str) -> list[Private]:
    return [hit.kind for hit in private_data(text, official=OFFICIAL)]


@pytest.mark.parametrize("text", PASSES)
def test_ordinary_text_passes(text):
    assert private_data(text, official=OFFICIAL) == []


@pytest.mark.parametrize(("text", "kind"), CAUGHT)
def test_a_disguise_does_not_help(text, kind):
    assert kinds(text) == [kind]
    assert kinds(f"Bà con lưu ý: {text}. Không làm theo.") == [kind]


def test_several_in_a_row_are_each_found():
    assert kinds("0901234567/0912345678, 0931234567") == [Private.PHONE] * 3


def test_a_user_name_before_an_official_host_deceives():
    assert kinds("https://bocongan.gov.vn@evil.com/x")


def test_the_authoritys_own_number_is_known():
    assert private_data("Gọi 069 234 8560", official=OFFICIAL, confirmed={"0692348560"}) == []
    assert private_data("Gọi +84 69 234 8560", official=OFFICIAL, confirmed={"0692348560"}) == []


separators = st.sampled_from(["", " ", ".", "-", " - "[1], "\u200b", "\u00a0", "\ufeff"])
digits = st.sampled_from(["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩"])


@given(
    st.from_regex(r"0[35789][0-9]{8}", fullmatch=True), st.lists(separators, min_size=9, max_size=9), digits
)
def test_every_mobile_number_is_found_in_any_writing(number, between, alphabet):
    written = "".join(alphabet[int(digit)] + gap for digit, gap in zip(number, [*between, ""], strict=True))
    assert kinds(f"Gọi {written} ngay")


@given(st.integers(1, 999), st.integers(1990, 2030), st.sampled_from(["QH15", "NĐ-CP", "TT-BCA", "KH-UBND"]))
def test_no_number_of_a_law_is_taken_for_a_persons(number, year, kind):
    assert kinds(f"Theo {number}/{year}/{kind} ngày 05/11/{year}") == []


@given(st.integers(1000, 999_999_999_999))
def test_no_amount_of_money_is_taken_for_an_account(amount):
    grouped = f"{amount:,}".replace(",", ".")
    assert kinds(f"bị lừa {grouped} đồng") == []
    assert kinds(f"bị lừa {amount} đồng") == []


@given(st.dates())
def test_no_date_is_taken_for_a_number(day):
    assert kinds(f"ngày {day:%d/%m/%Y}, {day:%d.%m.%Y}, {day:%Y-%m-%d}") == []


@given(st.text(max_size=300))
def test_any_text_can_be_asked(text):
    for hit in private_data(text, official=OFFICIAL):
        assert hit.text
    assert undisguised(undisguised(text)) == undisguised(text)


@given(st.text(max_size=120))
def test_masking_twice_is_masking_once_and_leaves_nothing_live(text):
    for mask in (masked_number, masked_account, masked_email, masked_link):
        once = mask(text)
        assert mask(once) == once


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (masked_number("0901 234 567"), "0901***567"),
        (masked_number("+84 901-234-567"), "8490***567"),
        (masked_account("MB Bank 0123456789"), "MB Bank ***789"),
        (masked_account("1234 5678 9012 3456"), "***456"),
        (masked_email("tuyen.dung@mien.example"), "tu***[@]mien[.]example"),
        (masked_link("https://ten-mien.example/x?a=0901234567#b"), "hxxps://ten-mien[.]example/x"),
        (masked_link("user:pw@lua.example"), "hxxps://lua[.]example"),
    ],
)
def test_a_masked_value_is_recognised_but_of_no_use(shown, expected):
    assert shown == expected
    assert kinds(shown) == []
