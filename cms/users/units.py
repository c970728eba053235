"""The life of a unit: the province first, then what stands below it, until it is merged into another."""

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.log_actions import log
from wagtail.models import Collection

from cms.users import memberships, requests, scope
from cms.users.enums import STANDS_UNDER, RequestState, UnitKind
from cms.users.models import Membership, RoleRequest, Unit, UnitMerge
from cms.users.refusals import Refused
from cms.users.roles import CONFIRMED_BY_TWO, Role


def province() -> Unit:
    """The unit at the top, made if there is none yet."""
    found = Unit.objects.filter(parent__isnull=True).order_by("pk").first()
    if found is None:
        found = Unit.objects.create(name=_("The whole province"), kind=UnitKind.PROVINCE)
    shelve(found)
    return found


def shelve(unit: Unit) -> Collection:
    """The collection that holds the files of ``unit``, made if it is new and named like it."""
    if unit.collection is None:
        root = Collection.get_first_root_node()
        # What lies in the root collection has always been the province's.
        unit.collection = root if unit.parent_id is None else root.add_child(name=unit.name)
        Unit.objects.filter(pk=unit.pk).update(collection=unit.collection)
    elif unit.parent_id is not None and unit.collection.name != unit.name:
        unit.collection.name = unit.name
        unit.collection.save(update_fields=["name"])
    return unit.collection


def shelve_all() -> None:
    """Every unit has its collection."""
    for unit in Unit.objects.filter(collection__isnull=True):
        shelve(unit)


def misplaced_below(unit: Unit) -> Unit | None:
    """A unit directly below that may not stand under the kind ``unit`` has now; None when all may."""
    for child in unit.children.filter(merger__isnull=True):
        if UnitKind(unit.kind) not in STANDS_UNDER[UnitKind(child.kind)]:
            return child
    return None


def merge(source: Unit, into: Unit, *, on: date, decision: str, by: Any) -> UnitMerge:
    """Hand everything ``source`` has to ``into`` and close it; releases keep the name they were signed with.

    Its people go along with their roles, but approvers and administrators are asked for anew: the successor is a
    larger place, and a second administrator confirms who decides there. Raises Refused, and then nothing moved.
    """
    decision = " ".join(decision.split())
    with transaction.atomic():
        # One merger at a time: two that cross would leave rows with a unit that is closed.
        locked = {
            unit.pk: unit for unit in Unit.objects.select_for_update().filter(pk__in=[source.pk, into.pk])
        }
        source, into = locked[source.pk], locked[into.pk]
        _require_may_merge(source, into, decision, by)
        moved = {"users.unit": _move_children(source, into)}
        for model, move in scope.movers():
            moved[model._meta.label_lower] = move(source, into)
        moved["files"] = _move_files(source, into)
        moved["users.user"] = get_user_model().objects.filter(unit=source).update(unit=into)
        moved["users.membership"] = _move_people(source, into, by)
        made = UnitMerge.objects.create(
            source=source, into=into, on=on, decision=decision, moved=moved, recorded_by=by
        )
        log(
            instance=source,
            action="keng.unit_merged",
            user=by,
            data={"into": into.name, "decision": decision, "moved": moved},
        )
    return made


def going_along(source: Unit) -> list[tuple[str, int]]:
    """What a merger would move, in words for the person who decides: label of the kind → how many."""
    counted = [
        (str(model._meta.verbose_name_plural), model._default_manager.filter(unit=source).count())
        for model, _move in scope.movers()
    ]
    people = Membership.objects.filter(unit=source, ended_at__isnull=True).count()
    below = source.children.filter(merger__isnull=True).count()
    files = 0
    if source.collection is not None:
        files = sum(
            model._default_manager.filter(collection=source.collection).count()
            for model in (get_image_model(), get_document_model())
        )
    others = [(_("roles of people"), people), (_("units below"), below), (_("images and documents"), files)]
    return [(name, count) for name, count in [*counted, *others] if count]


def _require_may_merge(source: Unit, into: Unit, decision: str, by: Any) -> None:
    if source.pk == into.pk:
        raise Refused(_("Choose another unit: a unit cannot be merged into itself."))
    if source.parent_id is None:
        raise Refused(_("The province cannot be merged into another unit."))
    for unit in (source, into):
        if UnitMerge.objects.filter(source=unit).exists():
            raise Refused(_("“%s” was merged into another unit already.") % unit)
        if not memberships.may_manage(by, unit):
            raise Refused(_("You do not manage “%s”. Ask an administrator of the unit above.") % unit)
    if into.path.startswith(source.path):
        raise Refused(_("“%s” stands below the unit to be merged. Move it first.") % into)
    if not decision:
        raise Refused(_("Enter the number of the decision on the merger."))
    for child in source.children.filter(merger__isnull=True):
        if UnitKind(into.kind) not in STANDS_UNDER[UnitKind(child.kind)]:
            raise Refused(
                _("“%(child)s” cannot stand under “%(into)s”. Move it first.")
                % {"child": child, "into": into}
            )


def _move_children(source: Unit, into: Unit) -> int:
    children = list(source.children.filter(merger__isnull=True))
    for child in children:
        child.parent = into
        child.save()
    return len(children)


def _move_files(source: Unit, into: Unit) -> int:
    if source.collection is None:
        return 0
    shelf = shelve(into)
    return sum(
        model._default_manager.filter(collection=source.collection).update(collection=shelf)
        for model in (get_image_model(), get_document_model())
    )


def _holds_it(user: Any, role: str, unit: Unit) -> bool:
    """By themselves: what others lent them ends with the merger or later."""
    above = [int(part) for part in unit.path.split("/") if part]
    held = Membership.objects.filter(user=user, role=role, unit__in=above, ended_at__isnull=True)
    return held.exists()


def _move_people(source: Unit, into: Unit, by: Any) -> int:
    for request in RoleRequest.objects.filter(unit=source, state=RequestState.WAITING):
        request.state, request.note = RequestState.REFUSED, _("The unit was merged into “%s”.") % into
        request.save(update_fields=["state", "note"])
    held = Membership.objects.filter(unit=source, ended_at__isnull=True).select_related("user", "unit")
    count = 0
    for membership in held:
        count += 1
        memberships.end(membership, by=by)
        role, user = Role(membership.role), membership.user
        if user.pk == by.pk or _holds_it(user, role, into):
            continue
        if role not in CONFIRMED_BY_TWO:
            memberships.record(user, role, into, by=by)
        elif user.is_active:
            requests.ask(user, role, into, by, _("Held the role in “%s” before the merger.") % source)
    return count
