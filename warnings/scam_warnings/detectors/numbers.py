"""Phone numbers, bank accounts and identity numbers in undisguised text.

Short numbers (113, 156, 5656), money, dates, and the numbers of laws and documents are none of them.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final

from cms.core.text import fold
from scam_warnings.detectors.found import Found, Private

# Digits with at most two separating signs between them: "090 123.45-67". A masked number ("0901***567") is none.
_RUN: Final = re.compile(r"(?<![\d*])\+?\(?\d(?:[ .()_-]{0,2}\d){6,21}(?![\d*])")
_MOBILE: Final = re.compile(r"(?:84|0084|0)[35789]\d{8}")
_LANDLINE: Final = re.compile(r"(?:84|0084|0)(?:2\d{8,9}|69\d{6,8})")
_SERVICE: Final = re.compile(r"1[89]00\d{4,6}")
_FOREIGN: Final = re.compile(r"\+\d{9,15}")
_SHORT: Final = frozenset({"111", "112", "113", "114", "115", "156", "5656", "9090"})
_MONEY: Final = re.compile(r"[1-9]\d{0,2}(?:[., ]\d{3})+")
_CURRENCY: Final = re.compile(r"\s?(?:d|₫|dong|vnd|usd|trieu|ty|nghin|ngan|k|luot|nguoi)(?!\w)")
_DAY: Final = (
    r"(?:(?:0?[1-9]|[12]\d|3[01])[ ./-](?:0?[1-9]|1[0-2])[ ./-](?:19|20)\d\d"
    r"|(?:1[89]|20)\d\d-(?:0[1-9]|1[0-2])-\d{2})"
)
_DATES: Final = re.compile(rf"{_DAY}(?:\s?-\s?{_DAY})?(?: \d{{1,2}})?|(?:19|20)\d\d ?- ?(?:19|20)\d\d")
_ACCOUNT_WORDS: Final = re.compile(
    r"(?:(?<!\w)(?:stk|so tai khoan|so tk|tai khoan|tk|account|acc|ngan hang|vietcombank|vcb|techcombank|tcb|bidv|"
    r"agribank|vietinbank|mb ?bank|mbb|acb|vpbank|sacombank|tpbank|so the|the atm))(?![^\W\d_])"
)
_IDENTITY_WORDS: Final = re.compile(
    r"(?<!\w)(?:cccd|cmnd|cmt|can cuoc|chung minh(?: nhan dan)?|so dinh danh|dinh danh ca nhan|ho chieu)(?![^\W\d_])"
)
_COMPANY_WORDS: Final = re.compile(r"(?<!\w)(?:mst|ma so thue|ma so doanh nghiep|msdn)\W{0,3}$")
_ATTACHED: Final = re.compile(r"[^\W\d][_-]?$")
# Letters typed for digits inside a number: "O9O1 234 567".
_LETTER_O: Final = re.compile(r"(?<=\d)[oO](?=[\d oO.]*\d)|(?<![^\W\d_])[oO](?=[1-9])")
_NEAR, _VERY_NEAR, _TOUCHING = 40, 14, 4


def numbers(text: str, confirmed: Collection[str] = ()) -> Iterator[Found]:
    """Numbers of people in ``text``; those in ``confirmed`` (digits only) are known to be an authority's."""
    text = _LETTER_O.sub("0", text)
    folded = "".join(map(_key, text))
    for match in _RUN.finditer(text):
        for piece, start, end in _pieces(match):
            digits = re.sub(r"\D", "", piece)
            if digits in confirmed or (digits.startswith("84") and f"0{digits[2:]}" in confirmed):
                continue
            kind = _kind(piece, digits, folded[max(0, start - _NEAR) : start], folded[end : end + 12])
            if kind is not None:
                yield Found(kind, piece, start, end)


@lru_cache(maxsize=2048)
def _key(char: str) -> str:
    """``char`` folded, and never more or fewer than one: places in the text stay."""
    return fold(char)[:1] or " "


def _pieces(match: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """The run itself, or its parts where it is several numbers in a row."""
    parts = list(re.finditer(r"\+?\d+", match[0]))
    whole = all(_phone(part[0], re.sub(r"\D", "", part[0])) or part[0] in _SHORT for part in parts)
    if len(parts) == 1 or not whole:
        yield match[0], match.start(), match.end()
        return
    for part in parts:
        if part[0] not in _SHORT:
            yield part[0], match.start() + part.start(), match.start() + part.end()


def _kind(piece: str, digits: str, before: str, after: str) -> Private | None:
    if _DATES.fullmatch(piece) or _CURRENCY.match(after) or _COMPANY_WORDS.search(before):
        return None
    money = _MONEY.fullmatch(piece) is not None
    reach = _TOUCHING if money else _NEAR
    account, identity = _distance(_ACCOUNT_WORDS, before), _distance(_IDENTITY_WORDS, before)
    if identity <= reach and identity < account and len(digits) in {8, 9, 12}:
        return Private.IDENTITY
    phone = _phone(piece, digits)
    if account <= (_VERY_NEAR if phone else reach) and 8 <= len(digits) <= 19:
        return Private.BANK_ACCOUNT
    if phone:
        return Private.PHONE
    # Part of a code such as CB-2026-00123.
    if money or len(digits) < 9 or _ATTACHED.search(before):
        return None
    return Private.IDENTITY if len(digits) == 12 and digits.startswith("0") else Private.BANK_ACCOUNT


def _phone(piece: str, digits: str) -> bool:
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return True
    return _FOREIGN.fullmatch(re.sub(r"[^\d+]", "", piece)) is not None


def _distance(words: re.Pattern[str], before: str) -> int:
    """Characters between the last of ``words`` and the end of ``before``; out of reach when there is none."""
    return min((len(before) - match.end() for match in words.finditer(before)), default=_NEAR + 1)
