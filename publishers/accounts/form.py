"""The form of an account: its secrets can be entered, never read back."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from publishers import registry
from publishers.adapters import replies
from publishers.credentials import unseal
from publishers.models import Credential
from publishers.within_reach import offer_within_reach


class CredentialForm(forms.ModelForm):
    """An account. Its secrets can be entered, never read back; an empty field keeps what is stored."""

    class Meta:
        model = Credential
        fields = ["label", "kind", "unit"]

    def __init__(self, *args: Any, for_user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_within_reach(self, for_user, "publishers.add_credential", "publishers.change_credential")
        stored = bool(self.instance.pk)
        known = unseal(self.instance.sealed_secrets) if stored else {}
        if stored:
            self.fields["kind"].disabled = True
        for kind, account in registry.accounts().items():
            if stored and kind != self.instance.kind:
                continue
            for field in account.fields:
                label = str(field.label) if stored else f"{account.label}: {field.label}"
                made = _secret(field, label, stored=stored) if field.secret else _plain(field, label, known)
                made.widget.attrs["data-account"] = kind
                self.fields[f"{kind}-{field.name}"] = made

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kind = cleaned.get("kind", "")
        fields = registry.account_fields(kind)
        # Nothing at all is fine: the account is connected on its own page afterwards.
        begun = any(self.data.get(self.add_prefix(f"{kind}-{field.name}")) for field in fields)
        for field in fields:
            name = f"{kind}-{field.name}"
            value = cleaned.get(name)
            missing = begun and name not in self.errors and not value
            if field.required and not self.instance.pk and missing:
                self.add_error(
                    name, _("Enter this value; the platform shows it in the settings of your app.")
                )
            elif field.name.endswith("url") and value and not replies.address(value):
                self.add_error(name, _("Enter an address that begins with https://."))
        return cleaned

    def secrets(self) -> dict[str, str]:
        """What was entered for the chosen kind, by the names its adapter reads."""
        kind = self.cleaned_data["kind"]
        return {
            field.name: self.cleaned_data.get(f"{kind}-{field.name}", "")
            for field in registry.account_fields(kind)
        }


def _secret(field: registry.AccountField, label: str, *, stored: bool) -> forms.CharField:
    kept = str(_("Never shown again. Leave it empty to keep what is stored.")) if stored else ""
    return forms.CharField(
        label=label,
        required=False,
        max_length=4000,
        help_text=" ".join(filter(None, (str(field.help_text), kept))),
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        validators=[_printable],
    )


def _plain(field: registry.AccountField, label: str, known: Mapping[str, str]) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=4000,
        help_text=str(field.help_text),
        initial=known.get(field.name, ""),
    )


def _printable(value: str) -> None:
    if not (value.isascii() and value.isprintable()):
        raise ValidationError(
            _("Copy the value again: it holds characters that never stand in an access token.")
        )
