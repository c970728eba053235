"""One warning as an e-mail for one address: the same bytes at every attempt."""

import hashlib
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from cms.core.text import collapse
from publishers.contracts import Event, Message

_HOST = "keng.invalid"


class _Policy(EmailPolicy):
    """As SMTP, but a long subject keeps its spaces: the newer folding loses them between encoded words."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name != "Subject":
            return super().fold_binary(name, value)
        folded = Header(str(value), header_name=name).encode(linesep=self.linesep)
        return f"{name}: {folded}{self.linesep}".encode("ascii")


# An address folded over two lines is read by few mail programs.
_POLICY = _Policy(linesep=SMTP.linesep, max_line_length=900)


def letter(
    message: Message, address: str, *, list_name: str, leave: str = "", reply_to: str = ""
) -> EmailMessage:
    """The e-mail. Its Message-ID is made of the delivery and the address, so a repeat can be recognised.

    ``leave`` is where one POST takes the address off the list (RFC 8058). Raises ValueError for an address no
    header can carry.
    """
    mail = EmailMessage(policy=_POLICY)
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    mail["From"] = Address(collapse(sender[0]), addr_spec=sender[1])
    mail["To"] = Address(addr_spec=address)
    mail["Subject"] = _subject(message)
    mail["Message-ID"] = f"<{key_of(message, address)}@{sender[1].rpartition('@')[2] or _HOST}>"
    mail["List-Id"] = f"<{list_name}.{_HOST}>"
    mail["Auto-Submitted"] = "auto-generated"
    answer = reply_to or sender[1]
    mail["Reply-To"] = Address(addr_spec=answer)
    by_mail = f"<mailto:{answer}?subject=unsubscribe%20{list_name}>"
    mail["List-Unsubscribe"] = f"<{leave}>, {by_mail}" if leave else by_mail
    if leave:
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text, charset="utf-8", cte="base64")
    return mail


def key_of(message: Message, address: str) -> str:
    """What tells this e-mail from every other."""
    digest = hashlib.sha256(f"{message.delivery_id}\n{address}".encode()).hexdigest()
    return f"{message.reference}.{digest[:24]}"


def _subject(message: Message) -> str:
    prefix = {
        Event.CORRECTION: _("Correction: %s"),
        Event.WITHDRAWAL: _("Withdrawn: %s"),
    }.get(message.event, "%s")
    return collapse(prefix % message.title)[:200]
