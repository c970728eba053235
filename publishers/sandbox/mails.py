"""What the mail sink keeps of an e-mail: enough to read it as its recipient would."""

from __future__ import annotations

import email
from email import policy
from email.message import EmailMessage, Message

from publishers.sandbox.remote import Remote
from publishers.sandbox.state import Mail

MAX_MAILS = 1_000
MAX_TEXT = 64_000
MAX_HEADERS = 40
MAX_HEADER = 500


def keep(remote: Remote, raw: bytes, sender: str, recipient: str) -> Mail:
    """Keep one copy for ``recipient``; the caller holds ``remote.lock``. The oldest go when there are too many."""
    subject, text, headers = read(raw)
    sequence = remote.state.take_id()
    mail = Mail(
        id=f"mail-{sequence}",
        recipient=recipient.lower(),
        sequence=sequence,
        sender=sender,
        subject=subject,
        text=text,
        headers=headers,
        time=remote.now(),
    )
    remote.state.mails[mail.id] = mail
    while len(remote.state.mails) > MAX_MAILS:
        remote.state.mails.pop(next(iter(remote.state.mails)))
    return mail


def read(raw: bytes) -> tuple[str, str, dict[str, str]]:
    """Subject, text and headers of an e-mail, however broken."""
    try:
        message = email.message_from_bytes(raw, policy=policy.default)
        headers = {
            _plain(name)[:MAX_HEADER]: _plain(value)[:MAX_HEADER]
            for name, value in list(message.items())[:MAX_HEADERS]
        }
        return headers.get("Subject", ""), _text(message)[:MAX_TEXT], headers
    except Exception:
        # The parser fails in many ways on bytes nobody meant as an e-mail; they are shown as they came.
        return "", raw.decode("utf-8", "replace")[:MAX_TEXT], {}


def of(remote: Remote, recipient: str) -> list[Mail]:
    """What ``recipient`` got, newest first."""
    rows = [mail for mail in remote.state.mails.values() if mail.recipient == recipient.lower()]
    return sorted(rows, key=lambda mail: mail.sequence, reverse=True)


def recipients(remote: Remote) -> dict[str, list[Mail]]:
    """Address → its mails newest first; the address with the newest mail first."""
    found: dict[str, list[Mail]] = {}
    for mail in sorted(remote.state.mails.values(), key=lambda mail: mail.sequence, reverse=True):
        found.setdefault(mail.recipient, []).append(mail)
    return found


def _text(message: Message) -> str:
    if not isinstance(message, EmailMessage):
        return ""
    body = message.get_body(("plain", "html"))
    content = body.get_content() if body is not None else ""
    return _plain(content.replace("\r\n", "\n")).strip() if isinstance(content, str) else ""


def _plain(text: object) -> str:
    """Without lone surrogates, which no file can hold."""
    return str(text).encode("utf-8", "replace").decode()
