"""What staff do with a tip, each with its entry in the audit log. The log never holds what a citizen wrote."""

from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cms.audit.recording import record
from cms.core import sealing
from cms.core.text import nfc
from cms.tips.models import Note, Picture, State, Tip
from cms.users import memberships
from cms.users.models import Unit
from cms.users.roles import Role
from scam_warnings.taxonomy import ScamType

REASONED: Final = (State.NOT_RELEVANT, State.PASSED)
"""States that need a reason: why it is put aside, or to whom it was passed."""
LONGEST_REASON: Final = 300
LONGEST_NOTE: Final = 2000
WORKERS: Final = (Role.EDITOR, Role.APPROVER)
"""Who may have a tip to look after."""


def set_state(tip: Tip, state: State, reason: str, by: Any, now: datetime) -> None:
    """Say how far a tip is. Raises ValidationError where a reason is missing or too long."""
    reason = " ".join(nfc(reason).split())
    if state in REASONED and not reason:
        raise ValidationError({"reason": _("Say why in a few words; for the police, which unit took it.")})
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": _("At most %d characters.") % LONGEST_REASON})
    with transaction.atomic():
        row = Tip.objects.select_for_update().get(pk=tip.pk)
        before = State(row.state)
        row.state, row.reason, row.state_at = state, reason, now
        row.save(update_fields=["state", "reason", "state_at"])
        changes = {"state": (str(before.label), str(state.label))}
        record("keng.tip_state", row, user=by, changes=changes)


def sort(tip: Tip, *, scam_type: ScamType | None, unit: Unit | None, to: Any, by: Any) -> None:
    """Put a tip to another type, unit or person. Raises ValidationError for a person who does not work there."""
    if to is not None and not workers(unit).filter(pk=to.pk).exists():
        raise ValidationError({"to": _("This person does not work on tips of that unit.")})
    with transaction.atomic():
        row = Tip.objects.select_for_update().get(pk=tip.pk)
        wanted = {"scam_type": scam_type, "unit": unit, "assigned_to": to}
        changes = {
            name: (str(getattr(row, name) or ""), str(value or ""))
            for name, value in wanted.items()
            if getattr(row, name) != value
        }
        if not changes:
            return
        for name, value in wanted.items():
            setattr(row, name, value)
        row.save(update_fields=list(wanted))
        record("keng.tip_sorted", row, user=by, changes=changes)


def workers(unit: Unit | None) -> Any:
    """The people who may look after tips of ``unit``, by name."""
    people = memberships.people_over(unit.pk if unit is not None else None, *WORKERS)
    return people.order_by("last_name", "first_name", "username")


def note(tip: Tip, text: str, by: Any, now: datetime) -> None:
    """Write something down about a tip, for colleagues. Raises ValidationError when it is empty or too long."""
    text = nfc(text).strip()
    if not text:
        raise ValidationError({"text": _("Write the note first.")})
    if len(text) > LONGEST_NOTE:
        raise ValidationError({"text": _("At most %d characters.") % LONGEST_NOTE})
    with transaction.atomic():
        Note.objects.create(tip=tip, author=by, at=now, sealed=sealing.seal(text))
        record("keng.tip_note", tip, user=by)


def contact_seen(tip: Tip, by: Any) -> None:
    """Put on record that ``by`` looks at how to reach the citizen, before they do."""
    record("keng.tip_contact_seen", tip, user=by)


def picture_seen(picture: Picture, by: Any) -> None:
    """Put on record that ``by`` looks at a picture, before they do."""
    record("keng.tip_picture_seen", picture.tip, user=by)


def drop_picture(picture: Picture, by: Any) -> None:
    """Erase a picture at once: it shows somebody's papers, or has nothing to do with it."""
    with transaction.atomic():
        record("keng.tip_picture_erased", picture.tip, user=by)
        picture.delete()
