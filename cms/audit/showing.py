"""An entry in words: what the rows of the trail mean to a person."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.audit import actions, values
from cms.audit.models import Entry, Way

_FIELDS: Final[dict[str, Promise]] = {
    "groups": gettext_lazy("roles"),
    "user_permissions": gettext_lazy("own rights"),
    "permissions": gettext_lazy("rights"),
    "page_and_collection_rights": gettext_lazy("rights on pages and collections"),
    "sealed_secrets": gettext_lazy("access to the account"),
    "link_version": gettext_lazy("version of the link"),
    "options": gettext_lazy("settings of the channel"),
    "granted_by": gettext_lazy("given by"),
    "granted_at": gettext_lazy("given at"),
    "confirmed_by": gettext_lazy("confirmed by"),
    "ended_by": gettext_lazy("ended by"),
    "ended_at": gettext_lazy("ended at"),
    "requested_by": gettext_lazy("asked for by"),
    "requested_at": gettext_lazy("asked for at"),
    "expires_at": gettext_lazy("good until"),
    "decided_by": gettext_lazy("decided by"),
    "decided_at": gettext_lazy("decided at"),
    "moved": gettext_lazy("what moved along"),
    "recorded_by": gettext_lazy("recorded by"),
}
_DETAILS: Final[dict[str, Promise]] = {
    "reason": gettext_lazy("Reason"),
    "reference": gettext_lazy("Reference of the release"),
    "seal": gettext_lazy("Seal"),
    "revision": gettext_lazy("Version"),
    "comment": gettext_lazy("Comment"),
    "channel": gettext_lazy("Channel"),
    "delivery": gettext_lazy("Delivery"),
    "count": gettext_lazy("Number"),
    "workflow": gettext_lazy("Workflow"),
    "addresses_added": gettext_lazy("E-mail addresses added"),
    "addresses_off": gettext_lazy("E-mail addresses taken off"),
    "format": gettext_lazy("Format"),
    "filter": gettext_lazy("Filter"),
    "known": gettext_lazy("There is such an account"),
    "known_until": gettext_lazy("The chain went on to number"),
    "known_hash": gettext_lazy("Its last hash"),
    "chain_ends_at": gettext_lazy("The chain ended at number"),
    "from": gettext_lazy("From"),
    "to": gettext_lazy("To"),
    "title": gettext_lazy("Title"),
    "task": gettext_lazy("Task"),
    "next": gettext_lazy("Next step"),
    "status": gettext_lazy("Status"),
    "page": gettext_lazy("Page"),
    "source": gettext_lazy("Comes from"),
    "destination": gettext_lazy("Goes to"),
    "on_behalf_of": gettext_lazy("On behalf of"),
    "until": gettext_lazy("Until"),
    "remark": gettext_lazy("Remark"),
    "outcome": gettext_lazy("Result"),
    "unit": gettext_lazy("Unit"),
    "role": gettext_lazy("Role"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field, as it was and as it is; an empty text where there was nothing."""

    name: str
    before: str
    after: str


def action(entry: Entry) -> str:
    """What was done."""
    return actions.label(entry.action)


def who(entry: Entry) -> str:
    """Who did it; the system where nobody was signed in."""
    if entry.actor:
        return entry.actor
    return _("Nobody signed in") if entry.way == Way.WEB else _("The system")


def kind(object_type: str) -> str:
    """The kind of object in words."""
    model = _model(object_type)
    return capfirst(str(model._meta.verbose_name)) if model is not None else object_type


def changes(entry: Entry) -> list[Change]:
    """Every changed field."""
    model = _model(entry.object_type)
    return [
        Change(_field_name(model, name), _side(model, name, was), _side(model, name, is_now))
        for name, (was, is_now) in _loaded(entry.changes).items()
    ]


def details(entry: Entry) -> list[tuple[str, str]]:
    """What else belongs to the act, name and text."""
    return list(_details(_loaded(entry.details)))


def summary(entry: Entry) -> str:
    """Changed fields and the reason, on one line."""
    parts = [", ".join(change.name for change in changes(entry))]
    more = _loaded(entry.details)
    parts += [_text(more[name]) for name in ("reason", "comment", "reference") if more.get(name)]
    return " · ".join(part for part in parts if part)


def _loaded(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        # Somebody altered the row; verifying says so, the page still shows the rest.
        return {}
    return found if isinstance(found, dict) else {}


def _details(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in found.items():
        words = str(_DETAILS[name]) if name in _DETAILS else name
        if isinstance(value, dict) and "title" in value:
            # Wagtail's own record of a workflow, a task, a page: its name says it; numbers are for machines.
            yield words, _text(value["title"])
            yield from _details({key: inner for key, inner in value.items() if isinstance(inner, dict)})
        elif value not in (None, "", [], {}):
            yield words, _text(value)


def _model(object_type: str) -> type[models.Model] | None:
    try:
        return apps.get_model(object_type)
    except (LookupError, ValueError):
        return None


def _field(model: type[models.Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model is not None else None
    except FieldDoesNotExist:
        return None


def _field_name(model: type[models.Model] | None, name: str) -> str:
    if name in _FIELDS:
        return capfirst(str(_FIELDS[name]))
    field = _field(model, name)
    return capfirst(str(getattr(field, "verbose_name", name)))


def _side(model: type[models.Model] | None, name: str, value: Any) -> str:
    field = _field(model, name)
    if isinstance(value, (str, int)) and not isinstance(value, bool) and getattr(field, "choices", None):
        return str(dict(field.flatchoices).get(value, value))
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return _structured(value)
    if isinstance(value, list):
        return "\n".join(_text(one) for one in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value)


def _structured(value: dict[str, Any]) -> str:
    if value == values.SECRET:
        return _("(secret, never shown)")
    if "sha256" in value:
        return _("%(text)s… (%(length)d characters, SHA-256 %(hash)s)") % {
            "text": value.get("text", ""),
            "length": value.get("length", 0),
            "hash": value["sha256"],
        }
    return "\n".join(f"{name}: {_text(inner)}" for name, inner in value.items())
