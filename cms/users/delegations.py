"""«Ủy quyền»: setting up, confirming and ending delegations, and asking in whose place somebody decides.

Only roles of deciding are delegated. Whoever holds the role delegates it alone; when an administrator does it for
them, the holder or a second administrator confirms: nobody becomes an approver through one administrator.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from wagtail.log_actions import log

from cms.users import memberships, scope
from cms.users.models import Delegation, Membership, Unit
from cms.users.refusals import Refused
from cms.users.roles import Role

DELEGABLE: Final = (Role.APPROVER, Role.REVIEWER)
LONGEST: Final = timedelta(days=92)


def may_set_up(user: Any) -> bool:
    """Whether ``user`` has a role to delegate, or administers people who have."""
    return user.is_active and (offered(user).exists() or memberships.holds(user, Role.ADMINISTRATOR))


def offered(user: Any) -> QuerySet[Membership]:
    """The roles ``user`` may have somebody else exercise: their own, and those in the units they administer."""
    rows = Membership.objects.filter(
        ended_at__isnull=True, role__in=DELEGABLE, user__is_active=True
    ).select_related("user", "unit")
    administered = scope.held(user, Role.ADMINISTRATOR)
    if administered.everything:
        return rows.order_by("user__last_name", "user__first_name", "unit__path")
    return rows.filter(Q(user=user) | Q(unit__in=administered.units)).order_by(
        "user__last_name", "unit__path"
    )


def candidates(unit: Unit) -> QuerySet[Any]:
    """Active people who hold some role in ``unit`` or below it."""
    here = Membership.objects.filter(ended_at__isnull=True, unit__in=unit.subtree())
    return get_user_model().objects.filter(is_active=True, pk__in=here.values("user"))


@transaction.atomic
def delegate(
    membership: Membership,
    to_user: Any,
    by: Any,
    *,
    begins_at: datetime,
    ends_at: datetime,
    reason: str,
) -> Delegation:
    """Have ``to_user`` exercise the role from ``begins_at`` until ``ends_at`` (aware, exclusive). Raises Refused."""
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "unit")
        .get(pk=membership.pk)
    )
    to_user = get_user_model().objects.get(pk=to_user.pk)
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Refused(_("Say why you delegate: it stands in the record."))
    _require_may_delegate(membership, to_user, by)
    _require_period(begins_at, ends_at)
    made = Delegation.objects.create(
        membership=membership,
        to_user=to_user,
        begins_at=begins_at,
        ends_at=ends_at,
        reason=reason,
        created_by=by,
        created_at=timezone.now(),
        confirmed_by=by if by.pk == membership.user_id else None,
    )
    _log("keng.delegated", made, by)
    scope.forget(to_user)
    return made


def why_not_confirm(delegation: Delegation, by: Any) -> str:
    """Why ``by`` cannot confirm ``delegation``; empty when they can."""
    if delegation.confirmed_by_id is not None or delegation.revoked_at is not None:
        return _("This delegation does not wait for a confirmation any more.")
    if by.pk == delegation.to_user_id:
        return _("This delegation is for you, so somebody else has to confirm it.")
    if by.pk == delegation.membership.user_id:
        return ""
    if by.pk == delegation.created_by_id:
        return _(
            "You set this delegation up, so whoever holds the role or another administrator confirms it."
        )
    if not memberships.holds(by, Role.ADMINISTRATOR, unit=delegation.membership.unit):
        return _("Only whoever holds the role, or an administrator of the unit, confirms this delegation.")
    return ""


@transaction.atomic
def confirm(delegation: Delegation, by: Any) -> None:
    """The second person agrees: from now on the dates decide. Raises Refused."""
    held = _held(delegation)
    obstacle = why_not_confirm(held, by)
    if obstacle:
        raise Refused(obstacle)
    held.confirmed_by = by
    held.save(update_fields=["confirmed_by"])
    _log("keng.delegation_confirmed", held, by)


def may_revoke(delegation: Delegation, by: Any) -> bool:
    """Whether ``by`` may end ``delegation``: either side of it, or an administrator of the unit."""
    return by.pk in (delegation.membership.user_id, delegation.to_user_id) or memberships.holds(
        by, Role.ADMINISTRATOR, unit=delegation.membership.unit
    )


@transaction.atomic
def revoke(delegation: Delegation, by: Any) -> None:
    """End it at once. Raises Refused without the right to; ending twice does nothing."""
    held = _held(delegation)
    if not may_revoke(held, by):
        raise Refused(
            _("Only the two people concerned, or an administrator of the unit, end this delegation.")
        )
    if held.revoked_at is not None:
        return
    held.revoked_at, held.revoked_by = timezone.now(), by
    held.save(update_fields=["revoked_at", "revoked_by"])
    _log("keng.delegation_revoked", held, by)


def of(user: Any, now: datetime, *roles: str) -> list[Delegation]:
    """The delegations by which ``user`` exercises one of ``roles`` at ``now``."""
    rows = Delegation.objects.in_force(now).filter(
        to_user_id=user.pk, membership__role__in=roles or DELEGABLE
    )
    return list(rows.select_related("membership__user", "membership__unit").order_by("begins_at", "pk"))


def described(delegation: Delegation) -> dict[str, Any]:
    """Whose right was exercised, in plain values for records that must outlive the rows."""
    principal = delegation.membership.user
    return {
        "delegation": delegation.pk,
        "login": principal.get_username(),
        "name": principal.get_full_name(),
        "position": principal.position,
        "unit": str(delegation.membership.unit),
        "from": delegation.begins_at.isoformat(),
        "until": delegation.ends_at.isoformat(),
    }


def _require_may_delegate(membership: Membership, to_user: Any, by: Any) -> None:
    if not offered(by).filter(pk=membership.pk).exists():
        raise Refused(_("Only whoever holds this role, or an administrator of the unit, delegates it."))
    if to_user.pk in (membership.user_id, by.pk):
        raise Refused(_("Choose another person: nobody delegates to themselves."))
    if not candidates(membership.unit).filter(pk=to_user.pk).exists():
        raise Refused(_("Choose an active person of “%s” or of a unit below it.") % membership.unit)


def _require_period(begins_at: datetime, ends_at: datetime) -> None:
    if ends_at <= begins_at or ends_at <= timezone.now():
        raise Refused(_("The delegation must end after it begins, and not in the past."))
    if ends_at - begins_at > LONGEST:
        raise Refused(
            _("A delegation lasts at most %d days. Ask for the role itself if it is for longer.")
            % LONGEST.days
        )


def _held(delegation: Delegation) -> Delegation:
    return (
        Delegation.objects.select_for_update(of=("self",))
        .select_related("membership__user", "membership__unit", "to_user")
        .get(pk=delegation.pk)
    )


def _log(action: str, delegation: Delegation, by: Any) -> None:
    data = {
        "role": delegation.membership.role,
        "unit": delegation.membership.unit.name,
        "on_behalf_of": str(delegation.membership.user),
        "from": date_format(localtime(delegation.begins_at), "SHORT_DATETIME_FORMAT"),
        "until": date_format(localtime(delegation.ends_at), "SHORT_DATETIME_FORMAT"),
        "reason": delegation.reason,
    }
    log(instance=delegation.to_user, action=action, user=by, data=data)
