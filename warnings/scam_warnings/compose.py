"""Channel texts from the structured fields, where the editor wrote none."""

import string
from collections.abc import Iterable

from cms.core.text import clip, defang, fold, nfc, utf16_length

FACEBOOK_LIMIT = 2000
ZALO_LIMIT = 1800
EMAIL_LIMIT = 20_000
SMS_LIMIT = 160
EMERGENCY = "113"
# What every handset and gateway shows alike; signs such as % # & [ ] are left out on purpose.
PLAIN_LETTERS = frozenset(string.ascii_letters + string.digits + " .,:;!?()/-+'")

_SEVERITY_MARK = {"info": "ℹ️", "caution": "⚠️", "urgent": "🚨"}


def facebook_text(
    title: str,
    summary: str,
    severity: str,
    signs: Iterable[str],
    steps: Iterable[str],
    *,
    indicators: Iterable[str] = (),
) -> str:
    """The body of a Facebook post, without the closing lines ``with_closing`` adds."""
    lines = [f"{_SEVERITY_MARK.get(severity, '⚠️')} {title}", "", summary]
    lines += _section("Dấu hiệu nhận biết:", signs, "•")
    lines += _section("Thông tin đối tượng sử dụng (đã che bớt):", indicators, "•")
    lines += _section("Cách phòng tránh:", steps, "✅")
    return "\n".join(lines)


def zalo_text(
    title: str, summary: str, severity_label: str, steps: Iterable[str], victim: Iterable[str]
) -> str:
    """The body of a Zalo message."""
    lines = [f"{severity_label.upper()}: {title}", summary]
    lines += [f"- {step}" for step in list(steps)[:4]]
    first = next(iter(victim), "")
    if first:
        lines.append(f"Đã bị lừa: {first}")
    return "\n".join(lines)


def sms_text(title: str) -> str:
    """A message without marks that fits one GSM-7 part."""
    head, tail = (
        "CANH BAO: ",
        f". Khong chuyen tien, khong doc ma OTP, khong bam lien ket la. Khan cap goi {EMERGENCY}.",
    )
    plain = "".join(char for char in _unmarked(title) if char in PLAIN_LETTERS)
    return head + clip(plain, SMS_LIMIT - len(head) - len(tail)).replace("…", "") + tail


def loudspeaker_script(title: str, summary: str, steps: Iterable[str]) -> str:
    """A short script an announcer can read: greeting, one scam, what to do, thanks."""
    advice = " ".join(_sentence(step) for step in steps)
    return (
        f"Kính thưa bà con! Cơ quan chức năng cảnh báo: {_sentence(title)} {_sentence(summary)} "
        f"Đề nghị bà con: {advice} Trường hợp khẩn cấp, gọi số một một ba. "
        "Xin trân trọng cảm ơn bà con đã lắng nghe."
    )


def with_closing(body: str, *, limit: int, hashtags: Iterable[str], link: str, reference: str) -> str:
    """``body`` followed by hashtags, the permanent link and the reference code, within ``limit`` UTF-16 units.

    The closing lines are never cut: they prove where the post comes from and let it be found again.
    """
    closing = "\n\n"
    tags = " ".join(hashtags)
    if tags:
        closing += f"{tags}\n"
    closing += f"Chi tiết: {link}\nMã: {reference}"
    return clip(nfc(body).rstrip(), limit - utf16_length(closing)) + closing


def correction_text(body: str, note: str, *, reference: str, limit: int) -> str:
    """A further message that corrects an earlier one: what was wrong, then the whole text as it is now.

    ``body`` ends with its closing lines, which are never cut; the result has at most ``limit`` UTF-16 units.
    """
    head = f"ĐÍNH CHÍNH: {nfc(note).strip()}\n\n"
    text, mark, closing = body.rpartition("\n\n")
    if not mark or reference not in closing:
        text, closing = body, f"Mã: {reference}"
    room = limit - utf16_length(head) - utf16_length(closing) - 2
    return f"{head}{clip(text, max(room, 1))}\n\n{closing}"


def withdrawal_text(title: str, note: str, *, code: str, reference: str, link: str, limit: int) -> str:
    """The notice that a warning no longer stands, for channels where its post cannot be taken away."""
    closing = f"\n\nChi tiết: {link}\nMã: {reference}"
    head = f"THU HỒI: Cảnh báo “{title}” (mã {code}) đã được thu hồi và không còn giá trị."
    reason = f"\nLý do: {nfc(note).strip()}" if note.strip() else ""
    advice = "\nĐề nghị bà con không chia sẻ tiếp nội dung cũ."
    return clip(head + reason + advice, limit - utf16_length(closing)) + closing


def email_text(title: str, summary: str, sections: Iterable[tuple[str, Iterable[str]]], sample: str) -> str:
    """The body of an e-mail, without the closing lines ``with_closing`` adds."""
    lines = [title, "", summary]
    for heading, points in sections:
        lines += _section(heading, points, "-")
    if sample:
        lines += [
            "",
            "Ví dụ tin nhắn lừa đảo (không làm theo):",
            *(f"> {row}" for row in sample.splitlines()),
        ]
    return "\n".join(lines)


def without_mentions(text: str) -> str:
    """``text`` with every Zalo mention token broken: a quoted message must not ping a whole group."""
    return text.replace("[@", "[ @")


def neutral_sample(message: str) -> str:
    """A quoted scam message that cannot be clicked."""
    return defang(nfc(message)).strip()


def _section(heading: str, items: Iterable[str], mark: str) -> list[str]:
    listed = [f"{mark} {item}" for item in items]
    return ["", heading, *listed] if listed else []


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _unmarked(text: str) -> str:
    # fold() lowers the case; an SMS keeps capitals.
    return "".join(fold(char).upper() if char.isupper() else fold(char) for char in nfc(text))
