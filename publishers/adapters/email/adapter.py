"""The publisher of an e-mail list: one message per address, each remembered before and after its call."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import ClassVar, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishers.adapters.base import Adapter
from publishers.adapters.content import check_text
from publishers.adapters.email.letter import letter
from publishers.adapters.email.smtp import Ending, MailServer, NoConnection
from publishers.contracts import (
    AuthExpired,
    Capabilities,
    ChannelIdentity,
    LengthUnit,
    LookupFailed,
    Message,
    OutcomeUnknown,
    Receipt,
    Recipients,
    Rejected,
    Temporary,
)

PER_CONNECTION: Final = 50
"""Messages of one conversation; then the lease is looked at again and a new one begins."""


class EmailListPublisher(Adapter):
    """Writes to every address on the channel's list through settings.EMAIL_HOST (README.md)."""

    kind: ClassVar[str] = "email"
    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=20_000,
        length_unit=LengthUnit.CODE_POINTS,
        follow_up=True,
        guarded=True,
        recipients=True,
    )

    def check(self) -> ChannelIdentity:
        """Greet the mail server. Raises Temporary or AuthExpired."""
        with self._server():
            return ChannelIdentity(self.remote_id, self.remote_id)

    def send(self, message: Message) -> Receipt:
        """Write to everybody nothing was sent to yet.

        Raises OutcomeUnknown when a connection broke after a text had left, Temporary when some are still to
        be sent: what was taken is never sent again.
        """
        check_text(message, self.capabilities)
        recipients = self.recipients
        if recipients is None:
            raise Temporary(_("The list of addresses could not be read."), code="no_recipients")
        waiting = list(recipients.pending())
        if not waiting and not recipients.count(Ending.SENT) and not recipients.count(Ending.UNKNOWN):
            raise Rejected(
                _("There is no address on this list. Add addresses to the channel, then send again."),
                code="empty_list",
            )
        for start in range(0, len(waiting), PER_CONNECTION):
            with self._server() as server:
                self.guard()
                for address in waiting[start : start + PER_CONNECTION]:
                    self._one(server, recipients, message, address)
        return self._receipt(message, recipients)

    def find(self, message: Message, since: datetime) -> Receipt | None:
        """Cannot look. Raises LookupFailed."""
        raise LookupFailed(
            _("Nobody can see from here whether an e-mail arrived. Ask a recipient."), code="no_read_back"
        )

    def _one(self, server: MailServer, recipients: Recipients, message: Message, address: str) -> None:
        if not server.is_open or not recipients.begin(address):
            return
        try:
            mail = letter(
                message,
                address,
                list_name=self.remote_id,
                leave=recipients.leaving_link(address),
                reply_to=self.options.get("reply_to", ""),
            )
        except ValueError:
            recipients.refused(address, _("This is no valid address."))
            return
        ending, said = server.hand_over(mail, address)
        if ending is Ending.SENT:
            recipients.sent(address)
        elif ending is Ending.REFUSED:
            recipients.refused(address, said)
        elif ending is Ending.AGAIN:
            recipients.again(address)
        else:
            recipients.unknown(address)

    def _receipt(self, message: Message, recipients: Recipients) -> Receipt:
        unknown = recipients.count(Ending.UNKNOWN)
        if recipients.count("pending"):
            raise Temporary(
                _("The mail server did not take every message. The system sends the others later."),
                code="some_pending",
            )
        if unknown:
            raise OutcomeUnknown(
                ngettext(
                    "Whether %(count)d address got the message is unknown: the connection broke while it was sent.",
                    "Whether %(count)d addresses got the message is unknown: the connection broke while it was sent.",
                    unknown,
                )
                % {"count": unknown},
                code="some_unknown",
            )
        sent, refused = recipients.count(Ending.SENT), recipients.count(Ending.REFUSED)
        if not sent:
            raise Rejected(
                _("The mail server refused every address of this list. Check the addresses."),
                code="all_refused",
            )
        notice = ""
        if refused:
            notice = _("%(refused)d of %(all)d addresses were refused.") % {
                "refused": refused,
                "all": refused + sent,
            }
        return Receipt(f"mail:{message.delivery_id}", published_at=timezone.now(), notice=notice)

    @contextmanager
    def _server(self) -> Iterator[MailServer]:
        """A conversation with the mail server; its failure to begin in the words of the contract."""
        server = MailServer(self.endpoint.connect_timeout + self.endpoint.read_timeout)
        failure: AuthExpired | Rejected | Temporary | None = None
        try:
            server.connect()
        except NoConnection as error:
            failure = _unreached(error)
        if failure is not None:
            raise failure
        try:
            yield server
        finally:
            server.close()


def _unreached(error: NoConnection) -> AuthExpired | Rejected | Temporary:
    if error.code == "practice":
        return Rejected(
            _("This is practice: only the sandbox's mail server is written to. Nothing was sent."),
            code=error.code,
        )
    if error.permanent:
        return AuthExpired(
            _("The mail server does not accept our name and password. Tell the system administrator."),
            code=error.code,
        )
    return Temporary(
        _("The mail server could not be reached. The system will try again by itself."), code=error.code
    )
