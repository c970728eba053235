"""The forms of the channels, the accounts and what a person does with a delivery."""

import re
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from publishers import registry
from publishers.models import Channel, Credential

_IDENTIFIER: Final = re.compile(r"[\w.:-]{1,120}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret of a kind of account. ``name`` is what its adapter reads."""

    name: str
    label: str | Promise
    required: bool = True


SECRETS: Final[dict[str, tuple[Secret, ...]]] = {
    "facebook": (
        Secret("page_token", _("Page access token")),
        Secret("app_id", _("App id"), required=False),
        Secret("app_secret", _("App secret"), required=False),
    ),
    "zalo_oa": (
        Secret("app_id", _("Application id")),
        Secret("secret_key", _("Secret key of the application")),
        Secret("access_token", _("Access token")),
        Secret("refresh_token", _("Renewal code (refresh token)")),
    ),
}


class ChannelForm(forms.ModelForm):
    """A destination. Where it points cannot change once something was approved for it."""

    class Meta:
        model = Channel
        fields = ["name", "kind", "remote_id", "credential", "is_active", "chosen_by_default", "sort_order"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.payloads.exists():
            for name in ("kind", "remote_id"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _(
                    "Fixed: warnings were approved for exactly this destination. Add another channel instead."
                )

    def clean_remote_id(self) -> str:
        value: str = self.cleaned_data["remote_id"].strip()
        if value and not _IDENTIFIER.fullmatch(value):
            raise ValidationError(_("Only letters without marks, digits and . : - _ stand in an identifier."))
        return value

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kind = registry.KINDS.get(cleaned.get("kind", ""))
        if kind is None:
            return cleaned
        account: Credential | None = cleaned.get("credential")
        if not kind.account:
            cleaned["credential"] = None
            if not self.fields["remote_id"].disabled:
                cleaned["remote_id"] = ""
        elif account is None:
            self.add_error("credential", _("Choose the account this channel speaks through."))
        elif account.kind != kind.account:
            self.add_error("credential", _("This account is of another kind than the channel."))
        if kind.account and not cleaned.get("remote_id") and "remote_id" not in self.errors:
            self.add_error("remote_id", _("Enter the identifier of the page or group."))
        return cleaned


class CredentialForm(forms.ModelForm):
    """An account. Its secrets can be entered, never read back; an empty field keeps what is stored."""

    class Meta:
        model = Credential
        fields = ["label", "kind"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = bool(self.instance.pk)
        if stored:
            self.fields["kind"].disabled = True
        for kind, secrets in SECRETS.items():
            if stored and kind != self.instance.kind:
                continue
            for secret in secrets:
                self.fields[f"{kind}-{secret.name}"] = self._field(kind, secret, stored=stored)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kind = cleaned.get("kind", "")
        for secret in SECRETS.get(kind, ()):
            name = f"{kind}-{secret.name}"
            if secret.required and not self.instance.pk and name not in self.errors and not cleaned.get(name):
                self.add_error(
                    name, _("Enter this value; the platform shows it in the settings of your app.")
                )
        return cleaned

    def secrets(self) -> dict[str, str]:
        """What was entered for the chosen kind, by the names its adapter reads."""
        kind = self.cleaned_data["kind"]
        return {secret.name: self.cleaned_data.get(f"{kind}-{secret.name}", "") for secret in SECRETS[kind]}

    def _field(self, kind: str, secret: Secret, *, stored: bool) -> forms.CharField:
        return forms.CharField(
            label=str(secret.label) if stored else f"{registry.ACCOUNTS[kind]}: {secret.label}",
            required=False,
            max_length=4000,
            help_text=_("Never shown again. Leave it empty to keep what is stored.") if stored else "",
            widget=forms.PasswordInput(
                render_value=False, attrs={"autocomplete": "new-password", "data-account": kind}
            ),
            validators=[_printable],
        )


class ResendForm(forms.Form):
    """Why something is sent again."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It goes into the history of the warning."),
        widget=forms.Textarea({"rows": 3}),
    )


class ResendAfterLookingForm(ResendForm):
    """The same for what may be out: only after a person looked."""

    looked = forms.BooleanField(
        label=_("I opened the channel and looked: this warning is not there."),
        error_messages={
            "required": _("Open the channel and look first: otherwise the warning may be posted twice.")
        },
    )


class CancelForm(forms.Form):
    """Why something is not sent after all."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, widget=forms.Textarea({"rows": 3})
    )


class PostedForm(forms.Form):
    """Where a person saw the post."""

    url = forms.URLField(
        label=_("Address of the post"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Open the post on the channel and copy its address."),
    )


def _printable(value: str) -> None:
    if not (value.isascii() and value.isprintable()):
        raise ValidationError(
            _("Copy the value again: it holds characters that never stand in an access token.")
        )
