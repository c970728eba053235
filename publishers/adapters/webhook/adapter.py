"""The publisher of a partner system: one signed POST that the receiver may get twice and takes once."""

import json
import time
from datetime import datetime
from typing import Any, ClassVar, Final

from django.utils import timezone
from django.utils.translation import gettext as _

import requests

from cms.core.outbound import ForbiddenAddress, OutboundClient
from publishers.adapters import replies
from publishers.adapters.base import Adapter
from publishers.adapters.content import check_text
from publishers.adapters.transport import never_left
from publishers.adapters.verdict import Step, verdict
from publishers.adapters.webhook import errors
from publishers.adapters.webhook.signature import signed
from publishers.contracts import (
    AuthExpired,
    Capabilities,
    ChannelIdentity,
    Event,
    LookupFailed,
    Message,
    PublishError,
    Rate,
    Receipt,
    Scope,
)

VERSION: Final = 1
EVENTS: Final = {
    Event.PUBLICATION: "warning.published",
    Event.CORRECTION: "warning.corrected",
    Event.WITHDRAWAL: "warning.withdrawn",
}
_MAX_REPLY: Final = 20_000


class WebhookPublisher(Adapter):
    """Posts the whole warning as JSON to ``options["url"]``, signed with the account's key (docs/webhook.md)."""

    kind: ClassVar[str] = "webhook"
    # The receiver takes a repeated Idempotency-Key as done already.
    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=100_000,
        images=3,
        max_image_bytes=20 * 1024 * 1024,
        edit=True,
        delete=True,
        repeatable=True,
        guarded=True,
        rates={Scope.CHANNEL: Rate(60, 60, burst=10)},
    )

    def check(self) -> ChannelIdentity:
        """Send a signed ``ping``, which the receiver answers with any 2xx."""
        self._post({"version": VERSION, "event": "ping"}, "ping", Step.CHECK)
        url = replies.address(self.options.get("url", ""))
        return ChannelIdentity(self.remote_id, self.remote_id, url=url)

    def send(self, message: Message) -> Receipt:
        """Hand ``message`` over."""
        check_text(message, self.capabilities)
        return self._deliver(message)

    def edit(self, message: Message) -> Receipt:
        """The new version, naming the one it replaces."""
        return self.send(message)

    def delete(self, message: Message) -> Receipt:
        """The withdrawal of ``message.target_id``."""
        return self._deliver(message)

    def find(self, message: Message, since: datetime) -> Receipt | None:
        """Cannot look. Raises LookupFailed."""
        raise LookupFailed(_("The partner's system cannot be read. Ask the partner."), code="no_read_back")

    def _deliver(self, message: Message) -> Receipt:
        reply = self._post(_body(message), message.delivery_id, Step.PUBLISH)
        taken = replies.identifier(reply.get("id")) or f"webhook:{message.delivery_id}"
        return Receipt(taken, replies.address(reply.get("url")), timezone.now())

    def _post(self, content: dict[str, Any], key: str, step: Step) -> dict[str, Any]:
        body = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        secrets = self.credentials.read()
        if not secrets.get("signing_key"):
            raise AuthExpired(
                _("This partner has no signing key yet. Open Channels → Accounts and make one."),
                code="no_key",
            )
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            "X-Keng-Delivery": key,
            "X-Keng-Timestamp": timestamp,
            "X-Keng-Signature": signed(body, timestamp, secrets),
        }
        client = OutboundClient(
            connect_timeout=self.endpoint.connect_timeout, read_timeout=self.endpoint.read_timeout
        )
        failure: PublishError
        if step is Step.PUBLISH:
            self.guard()
        try:
            response = client.request("POST", self.options.get("url", ""), data=body, headers=headers)
            return _accepted(response, step)
        except PublishError:
            raise
        except ForbiddenAddress:
            failure = verdict(errors.FORBIDDEN, step, code="forbidden_address")
        except Exception as error:
            # The text of a foreign exception quotes the address; only its kind goes on.
            rule = errors.UNREACHED if never_left(error) else errors.AMBIGUOUS
            failure = verdict(rule, step, code=type(error).__name__)
        finally:
            client.close()
        raise failure


def _body(message: Message) -> dict[str, Any]:
    """The same bytes at every attempt: no clock, no counter."""
    pictures = [
        {
            "sha256": image.sha256,
            "mime": image.mime,
            "width": image.width,
            "height": image.height,
            "alt": image.alt,
        }
        for image in message.images
    ]
    return {
        "version": VERSION,
        "event": EVENTS[message.event],
        "id": message.delivery_id,
        "replaces": message.target_id,
        "reference": message.reference,
        "title": message.title,
        "text": message.text,
        "link": message.link,
        "note": str(message.data.get("note", "")),
        "images": pictures,
        "warning": message.data.get("snapshot", {}),
    }


def _accepted(response: requests.Response, step: Step) -> dict[str, Any]:
    status = response.status_code
    if 200 <= status < 300 or status == errors.HAVE_IT:
        return _json(response)
    after = response.headers.get("Retry-After", "")
    wait = float(after) if after.isascii() and after.isdigit() and len(after) < 7 else None
    raise verdict(errors.rule_of(status), step, code=f"http {status}", retry_after=wait)


def _json(response: requests.Response) -> dict[str, Any]:
    if len(response.content) > _MAX_REPLY:
        return {}
    try:
        return replies.mapping(response.json())
    except (ValueError, RecursionError):
        return {}
