"""Who does what where, since when and by whom; and what waits for a second administrator."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.users.enums import RequestState
from cms.users.models.units import Unit
from cms.users.roles import Role


class Membership(models.Model):
    """A role held in a unit and all units below it. Ended, never deleted: it is the record of who could do what."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("user")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("unit")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Null where nobody could: the first people of an installation."""
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    """The second administrator, where the role needs one."""
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("role in a unit")
        verbose_name_plural = _("roles in units")
        ordering = ["-granted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(ended_at__isnull=True),
                name="a_role_is_held_once_in_a_unit",
            ),
            models.CheckConstraint(
                name="nobody_gives_roles_to_themselves",
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=models.F("user")),
            ),
            models.CheckConstraint(
                name="nobody_confirms_their_own_role",
                condition=Q(confirmed_by__isnull=True)
                | (~Q(confirmed_by=models.F("user")) & ~Q(confirmed_by=models.F("granted_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.unit}"


class RoleRequest(models.Model):
    """An administrator asks for a role for somebody; another administrator decides."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="role_requests",
        verbose_name=_("user"),
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="role_requests", verbose_name=_("unit")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState.choices, default=RequestState.WAITING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("request for a role")
        verbose_name_plural = _("requests for roles")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(state=RequestState.WAITING.value),
                name="a_role_is_asked_for_once",
            ),
            models.CheckConstraint(
                name="nobody_asks_for_themselves", condition=~Q(requested_by=models.F("user"))
            ),
            models.CheckConstraint(
                name="another_administrator_decides",
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=models.F("user")) & ~Q(decided_by=models.F("requested_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.unit}"
