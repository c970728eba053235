"""What a citizen wrote, sealed and unsealed here only."""

import json
from dataclasses import dataclass
from typing import Any

from cms.core import sealing
from cms.tips.models import Note, Tip


@dataclass(frozen=True, slots=True)
class Story:
    """What happened, and what the scammers used."""

    text: str
    traces: str = ""


def seal(story: Story) -> str:
    """``story``, encrypted."""
    return sealing.seal(json.dumps({"text": story.text, "traces": story.traces}, ensure_ascii=False))


def of(tip: Tip) -> Story | None:
    """What ``tip`` says; None once it is erased, or where no key of this installation opens it."""
    if not tip.sealed_story:
        return None
    try:
        values: dict[str, Any] = json.loads(sealing.unseal(tip.sealed_story))
    except sealing.Unreadable:
        return None
    return Story(str(values.get("text", "")), str(values.get("traces", "")))


def contact_of(tip: Tip) -> str:
    """How to reach the citizen; empty when they did not say, or it is erased. Whoever asks records it first."""
    return _open(tip.sealed_contact)


def note_text(note: Note) -> str:
    """What a member of staff wrote."""
    return _open(note.sealed)


def _open(sealed: str) -> str:
    try:
        return sealing.unseal(sealed) if sealed else ""
    except sealing.Unreadable:
        return ""
