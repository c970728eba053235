"""What an approver fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

DECLARATION = _("The content is not a state secret and may be made public.")


class ReturnForm(forms.Form):
    """Returning needs a reason the author can act on."""

    comment = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what has to change, so that the author can mend it.")},
    )


class WithdrawReasonForm(forms.Form):
    """Why a warning is taken back, in words for the public."""

    note = forms.CharField(
        label=_("Reason (public)"),
        max_length=300,
        help_text=_("Stands on the portal and in every notice. One or two sentences."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the warning is withdrawn: the public reads it.")},
    )


class ApproveForm(forms.Form):
    """A signature: the seal of what the page showed, and the declaration the law asks for."""

    seal = forms.CharField(widget=forms.HiddenInput, max_length=64)
    not_secret = forms.BooleanField(
        label=DECLARATION,
        error_messages={"required": _("Confirm that the content is not a state secret before you approve.")},
    )
