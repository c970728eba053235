"""What a person enters to connect an account. Secrets can be entered, never read back."""

from typing import Any, Final

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

_KEPT: Final = _("Never shown again. Leave it empty to keep what is stored.")
_IN_A_HEADER: Final = RegexValidator(
    r"\A[\x21-\x7e]+\Z", _("Copy the value again: it holds characters that never stand in an access token.")
)
_DIGITS: Final = RegexValidator(r"\A[0-9]{5,40}\Z", _("This is a number of digits only; copy it again."))


class _AppForm(forms.Form):
    """The application at the platform: entered once, then kept."""

    secret_name = "secret"  # noqa: S105  the name of a field

    def __init__(self, *args: Any, stored: dict[str, str], **kwargs: Any) -> None:
        self._stored = stored
        kwargs["initial"] = {"app_id": stored.get("app_id", "")}
        super().__init__(*args, **kwargs)
        field = self.fields[self.secret_name]
        field.required = not stored.get(self.secret_name)
        field.help_text = _KEPT if not field.required else ""

    def app(self) -> tuple[str, str]:
        """The application's id and its secret, entered now or before."""
        secret = self.cleaned_data[self.secret_name] or self._stored.get(self.secret_name, "")
        return self.cleaned_data["app_id"], secret


def _secret(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=4000,
        help_text=help_text,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        validators=[_IN_A_HEADER],
    )


class FacebookTokenForm(_AppForm):
    """Any token a person has, and the app it was made for."""

    secret_name = "app_secret"  # noqa: S105

    app_id = forms.CharField(label=_("App id"), max_length=40, validators=[_DIGITS])
    app_secret = _secret(_("App secret"), required=False)
    token = _secret(
        _("Access token"),
        help_text=_("Of a system user (best), of a user, or of the page; which it is, the system finds out."),
    )


class FacebookPageForm(forms.Form):
    """Which of the pages a token manages."""

    page = forms.ChoiceField(label=_("Facebook page"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, pages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["page"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  so it is declared above
        field.choices = [(page_id, f"{name} ({page_id})") for page_id, name in pages]


class ZaloAppForm(_AppForm):
    """The application whose Official Account a person agrees for."""

    secret_name = "secret_key"  # noqa: S105

    app_id = forms.CharField(label=_("Application id"), max_length=40, validators=[_DIGITS])
    secret_key = _secret(_("Secret key of the application"), required=False)
