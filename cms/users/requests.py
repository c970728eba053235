"""«Đề nghị cấp vai trò»: approvers and administrators are made by two administrators."""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail.log_actions import log

from cms.users import memberships, scope
from cms.users.enums import RequestState
from cms.users.models import Membership, RoleRequest, Unit
from cms.users.refusals import Refused
from cms.users.roles import CONFIRMED_BY_TWO, Role

OPEN_FOR: Final = timedelta(days=7)


@transaction.atomic
def ask(user: Any, role: Role, unit: Unit, by: Any, reason: str = "") -> RoleRequest:
    """Ask for ``role`` for ``user``. Raises Refused like ``memberships.grant``."""
    memberships.require_may_give(user, unit, by)
    if role not in CONFIRMED_BY_TWO:
        raise Refused(_("This role needs no second administrator. Give it directly."))
    if Membership.objects.filter(user=user, unit=unit, role=role, ended_at__isnull=True).exists():
        raise Refused(_("This person holds the role in this unit already."))
    now = timezone.now()
    # One that ran out stands in nobody's way.
    same = RoleRequest.objects.select_for_update().filter(
        user=user, unit=unit, role=role, state=RequestState.WAITING
    )
    for before in same:
        if before.expires_at > now:
            raise Refused(_("This role was asked for already. Another administrator has to decide on it."))
        before.state, before.decided_at, before.note = RequestState.REFUSED, now, _("Ran out.")
        before.save(update_fields=["state", "decided_at", "note"])
    made = RoleRequest.objects.create(
        user=user,
        unit=unit,
        role=role,
        reason=" ".join(reason.split())[:300],
        requested_by=by,
        requested_at=now,
        expires_at=now + OPEN_FOR,
    )
    _log("keng.role_requested", made, by)
    return made


def waiting(user: Any) -> QuerySet[RoleRequest]:
    """The open requests of the units ``user`` administers, their own included, the oldest first."""
    rows = RoleRequest.objects.filter(state=RequestState.WAITING, expires_at__gt=timezone.now())
    rows = rows.select_related("user", "unit", "requested_by")
    found = scope.reach(user, Role.ADMINISTRATOR)
    return (rows if found.everything else rows.filter(unit__in=found.units)).order_by("requested_at", "pk")


def why_not(request: RoleRequest, by: Any) -> str:
    """Why ``by`` cannot decide on ``request``; empty when they can."""
    if request.state != RequestState.WAITING:
        return _("Somebody decided on this request already.")
    if request.expires_at <= timezone.now():
        return _("This request ran out. Ask for the role again.")
    if by.pk == request.requested_by_id:
        return _("You asked for this role, so another administrator has to confirm it.")
    if by.pk == request.user_id:
        return _("This role is for you, so another administrator has to confirm it.")
    if not memberships.holds(by, Role.ADMINISTRATOR, unit=request.unit):
        return _("Only an administrator of this unit, or of one above it, decides on this request.")
    return ""


@transaction.atomic
def confirm(request: RoleRequest, by: Any) -> Membership:
    """The second administrator agrees: the role is held from now on. Raises Refused."""
    request = _held(request, by)
    if not (request.user.is_active or request.user.is_awaited):
        raise Refused(_("This account is switched off. Switch it on first."))
    # Whoever asked may have lost the right meanwhile: then there was only one administrator.
    if not memberships.may_manage(request.requested_by, request.unit):
        raise Refused(_("Whoever asked for this role is no administrator any more. Refuse it, and ask anew."))
    _decide(request, RequestState.CONFIRMED, by, "")
    return memberships.record(
        request.user, request.role, request.unit, by=request.requested_by, confirmed_by=by
    )


@transaction.atomic
def refuse(request: RoleRequest, by: Any, note: str) -> None:
    """The second administrator does not agree. Raises Refused, also without a reason."""
    note = " ".join(note.split())[:300]
    if not note:
        raise Refused(_("Say why you refuse, so that whoever asked knows."))
    _decide(_held(request, by), RequestState.REFUSED, by, note)


def _held(request: RoleRequest, by: Any) -> RoleRequest:
    found = (
        RoleRequest.objects.select_for_update(of=("self",))
        .select_related("user", "unit", "requested_by")
        .get(pk=request.pk)
    )
    obstacle = why_not(found, by)
    if obstacle:
        raise Refused(obstacle)
    return found


def _decide(request: RoleRequest, state: RequestState, by: Any, note: str) -> None:
    request.state, request.decided_by, request.decided_at, request.note = state, by, timezone.now(), note
    request.save(update_fields=["state", "decided_by", "decided_at", "note"])
    _log(f"keng.role_request_{state.value}", request, by)


def _log(action: str, request: RoleRequest, by: Any) -> None:
    data = {"role": request.role, "unit": request.unit.name, "reason": request.reason or request.note}
    log(instance=request.user, action=action, user=by, data=data)
