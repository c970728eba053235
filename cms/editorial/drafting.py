"""JSON in, warning out: the shape of the seed data, also what ``manage.py warning create`` reads."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail.models import Revision

from publishers.models import Channel
from scam_warnings.models import ScamWarningPage, WarningIndexPage
from scam_warnings.taxonomy import Audience, ContentCategory, ScamType

LISTS = ("how_it_works", "warning_signs", "what_to_do", "if_you_are_a_victim")
_TEXTS = (
    "title",
    "summary",
    "sample_message",
    "details",
    "facebook_text",
    "zalo_text",
    "sms_text",
    "loudspeaker_script",
    "correction_note",
)
_KNOWN = {
    *LISTS,
    *_TEXTS,
    "key",
    "slug",
    "scam_type",
    "audience",
    "severity",
    "sources",
    "hashtags",
    "category",
    "channels",
    "valid_from",
    "expires_on",
    "published_on",
}


@transaction.atomic
def create_warning(
    data: Mapping[str, Any], author: AbstractBaseUser, *, image: Any = None
) -> tuple[ScamWarningPage, Revision]:
    """A new draft by ``author`` from ``data`` (the shape of data/warnings.json, plus ``channels``: names).

    Raises ValidationError, with the names of the fields, for anything unknown, missing or too long.
    """
    unknown = set(data) - _KNOWN
    if unknown:
        raise ValidationError({name: _("There is no such field.") for name in unknown})
    page = ScamWarningPage.create_draft(owner=author, image=image)
    write_content(page, data)
    index = WarningIndexPage.objects.get()
    if not index.permissions_for_user(author).can_add_subpage():
        raise ValidationError(_("This user may not write warnings."))
    page.full_clean(exclude=["path", "depth", "url_path", "translation_key", "locale", "content_type"])
    index.add_child(instance=page)
    return page, page.save_revision(user=author, log_action="wagtail.create")


def write_content(page: ScamWarningPage, data: Mapping[str, Any]) -> None:
    """Put ``data`` into the fields of ``page``, unsaved. Raises ValidationError for unknown taxonomy keys."""
    for name in _TEXTS:
        if name in data:
            setattr(page, name, str(data[name] or ""))
    for name in LISTS:
        if name in data:
            setattr(page, name, [("point", str(text)) for text in data[name]])
    if "sources" in data:
        page.sources = [
            ("source", {"name": row["name"], "kind": row["kind"], "url": row.get("url", "")})
            for row in data["sources"]
        ]
    if "hashtags" in data:
        tags = data["hashtags"]
        page.hashtags = tags if isinstance(tags, str) else " ".join(tags)
    if "slug" in data or "key" in data:
        page.slug = str(data.get("slug") or data["key"])
    page.severity = data.get("severity", page.severity)
    for name in ("valid_from", "expires_on"):
        if data.get(name):
            setattr(page, name, date.fromisoformat(data[name]))
    if "scam_type" in data:
        page.scam_type = _term(ScamType, data["scam_type"], "scam_type")
    page.category = _term(ContentCategory, data.get("category", "canh-bao-huong-dan"), "category")
    if "audience" in data:
        page.audiences = [_term(Audience, key, "audience") for key in data["audience"]]
    page.channels = (
        [_channel(name) for name in data["channels"]] if "channels" in data else _default_channels()
    )


def _default_channels() -> list[Channel]:
    return list(Channel.objects.filter(is_active=True, chosen_by_default=True).exclude(kind="portal"))


def _channel(name: str) -> Channel:
    channel = Channel.objects.filter(name=name, is_active=True).exclude(kind="portal").first()
    if channel is None:
        raise ValidationError({"channels": _("There is no channel in use named “%s”.") % name})
    return channel


def _term(model: Any, key: str, field: str) -> Any:
    found = model.objects.filter(key=key).first()
    if found is None:
        raise ValidationError({field: _("“%s” is not in the taxonomy.") % key})
    return found
