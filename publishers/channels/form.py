"""The form of a channel: where it points, and the settings only some kinds have."""

import json
import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from publishers import registry
from publishers.adapters import replies
from publishers.contracts import Mode
from publishers.models import Channel, Credential
from publishers.within_reach import offer_within_reach

_IDENTIFIER: Final = re.compile(r"[\w.:-]{1,120}", re.ASCII)


class ChannelForm(forms.ModelForm):
    """A destination. Where it points cannot change once something was approved for it."""

    class Meta:
        model = Channel
        fields = [
            "name",
            "kind",
            "remote_id",
            "area",
            "credential",
            "operator",
            "unit",
            "offered_to_all",
            "quiet_from",
            "quiet_until",
            "quiet_for_urgent",
            "reports_foreign",
            "is_active",
            "chosen_by_default",
            "sort_order",
        ]
        widgets = {
            "quiet_from": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "quiet_until": forms.TimeInput({"type": "time"}, format="%H:%M"),
        }

    class Media:
        # Wagtail puts the scripts of forms before the form.
        js = [forms.Script("publishers/channel_form.js", defer=True)]

    def __init__(self, *args: Any, for_user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_within_reach(self, for_user, "publishers.add_channel", "publishers.change_channel")
        fixed = bool(self.instance.pk and self.instance.payloads.exists())
        self._add_options(fixed=fixed)
        self._say_which_kinds()
        if fixed:
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
        kind = registry.kinds().get(cleaned.get("kind", ""))
        if kind is None:
            return cleaned
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_until") is None):
            self.add_error("quiet_until", _("Quiet hours need a beginning and an end."))
        self._clean_options(cleaned, kind)
        account: Credential | None = cleaned.get("credential")
        if not kind.destination and not self.fields["remote_id"].disabled:
            cleaned["remote_id"] = ""
        if not kind.account:
            cleaned["credential"] = None
        elif account is None:
            self.add_error("credential", _("Choose the account this channel speaks through."))
        elif account.kind != kind.account:
            self.add_error("credential", _("This account is of another kind than the channel."))
        if kind.destination and not cleaned.get("remote_id") and "remote_id" not in self.errors:
            self.add_error("remote_id", _("Enter the identifier of the page or group."))
        return cleaned

    def _clean_options(self, cleaned: dict[str, Any], kind: registry.Kind) -> None:
        for option in kind.options:
            name = self._option(cleaned["kind"], option)
            value = cleaned.get(name, "")
            if option.required and not value and name not in self.errors:
                self.add_error(name, _("Fill this in for this kind of channel."))
            elif option.name.endswith("url") and value and not replies.address(value):
                self.add_error(name, _("Enter an address that begins with https://."))
        chosen = {o.name: cleaned.get(self._option(cleaned["kind"], o), "") for o in kind.options}
        self.instance.options = {name: value for name, value in chosen.items() if value}

    def _add_options(self, *, fixed: bool) -> None:
        """One field for each setting of each kind; a channel whose kind is fixed has those of its own only."""
        for key, kind in registry.kinds().items():
            own = bool(self.instance.pk) and key == self.instance.kind
            if fixed and not own:
                continue
            for option in kind.options:
                common: dict[str, Any] = {
                    "label": option.label if fixed else f"{kind.label}: {option.label}",
                    "required": False,
                    "help_text": option.help_text,
                    "initial": self.instance.options.get(option.name, "") if own else "",
                }
                name = self._option(key, option)
                if option.choices:
                    self.fields[name] = forms.ChoiceField(choices=[("", "–"), *option.choices], **common)
                else:
                    self.fields[name] = forms.CharField(max_length=500, **common)
                # Beside the kind, not at the end of a long form.
                self.fields[name].widget.attrs |= {
                    "data-kinds": key,
                    "data-labels": json.dumps({key: str(option.label)}),
                }
        first = ["name", "kind", "remote_id", *(name for name in self.fields if name.startswith("option-"))]
        self.order_fields(first)

    def _say_which_kinds(self) -> None:
        """Mark what only some kinds have: the page's script shows the rest for these alone."""
        kinds = registry.kinds()
        usable = {key: registry.capabilities(key) for key in registry.usable()}
        having = {
            "remote_id": [key for key, kind in kinds.items() if kind.destination],
            "credential": [key for key, kind in kinds.items() if kind.account],
            "operator": [key for key, able in usable.items() if able.mode is Mode.ASSISTED],
            "reports_foreign": [key for key, able in usable.items() if able.listing],
        }
        for name, keys in having.items():
            self.fields[name].widget.attrs["data-kinds"] = " ".join(keys)
        called = {key: str(kind.destination) for key, kind in kinds.items() if kind.destination}
        self.fields["remote_id"].widget.attrs["data-labels"] = json.dumps(called)

    @staticmethod
    def _option(kind: str, option: registry.Option) -> str:
        return f"option-{kind}-{option.name}"
