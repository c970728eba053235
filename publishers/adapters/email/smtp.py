"""One SMTP conversation, with an exact word for how each message ended."""

import smtplib
import ssl
from email.message import EmailMessage
from enum import StrEnum
from typing import Final

from django.conf import settings

from cms.core import practice

_TROUBLE: Final = (OSError, smtplib.SMTPException)


class Ending(StrEnum):
    """What is known of one message."""

    SENT = "sent"
    REFUSED = "refused"
    AGAIN = "again"
    """Surely not taken."""
    UNKNOWN = "unknown"
    """Its text had left when the connection broke."""


class NoConnection(Exception):
    """The mail server could not be reached or does not let us in; ``permanent`` when a person must act."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


class MailServer:
    """A connection to settings.EMAIL_HOST."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._smtp: smtplib.SMTP | None = None

    def close(self) -> None:
        """End the conversation."""
        self._drop(politely=True)

    @property
    def is_open(self) -> bool:
        """Whether the conversation still goes on."""
        return self._smtp is not None

    def hand_over(self, mail: EmailMessage, address: str) -> tuple[Ending, str]:
        """Send one message to one address; how it ended, and what the server said (never our own words)."""
        smtp = self._smtp
        if smtp is None:
            return Ending.AGAIN, ""
        try:
            code, words = smtp.mail(str(mail["From"].addresses[0].addr_spec))
            if code == 250:
                code, words = smtp.rcpt(address)
            if code not in (250, 251):
                smtp.rset()
                return _refusal(code), _said(code, words)
        except _TROUBLE as error:
            self._drop()
            return Ending.AGAIN, type(error).__name__
        return self._text(smtp, mail)

    def _text(self, smtp: smtplib.SMTP, mail: EmailMessage) -> tuple[Ending, str]:
        """The step after which the message may have been taken, whatever happens to the connection."""
        try:
            code, words = smtp.data(mail.as_bytes())
        except smtplib.SMTPDataError as error:
            # Refused at the DATA command itself: the text never left.
            return _refusal(error.smtp_code), _said(error.smtp_code, error.smtp_error)
        except _TROUBLE as error:
            self._drop()
            return Ending.UNKNOWN, type(error).__name__
        return (Ending.SENT, "") if code == 250 else (_refusal(code), _said(code, words))

    def connect(self) -> None:
        """Open it and sign in. Raises NoConnection; in practice for every server but the sandbox's."""
        if not practice.reaches_mail(settings.EMAIL_HOST, settings.EMAIL_PORT):
            raise NoConnection("practice", permanent=True)
        kind = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
        try:
            self._smtp = kind(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=self._timeout)
            if settings.EMAIL_USE_TLS:
                self._smtp.starttls(context=ssl.create_default_context())
            if settings.EMAIL_HOST_USER:
                self._smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
            self._smtp.ehlo_or_helo_if_needed()
        except smtplib.SMTPAuthenticationError:
            failure = NoConnection("smtp_login", permanent=True)
        except _TROUBLE as error:
            failure = NoConnection(type(error).__name__, permanent=False)
        else:
            return
        self._drop()
        # Raised outside the handlers: the original may quote what was sent to log in.
        raise failure

    def _drop(self, *, politely: bool = False) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            if politely:
                smtp.quit()
        except _TROUBLE:
            return
        finally:
            smtp.close()


def _refusal(code: int) -> Ending:
    return Ending.REFUSED if 500 <= code < 600 else Ending.AGAIN


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:200]
