"""The form behind an invitation's link."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from cms.signin.passwords import PasswordField


class AcceptanceForm(forms.Form):
    """The person's own name, checked, and a password."""

    last_name = forms.CharField(label=_("Family and middle name"), max_length=150)
    first_name = forms.CharField(label=_("Given name"), max_length=150)
    password1 = PasswordField(label=_("Password"), new=True)

    def __init__(self, data: Any = None, *, user: Any) -> None:
        self.user = user
        super().__init__(data, initial={"last_name": user.last_name, "first_name": user.first_name})

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        # The name as it is now: the person may have corrected it on this page.
        self.user.last_name = self.cleaned_data.get("last_name", self.user.last_name)
        self.user.first_name = self.cleaned_data.get("first_name", self.user.first_name)
        validate_password(password, self.user)
        return password
