"""«Ủy quyền»: somebody decides in another's place for a time."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.users.models.memberships import Membership


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Delegations by whether they hold."""

    def in_force(self, now: datetime) -> "DelegationQuerySet":
        """Those that give their holder the role at ``now``."""
        return self.filter(
            begins_at__lte=now,
            ends_at__gt=now,
            revoked_at__isnull=True,
            confirmed_by__isnull=False,
            to_user__is_active=True,
            membership__ended_at__isnull=True,
            membership__user__is_active=True,
        )


class Delegation(models.Model):
    """One role that its holder has another person exercise, from a time to a time. Revoked, never deleted.

    It hangs on the membership: when that ends, or the account behind it is switched off, so does this. A delegated
    role is no membership, so nobody passes it on.
    """

    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="delegations", verbose_name=_("role")
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="delegations",
        verbose_name=_("delegate"),
    )
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    """The first moment at which it no longer holds."""
    reason = models.CharField(_("reason"), max_length=300)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Whoever holds the role or, when an administrator set it up, a second person. Null: not in force yet."""
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-begins_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_delegation_ends_after_it_begins", condition=Q(ends_at__gt=F("begins_at"))
            ),
            models.CheckConstraint(
                name="nobody_delegates_to_themselves",
                condition=~Q(to_user=F("created_by"))
                & (Q(confirmed_by__isnull=True) | ~Q(to_user=F("confirmed_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership} → {self.to_user}"

    @property
    def principal(self) -> object:
        """Whose role it is."""
        return self.membership.user


def exercised_by(user_id: int, now: datetime) -> Q:
    """Memberships whose role ``user_id`` exercises at ``now``: their own, and those delegated to them."""
    lent = Q(pk__in=Delegation.objects.in_force(now).filter(to_user_id=user_id).values("membership"))
    return (Q(user_id=user_id) | lent) & Q(ended_at__isnull=True)
