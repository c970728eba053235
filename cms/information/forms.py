"""What people fill in about standing content."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail.admin.forms import WagtailAdminModelForm

from cms.editorial.forms import DECLARATION
from cms.information.kinds import WITH_OWN_FORM, Kind


class ItemForm(WagtailAdminModelForm):
    """A draft, with the version it was opened on: an old tab overwrites nothing."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version
        if "kind" in self.fields:
            self.fields["kind"].choices = [pair for pair in Kind.choices if pair[0] not in WITH_OWN_FORM]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        seen = cleaned.get("seen_version")
        if self.instance.pk is not None and seen != self.instance.version:
            self.add_error(
                None, _("Somebody else changed this meanwhile. Open it again, then make your change.")
            )
        return cleaned


class SelfCheckForm(ItemForm):
    """The self-check; the script turns «Leads to» into a list of what stands on the form."""

    class Media:
        js = ["information/self_check.js"]
        css = {"all": ["information/self_check.css"]}


class DeclareForm(forms.Form):
    """A signature under exactly what ``seal`` stands for."""

    seal = forms.CharField(widget=forms.HiddenInput, max_length=64)
    not_secret = forms.BooleanField(
        label=DECLARATION,
        error_messages={"required": _("Confirm that the content is not a state secret first.")},
    )


class WithdrawForm(forms.Form):
    """Why something public is taken back."""

    note = forms.CharField(
        label=_("Reason (public)"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why it is withdrawn: readers see it.")},
    )
    not_secret = forms.BooleanField(
        label=DECLARATION,
        error_messages={"required": _("Confirm that the content is not a state secret first.")},
    )
