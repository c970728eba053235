"""Two thousand channels on one page: equal payloads are shown once, with the names of their channels."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from publishers import registry
from publishers.contracts import Event, Mode, Operation
from publishers.models import Channel
from publishers.plans import LOCAL
from publishers.sealing import DraftPayload


@dataclass(slots=True)
class Group:
    """Channels that get the same thing done with the same words and pictures."""

    first: DraftPayload
    does: str | Promise
    channels: list[Channel] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def others(self) -> list[Channel]:
        """All but the first."""
        return self.channels[1:]


def grouped(payloads: Iterable[DraftPayload]) -> list[Group]:
    """``payloads`` by what is the same in them, in the order of their first channel."""
    groups: dict[tuple[object, ...], Group] = {}
    for payload in payloads:
        pictures = tuple(image["sha256"] for image in payload.images)
        form = registry.text_form(payload.channel.kind, payload.channel.options)
        key = (
            payload.channel.kind,
            form,
            payload.operation,
            payload.event,
            payload.text,
            payload.link,
            pictures,
        )
        group = groups.setdefault(key, Group(payload, what_happens(payload)))
        group.channels.append(payload.channel)
        if payload.problem:
            group.problems.append(f"{payload.channel}: {payload.problem}")
        if payload.notice:
            group.notices.append(f"{payload.channel}: {payload.notice}")
    return list(groups.values())


def what_happens(payload: DraftPayload) -> str | Promise:
    """What is done on the channel, in words for the approver."""
    if registry.capabilities(payload.channel.kind).mode is Mode.ASSISTED:
        return _("Given to the operator")
    if payload.operation == Operation.EDIT:
        return _("Edits the post that is out")
    if payload.operation == Operation.DELETE:
        return _("Deletes the post that is out")
    if payload.follows is not None:
        return _("Sends a further message")
    return _new_there(payload)


def _new_there(payload: DraftPayload) -> str | Promise:
    if payload.event == Event.WITHDRAWAL:
        return _("Shows the withdrawal")
    if payload.channel.kind in LOCAL and payload.data.get("number", 1) > 1:
        return _("Updates what is public")
    return _("Publishes")
