"""«Không duyệt»: what was refused for good, so that the same content cannot come back another way.

A warning that was never approved is locked with it, and nobody unlocks or deletes it: the refusal would go with it.
Its author may copy it into a new draft. A new version of a published warning stays open, because its address and
its earlier version are public: it has to be changed.
"""

import json
from typing import Any, Final

from django.conf import settings
from django.db import models

from wagtail.models import Page, Revision

from scam_warnings import english
from scam_warnings.models import ScamWarningPage
from scam_warnings.snapshot import canonical_hash

_PLAIN: Final = (
    "title",
    "summary",
    "severity",
    "scam_type",
    "category",
    "audiences",
    "details",
    "sample_message",
    "hashtags",
    "image",
    "valid_from",
    "expires_on",
    "facebook_text",
    "zalo_text",
    "sms_text",
    "loudspeaker_script",
    "correction_note",
)
_STREAMS: Final = ("how_it_works", "warning_signs", "what_to_do", "if_you_are_a_victim", "sources")


class Rejection(models.Model):
    """One final refusal: which version, by whom, why. Never changed."""

    page = models.ForeignKey(ScamWarningPage, on_delete=models.CASCADE, related_name="rejections")
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64, db_index=True)
    """Of the words and the picture, whatever page they stand on."""
    reason = models.TextField()
    rejected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rejected_at = models.DateTimeField()

    class Meta:
        ordering = ["-rejected_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["revision"], name="a_version_is_rejected_once")]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.reason[:60]}"


def fingerprint(revision: Revision) -> str:
    """SHA-256 hex of what a reader would get of ``revision``: address and channels do not count."""
    content: dict[str, Any] = revision.content
    said: dict[str, Any] = {name: content.get(name) for name in _PLAIN}
    for name in _STREAMS:
        said[name] = _blocks(content, name)
    # Only what is there: what was refused before there was an English version stays the same.
    said |= {name: content[name] for name in english.TEXTS if content.get(name)}
    said |= {name: found for name in english.STREAMS if (found := _blocks(content, name))}
    return canonical_hash(said)


def rejected_before(revision: Revision) -> Rejection | None:
    """The refusal of the same content, of this warning or of one it was copied from."""
    return Rejection.objects.filter(fingerprint=fingerprint(revision)).first()


def close(page: ScamWarningPage, now: Any) -> None:
    """Lock a warning nothing of which was ever approved: nobody edits or submits it again."""
    if not page.releases.exists():
        Page.objects.filter(pk=page.pk).update(locked=True, locked_at=now, locked_by=None)


def _blocks(content: dict[str, Any], name: str) -> list[tuple[str, Any]]:
    # A point that was typed anew has another id and says the same.
    return [(block["type"], _without_ids(block["value"])) for block in json.loads(content.get(name) or "[]")]


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_ids(item) for name, item in value.items() if name != "id"}
    return [_without_ids(item) for item in value] if isinstance(value, list) else value
