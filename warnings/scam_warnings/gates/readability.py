"""Plain Vietnamese: short sentences, no jargon. A hint for the writer."""

import re
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.core.text import clip, fold
from scam_warnings.gates.base import Gate, Result, Subject
from scam_warnings.gates.content import POINTS

# About twenty words: a Vietnamese word has one and a half syllables on average.
MOST_SYLLABLES: Final = 30
JARGON: Final = {
    "phishing": "lừa lấy thông tin",
    "smishing": "tin nhắn lừa đảo",
    "vishing": "cuộc gọi lừa đảo",
    "malware": "phần mềm độc hại",
    "ransomware": "phần mềm tống tiền",
    "spyware": "phần mềm gián điệp",
    "hacker": "kẻ tấn công mạng",
    "scam": "lừa đảo",
    "deepfake": "hình ảnh, giọng nói giả do máy tạo",
    "deepvoice": "giọng nói giả do máy tạo",
    "seeding": "bình luận, đánh giá giả",
    "spoofing": "giả mạo số, tên người gửi",
    "social engineering": "thao túng tâm lý",
    "trojan": "phần mềm độc hại",
    "botnet": "mạng máy tính bị chiếm quyền",
    "url": "địa chỉ trang web",
    "link": "liên kết",
    "domain": "tên miền",
    "fanpage": "trang Facebook",
    "account": "tài khoản",
    "password": "mật khẩu",
    "remote": "điều khiển từ xa",
}
_READ: Final = frozenset({*POINTS, "summary", "facebook_text", "zalo_text", "loudspeaker_script", "details"})
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…;:])\s+|\n+")
_JARGON: Final = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, JARGON))})(?!\w)", re.IGNORECASE)
_MOST_SHOWN: Final = 5


def long_sentences(text: str) -> list[str]:
    """The sentences of ``text`` with more than MOST_SYLLABLES syllables."""
    return [part for part in _SENTENCE_END.split(text) if len(part.split()) > MOST_SYLLABLES]


class ReadabilityGate(Gate):
    """Sentences a reader understands at once, words everybody knows."""

    key = "readability"
    label = gettext_lazy("Easy to read")
    field = "summary"
    advisory = True

    def ask(self, subject: Subject) -> Result:
        read = [item for item in subject.texts if item.field in _READ]
        long = [(item, sentence) for item in read for sentence in long_sentences(item.text)]
        jargon = {match.casefold(): item for item in read for match in _JARGON.findall(item.text)}
        whole = fold(" ".join(item.text for item in read))
        unexplained = "otp" in whole.split() and "ma xac thuc" not in whole
        if not long and not jargon and not unexplained:
            return self.done(_("Short sentences and plain words."))
        details = [f"{item.label}: “{clip(sentence, 90)}”" for item, sentence in long[:_MOST_SHOWN]]
        details += [
            _("%(field)s: say “%(plain)s” instead of “%(word)s”")
            % {"field": item.label, "plain": JARGON[word], "word": word}
            for word, item in jargon.items()
        ]
        if unexplained:
            details.append(_("Explain OTP once: “mã xác thực một lần (OTP)”."))
        parts = []
        if long:
            parts.append(
                ngettext(
                    "%(count)d sentence has more than %(limit)d syllables.",
                    "%(count)d sentences have more than %(limit)d syllables.",
                    len(long),
                )
                % {"count": len(long), "limit": MOST_SYLLABLES}
            )
        if jargon or unexplained:
            parts.append(_("Some words are not known to everybody."))
        first = long[0][0] if long else next(iter(jargon.values()), None)
        return self.hint(
            " ".join(parts),
            _("Split long sentences, one action each, and say it in everyday words."),
            field=first.field if first else self.field,
            details=details,
        )
