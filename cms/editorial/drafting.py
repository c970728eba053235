"""JSON in, warning out: the shape of the seed data, also what ``manage.py warning create`` reads."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wagtail.models import Revision

from cms.users import memberships
from cms.users.roles import Role
from publishers.models import Channel
from scam_warnings import english, own_channels
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
    *english.TEXTS,
)
_KNOWN = {
    *LISTS,
    *english.STREAMS,
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
    "review_on",
    "indicators",
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
    home = next(iter(memberships.units_of(author, Role.EDITOR)), None)
    page = ScamWarningPage.create_draft(owner=author, image=image, unit=home)
    usable = own_channels.usable(Channel.objects.all(), author)
    write_content(page, data, usable)
    index = WarningIndexPage.objects.get()
    if not index.permissions_for_user(author).can_add_subpage():
        raise ValidationError(_("This user may not write warnings."))
    page.full_clean(exclude=["path", "depth", "url_path", "translation_key", "locale", "content_type"])
    index.add_child(instance=page)
    return page, page.save_revision(user=author, log_action="wagtail.create")


def write_content(
    page: ScamWarningPage, data: Mapping[str, Any], usable: QuerySet[Channel] | None = None
) -> None:
    """Put ``data`` into the fields of ``page``, unsaved. Raises ValidationError for unknown taxonomy keys.

    The channels are chosen among ``usable``; among all if it is not given.
    """
    usable = Channel.objects.all() if usable is None else usable
    for name in _TEXTS:
        if name in data:
            setattr(page, name, str(data[name] or ""))
    for name in (*LISTS, *english.STREAMS):
        if name in data:
            setattr(page, name, [("point", str(text)) for text in data[name]])
    if "sources" in data:
        page.sources = [
            ("source", {name: str(row.get(name) or "") for name in ("registered", "name", "kind", "url")})
            for row in data["sources"]
        ]
    if "indicators" in data:
        page.indicators = [
            ("indicator", {"kind": str(row["kind"]), "value": str(row["value"])})
            for row in data["indicators"]
        ]
    if "hashtags" in data:
        tags = data["hashtags"]
        page.hashtags = tags if isinstance(tags, str) else " ".join(tags)
    if "slug" in data or "key" in data:
        page.slug = str(data.get("slug") or data["key"])
    page.severity = data.get("severity", page.severity)
    for name in ("valid_from", "expires_on", "review_on"):
        if data.get(name):
            setattr(page, name, date.fromisoformat(data[name]))
    if "scam_type" in data:
        page.scam_type = _term(ScamType, data["scam_type"], "scam_type")
    page.category = _term(ContentCategory, data.get("category", "canh-bao-huong-dan"), "category")
    if "audience" in data:
        page.audiences = [_term(Audience, key, "audience") for key in data["audience"]]
    page.channels = (
        [_channel(name, usable) for name in data["channels"]]
        if "channels" in data
        else list(usable.filter(is_active=True, chosen_by_default=True).exclude(kind="portal"))
    )


def _channel(name: str, usable: QuerySet[Channel]) -> Channel:
    channel = usable.filter(name=name, is_active=True).exclude(kind="portal").first()
    if channel is None:
        raise ValidationError({"channels": _("There is no channel in use named “%s”.") % name})
    return channel


def _term(model: Any, key: str, field: str) -> Any:
    found = model.objects.filter(key=key).first()
    if found is None:
        raise ValidationError({field: _("“%s” is not in the taxonomy.") % key})
    return found
