"""Marks of protected documents: MẬT, TỐI MẬT, TUYỆT MẬT, lưu hành nội bộ.

A stamp is written in capitals; in lower case the same letters are ordinary words (mật khẩu, bảo mật, bí mật
nhà nước), also in a heading set in capitals. So capitals count, and so does what stands beside them.
"""

import re
from typing import Final

from cms.core.disguise import undisguised
from cms.core.text import fold

# Letter-spaced as on a stamp, "M Ậ T", or closed.
_MAT: Final = r"M[ ._-]?Ậ[ ._-]?T"
_BEFORE: Final = r"(?<!BÍ )(?<!BẢO )(?<!CẨN )(?<!THÂN )(?<!ĐƯỜNG )(?<!BẢO-)(?<!BÍ-)"
_AFTER: Final = r"(?!\s+(?:KHẨU|MÃ|ONG|THIẾT|NGỌT|ĐỘ|VỤ|THƯ|NGỮ|HIỆU|GẤU)\b)"
_STAMPS: Final = (
    re.compile(rf"(?<!\w)(?:T[ ._-]?U[ ._-]?Y[ ._-]?Ệ[ ._-]?T|T[ ._-]?Ố[ ._-]?I)[ ._-]+{_MAT}(?!\w)"),
    re.compile(rf"(?<!\w){_BEFORE}{_MAT}(?!\w){_AFTER}"),
)
# Any case, with or without marks: nobody writes these about anything else.
_PHRASES: Final = (
    re.compile(r"(?<!\w)luu\s+hanh\s+noi\s+bo(?!\w)"),
    re.compile(r"(?<!\w)chi\s+su\s+dung\s+noi\s+bo(?!\w)"),
)
_GRADE: Final = re.compile(r"(?<!\w)độ\s+mật\s*:\s*(?:tuyệt\s+mật|tối\s+mật|mật)(?!\w)", re.IGNORECASE)
_NAME_WORDS: Final = re.compile(
    r"(?<![a-z0-9])(?:tuyet mat|toi mat(?! (?:tien|ngu|mang|so|dien|tai|xe))|luu hanh noi bo|tai lieu mat|cong van mat)"
    r"(?![a-z0-9])(?! (?:tien|khau))"
)
_NAME_STAMP: Final = re.compile(r"(?<![^\W_])MAT(?![^\W_])")


def markings(text: str) -> list[str]:
    """Every mark of secrecy in ``text``, as it stands there, without repeats."""
    seen = re.sub(r"[ \t\u00a0]+", " ", undisguised(text))
    found = [match[0] for stamp in (*_STAMPS, _GRADE) for match in stamp.finditer(seen)]
    folded = fold(seen)
    # Folding keeps the length of Vietnamese text in NFC; where it does not, the folded words are shown.
    same = len(folded) == len(seen)
    for phrase in _PHRASES:
        found += [
            seen[match.start() : match.end()] if same else match[0] for match in phrase.finditer(folded)
        ]
    return _once(found)


def markings_in_name(name: str) -> list[str]:
    """Marks of secrecy in a file name, which is mostly written without marks: ``TOI-MAT_bao-cao.docx``."""
    stem = undisguised(name).rsplit(".", 1)[0]
    spaced = re.sub(r"[\W_]+", " ", stem)
    found = markings(spaced) + _NAME_STAMP.findall(stem)
    found += [match[0] for match in _NAME_WORDS.finditer(fold(spaced))]
    return _once(found)


def markings_in_bytes(data: bytes, *, limit: int = 1_000_000) -> list[str]:
    """Marks in text that hides in binary data, such as a picture's notes; at most ``limit`` bytes are read."""
    part = data[:limit]
    texts = [part.decode(encoding, "ignore") for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    return _once([mark for text in texts for mark in markings(text)])


def _once(found: list[str]) -> list[str]:
    """``found`` without repeats and without a mark that is part of a longer one."""
    kept: list[str] = []
    for mark in sorted(dict.fromkeys(word.strip() for word in found), key=len, reverse=True):
        if not any(fold(mark) in fold(other) for other in kept):
            kept.append(mark)
    return kept
