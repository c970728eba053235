"""Roles in units: giving, taking, asking. The one place that decides who holds what.

A role reaches the unit and everything below it. The Django group of the same name is kept in step, because it
carries Wagtail's model permissions; being in the group alone gives no right in any unit.
"""

import logging
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail.log_actions import log

from cms.users import scope
from cms.users.models import Delegation, Membership, Unit, UnitMerge
from cms.users.refusals import Refused
from cms.users.roles import CONFIRMED_BY_TWO, Role

logger = logging.getLogger(__name__)


def holds(user: Any, *roles: str, unit: Unit | int | None = None) -> bool:
    """Whether ``user`` holds one of ``roles``; with ``unit``, there or in a unit above it.

    Being a superuser counts for nothing here.
    """
    pk = unit.pk if isinstance(unit, Unit) else unit
    found = scope.held(user, *roles)
    return found.everything or bool(found.units if pk is None else pk in found.units)


def holds_over(user: Any, *roles: str, unit_id: int | None) -> bool:
    """Whether ``user`` holds one of ``roles`` over what belongs to the unit; None: to the province."""
    return scope.held(user, *roles).covers(unit_id)


def roles_in(user: Any) -> list[Membership]:
    """What ``user`` holds now, by unit from the province down, then by role."""
    mine = Membership.objects.filter(user_id=user.pk, ended_at__isnull=True).select_related("unit")
    order = list(Role.values)
    return sorted(mine, key=lambda row: (row.unit.depth, row.unit.name, order.index(row.role)))


def given(user: Any, *roles: str) -> bool:
    """Whether one of ``roles`` was given to ``user`` and has not ended, wherever, even while the account is closed."""
    return Membership.objects.filter(user_id=user.pk, role__in=roles, ended_at__isnull=True).exists()


def people_over(unit_id: int | None, *roles: str, now: datetime | None = None) -> QuerySet[Any]:
    """The active people who hold, or exercise in another's place, one of ``roles`` over what belongs to the unit
    (None: to the province) at ``now``, by default this moment."""
    path = Unit.objects.filter(pk=unit_id).values_list("path", flat=True).first() if unit_id else None
    above = Q(unit__in=[int(key) for key in path.split("/") if key]) if path else Q(unit__parent__isnull=True)
    held = Membership.objects.filter(above, role__in=roles, ended_at__isnull=True)
    lent = Delegation.objects.in_force(now or timezone.now()).filter(membership__in=held)
    wanted = Q(pk__in=held.values("user")) | Q(pk__in=lent.values("to_user"))
    return get_user_model().objects.filter(wanted, is_active=True)


def all_of(person: Any, reach: scope.Reach) -> bool:
    """Whether ``reach`` covers every unit ``person`` works for or holds a role in.

    Whoever acts on the account itself (its address, its factors, its sessions) acts on all its roles.
    """
    if reach.everything:
        return True
    places = set(
        Membership.objects.filter(user_id=person.pk, ended_at__isnull=True).values_list("unit_id", flat=True)
    )
    if person.unit_id is not None:
        places.add(person.unit_id)
    return bool(places) and places <= reach.units


def units_of(user: Any, role: Role) -> list[Unit]:
    """The units in which ``user`` was given ``role`` itself, the one they work for first."""
    found = Unit.objects.filter(
        memberships__user_id=user.pk, memberships__role=role, memberships__ended_at__isnull=True
    ).distinct()
    return sorted(found, key=lambda unit: (unit.pk != user.unit_id, unit.depth, unit.name))


def may_manage(by: Any, unit: Unit) -> bool:
    """Whether ``by`` gives and takes roles in ``unit``."""
    return bool(by.is_active and by.is_superuser) or holds(by, Role.ADMINISTRATOR, unit=unit)


def grant(user: Any, role: Role, unit: Unit, by: Any) -> Membership:
    """Give ``role`` in ``unit``. Raises Refused without the right to, for roles that need a second administrator
    (``requests.ask``), and for oneself."""
    require_may_give(user, unit, by)
    if role in CONFIRMED_BY_TWO:
        raise Refused(
            _("This role needs a second administrator. Ask for it; another administrator confirms.")
        )
    return record(user, role, unit, by=by)


def require_may_give(user: Any, unit: Unit, by: Any) -> None:
    """Raise Refused if ``by`` cannot give ``user`` any role in ``unit``."""
    if by.pk == user.pk:
        raise Refused(_("Nobody changes their own roles. Ask another administrator."))
    if not may_manage(by, unit):
        raise Refused(_("You do not manage the roles of this unit. Ask an administrator of the unit above."))
    if not (user.is_active or user.is_awaited):
        raise Refused(_("This account is switched off. Switch it on first."))
    if UnitMerge.objects.filter(source=unit).exists():
        raise Refused(_("This unit was merged into another. Give the role in its successor."))


@transaction.atomic
def revoke(membership: Membership, by: Any) -> None:
    """End a role. Raises Refused without the right to, for oneself, or for the last administrator of the province."""
    membership = Membership.objects.select_for_update().select_related("user", "unit").get(pk=membership.pk)
    if by.pk == membership.user_id:
        raise Refused(_("Nobody changes their own roles. Ask another administrator."))
    if not may_manage(by, membership.unit):
        raise Refused(_("You do not manage the roles of this unit. Ask an administrator of the unit above."))
    if membership.ended_at is not None:
        return
    if (
        membership.role == Role.ADMINISTRATOR
        and membership.unit.parent_id is None
        and not _others(membership)
    ):
        raise Refused(_("This is the last administrator of the province. Make somebody else one first."))
    end(membership, by=by)


def record(user: Any, role: str, unit: Unit, *, by: Any = None, confirmed_by: Any = None) -> Membership:
    """Write that ``user`` holds ``role`` in ``unit``, without asking whether they may: for installing, for tests,
    and for whoever has asked already. Does nothing where it is held already."""
    with transaction.atomic():
        membership, new = Membership.objects.get_or_create(
            user=user,
            unit=unit,
            role=role,
            ended_at=None,
            defaults={"granted_by": by, "confirmed_by": confirmed_by, "granted_at": timezone.now()},
        )
        user.groups.add(_group(role))
        if new:
            _log("keng.role_granted", membership, by)
    scope.forget(user)
    return membership


def end(membership: Membership, *, by: Any = None) -> None:
    """Write that ``membership`` has ended, without asking whether it may."""
    user = membership.user
    with transaction.atomic():
        membership.ended_at, membership.ended_by = timezone.now(), by
        membership.save(update_fields=["ended_at", "ended_by"])
        left = Membership.objects.filter(user=user, role=membership.role, ended_at__isnull=True)
        if not left.exists():
            user.groups.remove(_group(membership.role))
        _log("keng.role_ended", membership, by)
    scope.forget(user)


def _others(membership: Membership) -> bool:
    same = Membership.objects.filter(
        role=membership.role, unit=membership.unit, ended_at__isnull=True, user__is_active=True
    )
    return same.exclude(user=membership.user).exists()


def _group(role: str) -> Group:
    return Group.objects.get_or_create(name=Role(role).value)[0]


def _log(action: str, membership: Membership, by: Any) -> None:
    data = {
        "role": membership.role,
        "unit": membership.unit.name,
        "confirmed_by": str(membership.confirmed_by or ""),
    }
    log(instance=membership.user, action=action, user=by, data=data)
    logger.info(
        "%s: %s holds %s in %s, by %s",
        action,
        membership.user.get_username(),
        membership.role,
        membership.unit,
        by.get_username() if by is not None else "the command line",
    )


def person(username: str) -> Any:
    """The user of this name, active or invited. Raises Refused when there is none."""
    found = get_user_model().objects.filter(username=username).first()
    if found is None or not (found.is_active or found.is_awaited):
        raise Refused(_("There is no active user named “%s”.") % username)
    return found
