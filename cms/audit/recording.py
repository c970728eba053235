"""Writing one entry, in the transaction of the act itself: there is an entry exactly when there was the act."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils import timezone

from cms.audit import canonical, context, keys, linking, values
from cms.audit.models import Entry
from cms.audit.people import person
from cms.core.text import fold


def record(
    action: str,
    instance: models.Model | None = None,
    *,
    user: Any = None,
    label: str = "",
    kind: str = "",
    pk: str = "",
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    details: Mapping[str, Any] | None = None,
) -> Entry:
    """Write down that ``user`` (by default whoever is signed in) did ``action`` to ``instance``.

    ``label``, ``kind`` and ``pk`` name the object where there is no instance. ``changes`` maps a field to what it
    was and what it is, as plain values (values.py); ``details`` may hold anything, secrets in it are hidden.
    One statement; the entry is linked into the chain after the commit.
    """
    who = person(user if user is not None else context.user())
    way, place, address = context.door()
    act = context.current()
    changed = {name: list(pair) for name, pair in (changes or {}).items()}
    more = values.detail(dict(details or {}))
    name, key = keys.newest()
    entry = Entry(
        uid=uuid.uuid4(),
        at=timezone.now(),
        actor_id=who.pk,
        login=who.login,
        actor=who.name,
        unit=who.unit,
        action=action[:100],
        object_type=(kind or (instance._meta.label_lower if instance is not None else ""))[:100],
        object_id=(pk or (str(instance.pk) if instance is not None else ""))[:64],
        object_label=values.storable(label or (str(instance) if instance is not None else ""))[:300],
        address=address,
        way=way.value,
        place=values.storable(place),
        group=act.group if act is not None else None,
        changes=canonical.as_json(changed),
        details=canonical.as_json(more),
        key=name,
    )
    entry.folded = fold(
        " ".join(
            [entry.actor, entry.login, entry.unit, entry.object_label, entry.place, *_texts([changed, more])]
        )
    )[:8000]
    entry.seal = canonical.seal({**canonical.of_entry(entry), "seal": ""}, key)
    entry.save(force_insert=True)
    linking.link_after_commit()
    return entry


def recorded(instance: models.Model) -> None:
    """Note that this request's change of ``instance`` stands in the trail already."""
    act = context.current()
    if act is not None:
        act.tracked.add((instance._meta.label_lower, str(instance.pk)))


def is_recorded(kind: str, pk: str) -> bool:
    """Whether this request's change of that object stands in the trail already."""
    act = context.current()
    return act is not None and (kind, pk) in act.tracked


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [str(value)] if isinstance(value, (str, int)) and not isinstance(value, bool) else []
