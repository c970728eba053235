"""The editor's form: what a browser sends is cleaned here; the rules live in the model."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail.admin.forms import WagtailAdminPageForm


class ScamWarningForm(WagtailAdminPageForm):
    """A warning as it is written; a missing slug is made from the title, with đ as d."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "The last part of the warning's permanent address. Leave it empty to have it made from the title."
            )
        if "channels" in self.fields and self.instance.pk is None:
            usual = self.fields["channels"].queryset.filter(chosen_by_default=True)
            self.initial["channels"] = list(usual.values_list("pk", flat=True))
        if "title" in self.fields:
            self.fields["title"].help_text = _("At most 90 characters; say what the trick is.")
