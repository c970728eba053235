"""The people."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.users.models.units import Unit


class User(AbstractUser):  # type: ignore[django-manager-missing]
    """A named member of staff; every step of a warning is signed with one."""

    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="members", verbose_name=_("unit")
    )
    """Where this person works. What they may do there, and elsewhere, is in their memberships."""
    position = models.CharField(_("position"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    @property
    def is_awaited(self) -> bool:
        """Invited and never in yet: roles may be given before the person comes."""
        return not self.is_active and self.last_login is None and not self.has_usable_password()

    def get_full_name(self) -> str:
        """The Vietnamese order: family name first."""
        return f"{self.last_name} {self.first_name}".strip()
