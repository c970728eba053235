"""The demo's mailbox: every e-mail becomes a file, and one line in the log says so."""

import logging
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend

log = logging.getLogger(__name__)


class MailboxBackend(EmailBackend):
    """Write messages below EMAIL_FILE_PATH, one file a message."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Number of messages written."""
        for message in email_messages:
            self._fname = None  # one file a message, also when a connection is kept open
            # Citizens subscribe too: whose address it is stands in the file, not in the log.
            hosts = ", ".join(f"…@{address.rpartition('@')[2]}" for address in message.to)
            log.info("E-mail to %s: %s", hosts, message.subject)
            super().send_messages([message])
        return len(email_messages)
