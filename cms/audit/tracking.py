"""Changes of chosen models, recorded with what was before and what is now.

Follows saves, deletions and many-to-many changes wherever they come from: a page, a command, a shell. A bulk update
or bulk creation sends no signal; whoever lets a person do one records it (recording.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from django.db import models, router, transaction
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save

from cms.audit import values
from cms.audit.actions import Action
from cms.audit.recording import record, recorded

Changes = dict[str, tuple[Any, Any]]
_BEFORE: Final = "_audit_before"


@dataclass(frozen=True, slots=True)
class Tracked:
    """What of a model is followed."""

    fields: tuple[models.Field[Any, Any], ...]
    creation: bool
    deletion: bool


_tracked: dict[type[models.Model], Tracked] = {}


def track(
    model: type[models.Model],
    *,
    ignore: Iterable[str] = (),
    many: Iterable[str] = (),
    creation: bool = True,
    deletion: bool = True,
) -> None:
    """Record every creation, change and deletion of ``model``; called in an app's ``ready()``.

    ``ignore`` names fields that machines move (a time of the last check); ``many`` names many-to-many fields to
    follow. Fields whose name speaks of a secret are recorded as changed, never with a value. Costs one reading
    and one writing statement for each save that changes something, besides the names behind changed keys.
    """
    if model in _tracked:
        return
    left_out = {*ignore, model._meta.pk.name}
    fields = tuple(f for f in model._meta.concrete_fields if f.name not in left_out and not f.primary_key)
    _tracked[model] = Tracked(fields, creation, deletion)
    in_one_transaction(model)
    name = f"audit-{model._meta.label_lower}"
    pre_save.connect(_remember, sender=model, dispatch_uid=f"{name}-before")
    post_save.connect(_saved, sender=model, dispatch_uid=f"{name}-after")
    pre_delete.connect(_deleted, sender=model, dispatch_uid=f"{name}-delete")
    for field in many:
        through = getattr(model, field).through
        m2m_changed.connect(_related, sender=through, dispatch_uid=f"{name}-{field}", weak=False)
        _relations[through] = (model, field)


_relations: dict[Any, tuple[type[models.Model], str]] = {}


def records_deletion(model: type[models.Model] | None) -> bool:
    """Whether deleting an instance of ``model`` leaves an entry by itself."""
    tracked = _tracked.get(model) if model is not None else None
    return tracked is not None and tracked.deletion


def in_one_transaction(model: type[models.Model]) -> None:
    """Make a save of ``model`` and its entry one transaction where the caller has opened none."""
    original: Any = model.save_base

    @wraps(original)
    def save_base(self: models.Model, *args: Any, **kwargs: Any) -> None:
        using = kwargs.get("using") or router.db_for_write(type(self), instance=self)
        with transaction.atomic(using=using, savepoint=False):
            original(self, *args, **kwargs)

    model.save_base = save_base  # type: ignore[method-assign]


def labels(field: models.Field[Any, Any], keys: Iterable[Any]) -> dict[Any, str]:
    """The names behind the keys of a relation, with the keys: a name alone may be another's tomorrow."""
    related = field.related_model
    wanted = {key for key in keys if key not in (None, "")}
    if not wanted or not isinstance(related, type):
        return {}
    target = getattr(field, "target_field", None)
    name = target.attname if target is not None else "pk"
    rows = related._base_manager.filter(**{f"{name}__in": wanted})
    return {getattr(row, name): values.storable(f"{row} (#{row.pk})")[:300] for row in rows}


def _remember(sender: Any, instance: models.Model, raw: bool, update_fields: Any, **kwargs: Any) -> None:
    """Read what is stored, unless nothing that is followed can change."""
    before: dict[str, Any] | None = None
    if not raw and not instance._state.adding:
        names = [f.attname for f in _tracked[sender].fields if _may_change(f, update_fields)]
        if names:
            before = sender._base_manager.filter(pk=instance.pk).values(*names).first()
    setattr(instance, _BEFORE, before)


def _may_change(field: models.Field[Any, Any], update_fields: Any) -> bool:
    return update_fields is None or field.name in update_fields or field.attname in update_fields


def _saved(sender: Any, instance: models.Model, created: bool, raw: bool, **kwargs: Any) -> None:
    before = instance.__dict__.pop(_BEFORE, None)
    if raw:
        return
    if created:
        if _tracked[sender].creation:
            record(Action.CREATE, instance, changes=_whole(instance, created=True))
            recorded(instance)
        return
    changes = _difference(instance, before or {})
    if changes:
        record(Action.CHANGE, instance, changes=changes)
        recorded(instance)


def _deleted(sender: Any, instance: models.Model, **kwargs: Any) -> None:
    if _tracked[sender].deletion:
        record(Action.DELETE, instance, changes=_whole(instance, created=False))
        recorded(instance)


def _whole(instance: models.Model, *, created: bool) -> Changes:
    """Every filled field, from nothing or to nothing."""
    found: Changes = {}
    for field in _tracked[type(instance)].fields:
        value = field.value_from_object(instance)
        if value in (None, "", [], {}):
            continue
        shown = _shown(field, value, _cached(instance, field))
        found[field.name] = (None, shown) if created else (shown, None)
    return found


def _difference(instance: models.Model, before: dict[str, Any]) -> Changes:
    found: Changes = {}
    for field in _tracked[type(instance)].fields:
        if field.attname not in before:
            continue
        was, is_now = before[field.attname], _stored(field, instance)
        if was == is_now:
            continue
        names = labels(field, (was, is_now)) if field.is_relation else {}
        found[field.name] = (_shown(field, was, names), _shown(field, is_now, names))
    return found


def _stored(field: models.Field[Any, Any], instance: models.Model) -> Any:
    """The value as reading it back would give it: a form may have left a text where a number belongs."""
    value = getattr(instance, field.attname)
    if hasattr(value, "resolve_expression"):
        return (
            type(instance)._base_manager.filter(pk=instance.pk).values_list(field.attname, flat=True).first()
        )
    try:
        return field.to_python(value) if not field.is_relation else value
    except (ValueError, TypeError):
        return value


def _cached(instance: models.Model, field: models.Field[Any, Any]) -> dict[Any, str]:
    if not field.is_relation or not field.is_cached(instance):  # type: ignore[attr-defined]
        return {}
    related = getattr(instance, field.name)
    return {} if related is None else {getattr(instance, field.attname): f"{related} (#{related.pk})"}


def _shown(field: models.Field[Any, Any], value: Any, names: dict[Any, str]) -> Any:
    if values.is_secret(field.name):
        return None if value in (None, "") else values.SECRET
    if field.is_relation and value is not None:
        return names.get(value, f"#{value}")
    return values.plain(value)


def _related(
    sender: Any, instance: models.Model, action: str, reverse: bool, pk_set: Any, **kwargs: Any
) -> None:
    model, name = _relations[sender]
    other: type[models.Model] = kwargs["model"]
    if action == "pre_clear":
        field: Any = model._meta.get_field(name)
        accessor: str = field.remote_field.get_accessor_name() if reverse else name
        pk_set = set(getattr(instance, accessor).values_list("pk", flat=True))
    elif action not in ("post_add", "post_remove"):
        return
    if not pk_set:
        return
    rows = list(other._base_manager.filter(pk__in=pk_set).order_by("pk"))
    owners = rows if reverse else [instance]
    members = [f"{row} (#{row.pk})" for row in ([instance] if reverse else rows)]
    gained = values.plain(members)
    for owner in owners:
        change = ([], gained) if action == "post_add" else (gained, [])
        record(Action.CHANGE, owner, changes={name: change})
        recorded(owner)
