"""The only ways standing content moves: written, submitted, taken back, returned, approved, withdrawn.

Four eyes as for warnings: whoever wrote or submitted any part of an edition, or lent their role to the one who signs,
does not approve it. Being a superuser counts for nothing.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.audit.recording import record
from cms.core import waking
from cms.editorial.forms import DECLARATION
from cms.editorial.stages import chain
from cms.information import checks, editions
from cms.information.content import Content, compose, featured
from cms.information.models import Contribution, Edition, Featured, Item, State
from cms.users import scope
from cms.users.roles import Role

SUBMIT, APPROVE, RETURN = "keng.information.submit", "keng.information.approve", "keng.information.return"
TAKE_BACK, WITHDRAW = "keng.information.take_back", "keng.information.withdraw"


class Refused(PermissionDenied):
    """This cannot happen; the message says why and what to do."""


def may_write(user: Any) -> bool:
    """Editors of the province: the content belongs to every unit."""
    return scope.held(user, Role.EDITOR).everything


def may_decide(user: Any) -> bool:
    """Approvers of the province, and who stands in for one."""
    return chain.capacity(user, [Role.APPROVER.value], None, set()) is not None


def write(item: Item, user: Any) -> None:
    """Store ``item`` as ``user`` changed it. Raises Refused while it waits, ValidationError over an older version."""
    if not may_write(user):
        raise Refused(_("You do not have permission to edit portal content."))
    with transaction.atomic():
        if item.pk is not None:
            kept = Item.objects.select_for_update().get(pk=item.pk)
            if kept.is_locked:
                raise Refused(
                    _("The content waits for approval, so nobody can change it. Take it back first.")
                )
            if kept.version != item.version:
                raise ValidationError(
                    _("Somebody else changed this meanwhile. Open it again, then make your change.")
                )
            # A returned text stays returned, with its reason in view, until it is submitted again.
            item.state = State.RETURNED if kept.state == State.RETURNED else State.DRAFT
            item.reason, item.submitted_by_id = kept.reason, kept.submitted_by_id
        item.version += 1
        item.save()
        Contribution.objects.get_or_create(item_id=item.pk, user=user, number=_next_number(item))


def submit(item: Item, user: Any, *, seen_seal: str, not_secret: bool) -> None:
    """Send ``item`` for approval as ``seen_seal`` stands for it, declared no state secret by ``user``."""
    _require_declared(not_secret)
    with transaction.atomic():
        kept, user = _held(item, user)
        if not may_write(user):
            raise Refused(_("You do not have permission to edit portal content."))
        if kept.state in {State.WAITING, State.APPROVED}:
            raise Refused(_("There is nothing to submit: it waits already, or nothing was changed."))
        content = compose(kept)
        _require_sound(content, seen_seal)
        kept.state, kept.reason = State.WAITING, ""
        kept.submitted_by, kept.submitted_at = user, timezone.now()
        kept.save()
        record(SUBMIT, kept, user=user, details={"seal": seen_seal, "declaration": _declaration()})


def take_back(item: Item, user: Any) -> None:
    """Unlock what waits, to change it."""
    with transaction.atomic():
        kept, user = _held(item, user)
        if not may_write(user) or kept.state != State.WAITING:
            raise Refused(_("This does not wait for approval any more, or you may not take it back."))
        kept.state = State.DRAFT
        kept.save()
        record(TAKE_BACK, kept, user=user)


def give_back(item: Item, user: Any, reason: str) -> None:
    """Return what waits to its authors. Raises Refused without the right or a reason."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say what has to change, so that the author can mend it."))
    with transaction.atomic():
        kept, user = _held(item, user)
        if kept.state != State.WAITING or not may_decide(user):
            raise Refused(_("This does not wait for your decision."))
        kept.state, kept.reason = State.RETURNED, reason[:2000]
        kept.save()
        record(RETURN, kept, user=user, details={"reason": kept.reason})


def authors(item: Item) -> set[int]:
    """Ids of everybody who wrote or submitted any part of the next edition."""
    found: set[int] = set(
        Contribution.objects.filter(item_id=item.pk, number=_next_number(item)).values_list("user", flat=True)
    )
    return found | ({item.submitted_by_id} if item.submitted_by_id is not None else set())


def obstacle(item: Item, user: Any) -> str:
    """Why ``user`` cannot approve ``item``; empty when they can."""
    if item.state != State.WAITING or not may_decide(user):
        return _("This does not wait for your decision.")
    if user.pk in authors(item):
        return _("You wrote or submitted part of this, so another person decides on it.")
    if chain.capacity(user, [Role.APPROVER.value], None, authors(item)) is None:
        return _("The person you stand in for wrote or submitted this. Ask somebody else to decide.")
    return ""


def approve(item: Item, user: Any, *, seen_seal: str, not_secret: bool) -> Edition:
    """Make public exactly what ``seen_seal`` stands for, as a new edition. Raises Refused."""
    _require_declared(not_secret)
    with transaction.atomic():
        kept, user = _held(item, user)
        hindrance = obstacle(kept, user)
        if hindrance:
            raise Refused(hindrance)
        content = compose(kept)
        _require_sound(content, seen_seal)
        edition = _new_edition(kept, user, content, barred=authors(kept))
        Featured.objects.filter(item=kept).delete()
        Featured.objects.bulk_create(
            [Featured(item=kept, page_id=pk) for pk in dict.fromkeys(featured(content))]
        )
        kept.state, kept.submitted_by = State.APPROVED, None
        kept.save()
        record(APPROVE, kept, user=user, details={"seal": edition.seal, "number": edition.number})
        _renew(edition)
    return edition


def withdraw(item: Item, user: Any, *, note: str, not_secret: bool) -> Edition:
    """Take what is public back; the address stays, with a notice and ``note``. Raises Refused."""
    _require_declared(not_secret)
    note = " ".join(note.split())[:300]
    if not note:
        raise Refused(_("Say why it is withdrawn: readers see it."))
    with transaction.atomic():
        kept, user = _held(item, user)
        public = kept.edition
        if not may_decide(user) or public is None or public.withdrawn:
            raise Refused(_("There is nothing public to withdraw, or you may not withdraw it."))
        edition = _new_edition(kept, user, public.content, barred=set(), withdrawn=True, note=note)
        Featured.objects.filter(item=kept).delete()
        if kept.state == State.APPROVED:
            kept.state = State.DRAFT
            kept.save()
        # Who wrote towards the number just used wrote the draft that stays.
        Contribution.objects.filter(item=kept, number=edition.number).update(number=F("number") + 1)
        record(WITHDRAW, kept, user=user, details={"note": note, "number": edition.number})
        _renew(edition)
    return edition


def delete(item: Item, user: Any) -> None:
    """Remove a draft that never was public. Raises Refused for anything else."""
    with transaction.atomic():
        kept, user = _held(item, user)
        if not may_write(user) or kept.is_locked or kept.editions.exists():
            raise Refused(_("What was ever public, or waits for approval, is not deleted."))
        kept.specific.delete()


def _new_edition(item: Item, user: Any, content: Content, *, barred: set[int], **values: Any) -> Edition:
    capacity = chain.capacity(user, [Role.APPROVER.value], None, barred)
    if capacity is None:
        raise Refused(_("This does not wait for your decision."))
    number = _next_number(item)
    item.editions.filter(is_current=True).update(is_current=False)
    edition = Edition(
        item=item,
        number=number,
        kind=content["kind"],
        slug=content["slug"],
        content=content,
        seal=editions.seal_of(content),
        approved_by=user,
        on_behalf_of=capacity.noted.get("on_behalf_of", "")[:200],
        declaration=_declaration(),
        approved_at=timezone.now(),
        **values,
    )
    editions.sign(edition)
    edition.save(force_insert=True)
    return edition


def _held(item: Item, user: Any) -> tuple[Item, Any]:
    """Item and person as they are now, the row held until the transaction ends: two who press at once queue up."""
    return Item.objects.select_for_update().get(pk=item.pk), get_user_model().objects.get(pk=user.pk)


def _next_number(item: Item) -> int:
    latest = Edition.objects.filter(item_id=item.pk).values_list("number", flat=True).first()
    return (latest or 0) + 1


def _require_declared(not_secret: bool) -> None:
    if not not_secret:
        raise Refused(_("Confirm that the content is not a state secret first."))


def _require_sound(content: Content, seen_seal: str) -> None:
    if editions.seal_of(content) != seen_seal:
        raise Refused(_("The content was changed after you opened this page. Read it again, then decide."))
    found = checks.problems(content)
    if found:
        raise Refused(" ".join(found))


def _declaration() -> str:
    with override(settings.LANGUAGE_CODE):
        return str(DECLARATION)


def _renew(edition: Edition) -> None:
    from cms.information.tasks import renew_item

    waking.after_commit(renew_item, edition.pk, otherwise="the pages are renewed within the hour")
