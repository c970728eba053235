"""The forms of signing in. django-allauth does the work; the words and the password field are ours."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm

from cms.signin import factors, throttling
from cms.signin.passwords import PasswordField


class SignInForm(account.LoginForm):
    """Sign-in name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Sign-in name"),
            max_length=150,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "username webauthn",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                    "autofocus": True,
                }
            ),
        )
        self.fields["password"] = PasswordField(label=_("Password"))
        self.order_fields(["login", "password"])


class PasswordAgainForm(account.ReauthenticateForm):
    """Ask for the password once more before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = PasswordField(label=_("Password"))


class NewPasswordForm(forms.Form):
    """A new password, typed once: it can be shown, so it need not be typed blind twice."""

    password1 = PasswordField(label=_("New password"), new=True)
    user: Any

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password


class ChangePasswordForm(NewPasswordForm):
    """The present password, and a new one."""

    oldpassword = PasswordField(label=_("Present password"))
    field_order = ["oldpassword", "password1"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_oldpassword(self) -> str:
        password: str = self.cleaned_data["oldpassword"]
        # Through the back ends, so that guesses are counted here too.
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password

    def save(self) -> None:
        get_adapter().set_password(self.user, self.cleaned_data["password1"])


class ResetPasswordForm(account.ResetPasswordForm):
    """The address the link is sent to."""

    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class SetPasswordByLinkForm(NewPasswordForm):
    """A new password for whoever holds the link."""

    def __init__(self, *args: Any, user: Any = None, temp_key: str = "", **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def save(self) -> None:
        get_adapter().set_password(self.user, self.cleaned_data["password1"])


def _code_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
                "class": "signin-code",
            }
        ),
    )


class _CountedCode(mfa.BaseAuthenticateForm):
    """A code of the app or a recovery code; wrong ones are counted, right ones work once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code_field(_("Code"))

    def clean_code(self) -> str:
        request = factors.current_request()
        if throttling.codes_are_locked(request, self.user):
            raise ValidationError(throttling.locked_sentence(), code="locked")
        code: str = self.cleaned_data["code"]
        found = factors.use_code(self.user, code)
        if found is None:
            throttling.wrong_code(request, self.user)
            raise factors.wrong_code()
        throttling.right_code(self.user)
        self.authenticator: Authenticator = found
        return code


class CodeForm(_CountedCode, mfa.AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(_CountedCode, mfa.ReauthenticateForm):
    """A code before something that matters."""


class AppForm(ActivateTOTPForm):
    """The first code of an authenticator app: proof that the app holds the key shown."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **kwargs)
        self.fields["code"] = _code_field(_("6-digit code in the app"))
        self.user = user
        self.secret = factors.pending_secret(factors.current_request())

    def clean_code(self) -> str:
        request = factors.current_request()
        if throttling.codes_are_locked(request, self.user):
            raise ValidationError(throttling.locked_sentence(), code="locked")
        code: str = self.cleaned_data["code"]
        if not factors.fits(self.secret, code):
            throttling.wrong_code(request, self.user)
            raise factors.wrong_code()
        throttling.right_code(self.user)
        return code


class PasskeyForm(AddWebAuthnForm):
    """A passkey that needs no password beside it: it asks for the fingerprint, the face or the PIN."""

    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name of this passkey"),
        required=False,
        max_length=60,
        help_text=_("For example the device it is kept on, so that you can tell your passkeys apart."),
    )

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        return super().clean()
