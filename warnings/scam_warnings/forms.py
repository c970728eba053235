"""The editor's form: what a browser sends is cleaned here; the rules live in the model."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail.admin.forms import WagtailAdminPageForm

from cms.users import memberships
from cms.users.roles import Role
from scam_warnings import own_channels


class ScamWarningForm(WagtailAdminPageForm):
    """A warning as it is written; a missing slug is made from the title, with đ as d."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "The last part of the warning's permanent address. Leave it empty to have it made from the title."
            )
        self._offer_own_channels()
        self._offer_own_units()
        if "channels" in self.fields and self.instance.pk is None:
            usual = self.fields["channels"].queryset.filter(chosen_by_default=True)
            self.initial["channels"] = list(usual.values_list("pk", flat=True))
        if "title" in self.fields:
            self.fields["title"].help_text = _("At most 90 characters; say what the trick is.")

    def _offer_own_channels(self) -> None:
        if "channels" not in self.fields or self.for_user is None:
            return
        offered = self.fields["channels"].queryset
        wanted = Q(pk__in=own_channels.usable(offered, self.for_user).values("pk"))
        if self.instance.pk:
            # What somebody else chose before stays chosen.
            wanted |= Q(pk__in=[channel.pk for channel in self.instance.channels.all()])
        self.fields["channels"].queryset = offered.filter(wanted)

    def _offer_own_units(self) -> None:
        """Which unit a new warning belongs to: asked only of those who write in several."""
        if "unit" not in self.fields:
            return
        if self.instance.pk is not None or self.for_user is None:
            del self.fields["unit"]
            return
        mine = memberships.units_of(self.for_user, Role.EDITOR)
        if len(mine) < 2:
            self.instance.unit = mine[0] if mine else None
            del self.fields["unit"]
            return
        field = self.fields["unit"]
        field.queryset = field.queryset.filter(pk__in=[unit.pk for unit in mine])
        field.required, field.empty_label = True, None
        self.initial["unit"] = mine[0].pk
