"""Whatever Wagtail writes into its own history also arrives in the trail, with what changed in a page."""

import json
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.signals import post_save

from wagtail.models import ModelLogEntry, PageLogEntry, Revision
from wagtail.models.audit_log import BaseLogEntry

from cms.audit import values
from cms.audit.recording import is_recorded, record
from cms.audit.tracking import Changes, in_one_transaction, labels, records_deletion

_SAVED: Final = frozenset({"wagtail.create", "wagtail.edit"})
_WITH_CONTENT: Final = frozenset({"wagtail.create", "wagtail.edit", "wagtail.revert", "wagtail.copy"})
_TECHNICAL: Final = frozenset(
    {
        "pk", "path", "depth", "numchild", "url_path", "translation_key", "locale", "live", "draft_title",
        "has_unpublished_changes", "first_published_at", "last_published_at", "latest_revision_created_at",
        "live_revision", "latest_revision", "content_type", "locked", "locked_at", "locked_by", "alias_of",
        "wagtail_admin_comments", "comments", "owner", "expired", "contributions",
    }
)  # fmt: skip


_covered: set[str] = set()


def covered(*actions: str) -> None:
    """These acts change one row of a followed model, so that they stand in the trail with before and after already."""
    _covered.update(actions)


def connect() -> None:
    """Follow both of Wagtail's histories."""
    for model in (PageLogEntry, ModelLogEntry):
        in_one_transaction(model)
        post_save.connect(_logged, sender=model, dispatch_uid=f"audit-{model._meta.label_lower}")


def _logged(sender: Any, instance: BaseLogEntry, created: bool, raw: bool, **kwargs: Any) -> None:
    if not created or raw or instance.action in _covered:
        return
    pk = str(instance.page_id if isinstance(instance, PageLogEntry) else instance.object_id)
    kind, model = "", None
    if instance.content_type is not None:
        kind = f"{instance.content_type.app_label}.{instance.content_type.model}"
        model = instance.content_type.model_class()
    # With before and after it stands there already, or will in a moment: Wagtail tells of a deletion before it.
    if instance.action in _SAVED and is_recorded(kind, pk):
        return
    if instance.action == "wagtail.delete" and records_deletion(model):
        return
    details = dict(instance.data or {})
    if instance.revision_id:
        details["revision"] = instance.revision_id
    record(
        instance.action,
        user=instance.user,
        label=instance.label,
        kind=kind,
        pk=pk,
        changes=_content(instance),
        details=details,
    )


def _content(entry: BaseLogEntry) -> Changes:
    """What a revision changed against the one before."""
    if entry.action not in _WITH_CONTENT or not entry.revision_id or entry.revision is None:
        return {}
    now = entry.revision
    earlier = Revision.objects.filter(
        content_type_id=now.content_type_id, object_id=now.object_id, pk__lt=now.pk
    )
    before = earlier.order_by("-pk").values_list("content", flat=True).first() or {}
    # A revision in memory holds its times as such; a stored one holds text.
    after = json.loads(json.dumps(now.content, default=str))
    model = entry.content_type.model_class() if entry.content_type else None
    found: Changes = {}
    for name in sorted({*before, *after} - _TECHNICAL):
        was, is_now = before.get(name), after.get(name)
        was, is_now = values.blocks(was), values.blocks(is_now)
        if was == is_now or (not was and not is_now):
            continue
        pair = _pair(model, name, was, is_now)
        if pair[0] != pair[1]:
            found[name] = pair
    return found


def _pair(model: Any, name: str, was: Any, is_now: Any) -> tuple[Any, Any]:
    if values.is_secret(name):
        return (values.SECRET if was else None, values.SECRET if is_now else None)
    field = _field(model, name)
    if field is not None and field.is_relation and (field.many_to_one or field.many_to_many):
        keys = [key for side in (was, is_now) for key in (side if isinstance(side, list) else [side])]
        names = labels(field, (key for key in keys if isinstance(key, (int, str))))
        return _named(was, names), _named(is_now, names)
    return values.plain(was), values.plain(is_now)


def _named(value: Any, names: dict[Any, str]) -> Any:
    if isinstance(value, list):
        return [_named(one, names) for one in value]
    return None if value in (None, "") else values.plain(names.get(value, f"#{value}"))


def _field(model: Any, name: str) -> models.Field[Any, Any] | None:
    try:
        found = model._meta.get_field(name) if model is not None else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None
