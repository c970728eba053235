"""What an approval would send: every payload exactly as it will leave, and one seal over all of it.

Composing is a pure function of the revision, the channels and the agency's data: composing again gives the
same bytes and the same seal, until somebody changes something.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail.models import Revision

from publishers import plans, registry, scheduling
from publishers.contracts import Event, Operation
from publishers.models import Channel, Delivery, Payload, Release
from publishers.plans import PORTAL, Plan
from scam_warnings import compose
from scam_warnings.composing import snapshot_of
from scam_warnings.gates import obstacles
from scam_warnings.models import ScamWarningPage
from scam_warnings.references import release_reference
from scam_warnings.snapshot import Picture, Snapshot, canonical_hash

__all__ = ["PORTAL", "DraftPayload", "DraftRelease", "draft_release", "draft_withdrawal"]


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
    operation: str = Operation.CREATE.value
    event: str = Event.PUBLICATION.value
    follows: Delivery | None = None
    """The earlier post it edits, deletes or follows up."""
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
    kind: str = Event.PUBLICATION.value
    note: str = ""
    """What was corrected, or why it is withdrawn, in words for the public."""
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
    channel: "Channel | _ChannelAsSigned",
    reference: str,
    plan: Plan,
) -> str:
    """SHA-256 hex over everything that decides what appears where, and what it does there."""
    sealed: dict[str, Any] = {
        "title": title,
        "text": text,
        "link": link,
        "images": list(images),
        "data": dict(data),
        "kind": channel.kind,
        "destination": channel.remote_id,
        "reference": reference,
    }
    if channel.options:
        sealed["options"] = channel.options
    if plan.operation is not Operation.CREATE or plan.event is not Event.PUBLICATION or plan.follows_id:
        sealed["does"] = [plan.operation.value, plan.event.value, plan.follows_id]
    return canonical_hash(sealed)


@dataclass(frozen=True, slots=True)
class _ChannelAsSigned:
    kind: str
    remote_id: str
    options: Mapping[str, Any]


def sealed_payload_hash(
    payload: Payload, *, follows: int | None = None, as_signed: Mapping[str, Any] | None = None
) -> str:
    """``payload_hash`` of a stored payload, computed from its columns as they are now.

    ``as_signed`` (an item of a release's circumstances) says how its channel was then; by default as it is now.
    """
    channel: Any = payload.channel
    if as_signed is not None:
        channel = _ChannelAsSigned(
            str(as_signed.get("kind")), str(as_signed.get("destination")), as_signed.get("options") or {}
        )
    return payload_hash(
        title=payload.title,
        text=payload.text,
        link=payload.link,
        images=payload.images,
        data=payload.data,
        channel=channel,
        reference=payload.release.reference,
        plan=Plan(Operation(payload.operation), Event(payload.release.kind), follows_id=follows),
    )


def draft_release(page: ScamWarningPage, revision: Revision) -> DraftRelease:
    """Compose what signing ``revision`` of ``page`` would release now. Writes only sealed pictures.

    What the public gets is in the site's language, whatever language the signed-in person works in.
    """
    with override(settings.LANGUAGE_CODE):
        return _draft_release(page, revision)


def draft_withdrawal(page: ScamWarningPage, note: str) -> DraftRelease:
    """Compose what withdrawing ``page`` would send to every channel that carries it; ``note`` is for the public.

    Raises Release.DoesNotExist when nothing of it was ever released.
    """
    with override(settings.LANGUAGE_CODE):
        return _draft_withdrawal(page, " ".join(note.split()))


def _draft_release(page: ScamWarningPage, revision: Revision) -> DraftRelease:
    content: ScamWarningPage = revision.as_object()
    number = page.releases.count() + 1
    reference = release_reference(page.code or "", number)
    snapshot = snapshot_of(content, reference=reference)
    note = _new_note(page, content)
    event = Event.CORRECTION if note else Event.PUBLICATION
    chosen = list(content.channels.filter(is_active=True, kind__in=registry.usable()))
    always = Channel.objects.filter(kind__in=plans.LOCAL, is_active=True)
    channels = [*always, *(c for c in chosen if c.kind not in plans.LOCAL)]
    planned = plans.for_release(page, channels, event)
    payloads = tuple(
        _payload(channel, snapshot, page=page, revision=revision, number=number, plan=plan, note=note)
        for channel, plan in planned.items()
    )
    kept = tuple(channel for channel in channels if channel not in planned)
    return _sealed(
        DraftRelease(
            content,
            revision,
            number,
            reference,
            snapshot,
            payloads,
            kept,
            "",
            event.value,
            note,
            _gaps(content),
        )
    )


def _draft_withdrawal(page: ScamWarningPage, note: str) -> DraftRelease:
    released = scheduling.begun(page.releases.exclude(kind=Event.WITHDRAWAL.value))
    last = released.order_by("-number").first()
    if last is None:
        raise Release.DoesNotExist
    number = page.releases.count() + 1
    reference = release_reference(page.code or "", number)
    snapshot = Snapshot.from_json(last.snapshot)
    planned = plans.for_withdrawal(page)
    payloads = tuple(
        _payload(
            channel,
            snapshot,
            page=page,
            revision=last.revision,
            number=number,
            plan=plan,
            note=note,
            reference=reference,
        )
        for channel, plan in planned.items()
    )
    gaps = () if note else (_("Say why the warning is withdrawn: the public reads it."),)
    return _sealed(
        DraftRelease(
            page,
            last.revision,
            number,
            reference,
            snapshot,
            payloads,
            (),
            "",
            Event.WITHDRAWAL.value,
            note,
            gaps,
        )
    )


def _sealed(draft: DraftRelease) -> DraftRelease:
    """``draft`` with the seal over all of it."""
    seal = canonical_hash(
        {
            "reference": draft.reference,
            "kind": draft.kind,
            "note": draft.note,
            "revision": draft.revision.pk,
            "content": draft.revision.content,
            "snapshot": draft.snapshot.to_json(),
            "payloads": [payload.hash for payload in draft.payloads],
            "kept": [channel.pk for channel in draft.kept],
        }
    )
    return replace(draft, seal=seal)


def _new_note(page: ScamWarningPage, content: ScamWarningPage) -> str:
    """The correction note, if it says something new: a note counts once."""
    note = " ".join((getattr(content, "correction_note", "") or "").split())
    # What never left needs no correction in public.
    released = scheduling.begun(page.releases.all())
    if not note or not released.exists():
        return ""
    said = released.filter(kind=Event.CORRECTION.value).order_by("-number").values_list("note", flat=True)
    return "" if said.first() == note else note


def _gaps(content: ScamWarningPage) -> tuple[str, ...]:
    return tuple(f"{gate.label}: {' '.join((gate.sentence, *gate.details))}" for gate in obstacles(content))


def _payload(
    channel: Channel,
    snapshot: Snapshot,
    *,
    page: ScamWarningPage,
    revision: Revision,
    number: int,
    plan: Plan,
    note: str,
    reference: str = "",
) -> DraftPayload:
    reference = reference or snapshot.reference
    kind = registry.kinds()[channel.kind]
    able = registry.capabilities(channel.kind)
    form = registry.text_form(channel.kind, channel.options)
    text, pictures, link = "", [], snapshot.url
    if form:
        text = _text(snapshot, form, plan, note, reference=reference, limit=able.max_length)
        withdrawn = plan.event is Event.WITHDRAWAL
        pictures = [snapshot.card_square] if able.images and snapshot.card_square and not withdrawn else []
        link = snapshot.short_url
    else:
        smaller = snapshot.image.smaller if snapshot.image else ()
        every = (snapshot.image, snapshot.card_wide, snapshot.card_square, *smaller)
        pictures = [picture for picture in every if picture][: able.images]
    data: dict[str, Any] = {}
    if kind.structured:
        data = {
            "snapshot": snapshot.to_json(),
            "page_id": page.pk,
            "revision_id": revision.pk,
            "revision_hash": canonical_hash(revision.content),
            "number": number,
        }
        if plan.event is not Event.PUBLICATION:
            data |= {"withdrawn": plan.event is Event.WITHDRAWAL, "note": note}
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
            channel=channel,
            reference=reference,
            plan=plan,
        ),
        operation=plan.operation.value,
        event=plan.event.value,
        follows=plan.follows,
        problem=problem,
        notice=notice,
    )


def _text(snapshot: Snapshot, form: str, plan: Plan, note: str, *, reference: str, limit: int) -> str:
    if plan.event is Event.WITHDRAWAL:
        text = compose.withdrawal_text(
            snapshot.title,
            note,
            code=snapshot.reference.split(".")[0],
            reference=reference,
            link=snapshot.short_url,
            limit=limit,
        )
        return compose.without_mentions(text)
    body = snapshot.texts[form]
    if plan.event is Event.CORRECTION and plan.follows is not None:
        body = compose.correction_text(body, note, reference=reference, limit=limit)
    return compose.without_mentions(body) if form == "zalo" else body


def _image(picture: Picture) -> dict[str, Any]:
    return {
        "sha256": picture.sha256,
        "mime": picture.mime,
        "width": picture.width,
        "height": picture.height,
        "alt": picture.alt,
    }
