"""What an approval would send: every payload exactly as it will leave, and one seal over all of it.

Composing is a pure function of the revision, the channels and the agency's data: composing again gives the
same bytes and the same seal, until somebody changes something.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail.models import Revision

from publishers import registry
from publishers.models import Channel, Delivery, Payload
from publishers.states import State
from scam_warnings.composing import snapshot_of
from scam_warnings.gates import require_complete
from scam_warnings.models import ScamWarningPage
from scam_warnings.references import release_reference
from scam_warnings.snapshot import Picture, Snapshot, canonical_hash

PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class DraftPayload:
    """What one channel would get."""

    channel: Channel
    title: str
    text: str
    link: str
    images: tuple[dict[str, Any], ...]
    data: Mapping[str, Any]
    hash: str
    problem: str = ""
    """Why this channel cannot take it, in words for the editor; empty when it can."""
    notice: str = ""
    """What an approver should know about the channel; it does not stand in the way of the others."""


@dataclass(frozen=True, slots=True)
class DraftRelease:
    """What signing this revision now would release."""

    page: ScamWarningPage
    revision: Revision
    number: int
    reference: str
    snapshot: Snapshot
    payloads: tuple[DraftPayload, ...]
    kept: tuple[Channel, ...]
    """Chosen channels that already carry a post of this warning: it stays, nothing is posted twice."""
    seal: str
    gaps: tuple[str, ...] = ()
    """What the warning itself lacks."""

    @property
    def problems(self) -> list[str]:
        """Everything that stands in the way of signing."""
        found = list(self.gaps)
        found += [f"{payload.channel}: {payload.problem}" for payload in self.payloads if payload.problem]
        if not any(payload.channel.kind == PORTAL for payload in self.payloads):
            found.append(
                _("The public portal is not set up as a channel, so the warning would have no address.")
            )
        return found


def payload_hash(
    *,
    title: str,
    text: str,
    link: str,
    images: list[dict[str, Any]],
    data: Mapping[str, Any],
    channel_kind: str,
    remote_id: str,
    reference: str,
) -> str:
    """SHA-256 hex over everything that decides what appears where."""
    return canonical_hash(
        {
            "title": title,
            "text": text,
            "link": link,
            "images": list(images),
            "data": dict(data),
            "kind": channel_kind,
            "destination": remote_id,
            "reference": reference,
        }
    )


def sealed_payload_hash(payload: Payload) -> str:
    """``payload_hash`` of a stored payload, computed from its columns as they are now."""
    return payload_hash(
        title=payload.title,
        text=payload.text,
        link=payload.link,
        images=payload.images,
        data=payload.data,
        channel_kind=payload.channel.kind,
        remote_id=payload.channel.remote_id,
        reference=payload.release.reference,
    )


def draft_release(page: ScamWarningPage, revision: Revision) -> DraftRelease:
    """Compose what signing ``revision`` of ``page`` would release now. Writes only sealed pictures.

    What the public gets is in the site's language, whatever language the signed-in person works in.
    """
    with override(settings.LANGUAGE_CODE):
        return _draft_release(page, revision)


def _draft_release(page: ScamWarningPage, revision: Revision) -> DraftRelease:
    content: ScamWarningPage = revision.as_object()
    number = page.releases.count() + 1
    reference = release_reference(page.code or "", number)
    snapshot = snapshot_of(content, reference=reference)
    chosen = list(content.channels.filter(is_active=True))
    channels = [
        *Channel.objects.filter(kind=PORTAL, is_active=True),
        *(c for c in chosen if c.kind != PORTAL),
    ]
    carrying = set(
        Delivery.objects.filter(release__page=page)
        .exclude(state__in=[State.CANCELLED, State.FAILED, State.WITHDRAWN])
        .values_list("channel_id", flat=True)
    )
    kept = tuple(c for c in channels if c.pk in carrying and not registry.capabilities(c.kind).repeatable)
    payloads = tuple(
        _payload(channel, snapshot, page=page, revision=revision, number=number)
        for channel in channels
        if channel not in kept
    )
    seal = canonical_hash(
        {
            "reference": reference,
            "revision": revision.pk,
            "content": revision.content,
            "snapshot": snapshot.to_json(),
            "payloads": [payload.hash for payload in payloads],
            "kept": [channel.pk for channel in kept],
        }
    )
    return DraftRelease(content, revision, number, reference, snapshot, payloads, kept, seal, _gaps(content))


def _gaps(content: ScamWarningPage) -> tuple[str, ...]:
    try:
        require_complete(content)
    except ValidationError as error:
        return tuple(
            f"{content._meta.get_field(name).verbose_name}: {' '.join(texts)}"
            for name, texts in error.message_dict.items()
            if name != "__all__"
        ) or tuple(error.messages)
    return ()


def _payload(
    channel: Channel, snapshot: Snapshot, *, page: ScamWarningPage, revision: Revision, number: int
) -> DraftPayload:
    kind = registry.KINDS[channel.kind]
    able = registry.capabilities(channel.kind)
    data: dict[str, Any] = {}
    if kind.text_form:
        text = snapshot.texts[kind.text_form]
        pictures = [snapshot.card_square] if able.images and snapshot.card_square else []
        link = snapshot.short_url
    else:
        text = ""
        pictures = [p for p in (snapshot.image, snapshot.card_wide, snapshot.card_square) if p]
        link = snapshot.url
        data = {
            "snapshot": snapshot.to_json(),
            "page_id": page.pk,
            "revision_id": revision.pk,
            "revision_hash": canonical_hash(revision.content),
            "number": number,
        }
    images = [_image(picture) for picture in pictures]
    problem = notice = ""
    if channel.paused_reason:
        notice = _("The channel is paused and gets this when it works again: %s") % channel.paused_reason
    if able.measure(text) > able.max_length:
        problem = _("The text has %(length)d characters; this channel takes at most %(limit)d.") % {
            "length": able.measure(text),
            "limit": able.max_length,
        }
    return DraftPayload(
        channel=channel,
        title=snapshot.title,
        text=text,
        link=link,
        images=tuple(images),
        data=data,
        hash=payload_hash(
            title=snapshot.title,
            text=text,
            link=link,
            images=images,
            data=data,
            channel_kind=channel.kind,
            remote_id=channel.remote_id,
            reference=snapshot.reference,
        ),
        problem=problem,
        notice=notice,
    )


def _image(picture: Picture) -> dict[str, Any]:
    return {
        "sha256": picture.sha256,
        "mime": picture.mime,
        "width": picture.width,
        "height": picture.height,
        "alt": picture.alt,
    }
