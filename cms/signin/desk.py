"""The administrator's pages: invite people, and help with the sign-in of others."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from allauth.mfa.models import Authenticator

from cms.core.text import nfc
from cms.signin import custody, invitations, requirement, sessions
from cms.signin.invitations import BadInvitation
from cms.signin.models import Invitation
from cms.users import scope
from cms.users.models import Unit
from cms.users.person_forms import UnitChoice, offered_units


class InviteForm(forms.Form):
    """Who is invited. Roles and units are given separately, in the list of users."""

    last_name = forms.CharField(label=gettext_lazy("Family and middle name"), max_length=150)
    first_name = forms.CharField(label=gettext_lazy("Given name"), max_length=150)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), help_text=gettext_lazy("The link to enter is sent there.")
    )
    username = forms.CharField(
        label=gettext_lazy("Sign-in name"),
        max_length=150,
        help_text=gettext_lazy(
            "Short, without spaces, for example nguyenvana. It stays in the record for good."
        ),
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    unit = UnitChoice(
        queryset=Unit.objects.none(),
        label=gettext_lazy("Unit"),
        help_text=gettext_lazy("Where this person works."),
        required=False,
    )

    def __init__(self, data: Any = None, *, by: Any = None) -> None:
        super().__init__(data)
        if by is None:
            # On the command line: the first people belong to the province.
            del self.fields["unit"]
            return
        unit: Any = self.fields["unit"]
        unit.queryset = offered_units(by, "users.add_user")
        # A person without a unit belongs to the province.
        unit.required = not scope.everywhere(by, "users.add_user")

    def clean_last_name(self) -> str:
        return nfc(self.cleaned_data["last_name"])

    def clean_first_name(self) -> str:
        return nfc(self.cleaned_data["first_name"])

    def clean_username(self) -> str:
        username = nfc(self.cleaned_data["username"])
        if get_user_model().objects.filter(username__iexact=username).exists():
            raise ValidationError(_("Somebody has this sign-in name already. Choose another one."))
        return username

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if get_user_model().objects.filter(email__iexact=email).exists():
            raise ValidationError(
                _("An account with this address exists already. Find it in the list of users.")
            )
        return email


def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody, and see who has not come yet."""
    _require(request, "users.add_user")
    form = InviteForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        invitation = invitations.invite(**form.cleaned_data, by=request.user)
        messages.success(
            request,
            _("The link was sent to %(email)s. Now give the account its roles in the list of users.")
            % {"email": invitation.user.email},
        )
        return redirect("signin:invite")
    mine = scope.visible(Invitation.objects.filter(accepted_at=None), request.user, "users.add_user")
    waiting = mine.select_related("user", "invited_by")
    rows = [(one, invitations.is_open(one), invitations.expires(one)) for one in waiting]
    return render(request, "signin/invite.html", {"form": form, "invitations": rows, "hours": _hours()})


@require_POST
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a fresh link."""
    _require(request, "users.add_user")
    get_object_or_404(Invitation, pk=pk)
    try:
        invitation = invitations.invite_again(pk, request.user)
    except BadInvitation:
        messages.error(request, _("This account is in use already."))
    else:
        messages.success(
            request,
            _("A new link was sent to %(email)s. The one before no longer works.")
            % {"email": invitation.user.email},
        )
    return redirect("signin:invite")


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    _require(request, "users.add_user")
    get_object_or_404(Invitation, pk=pk)
    try:
        invitations.withdraw(pk, request.user)
    except BadInvitation:
        messages.error(request, _("This account is in use already."))
    else:
        messages.success(request, _("The invitation was withdrawn. Its link no longer works."))
    return redirect("signin:invite")


def person_security(request: HttpRequest, pk: int) -> HttpResponse:
    """The sign-in of another person: factors, sessions, and what an administrator may do about them."""
    person = get_object_or_404(get_user_model(), pk=pk)
    if not custody.may_help(request.user, person):
        raise PermissionDenied
    if request.method == "POST":
        return _help(request, person)
    own = Authenticator.objects.filter(user_id=person.pk)
    context = {
        "person": person,
        "apps": own.filter(type=Authenticator.Type.TOTP).count(),
        "passkeys": own.filter(type=Authenticator.Type.WEBAUTHN).count(),
        "required": requirement.needs_second_factor(person),
        "sessions": sessions.of(person),
    }
    return render(request, "signin/person_security.html", context)


def _help(request: HttpRequest, person: Any) -> HttpResponse:
    if "end_sessions" in request.POST:
        ended = custody.end_sessions(person, request.user)
        messages.success(
            request,
            ngettext("%(count)d session ended.", "%(count)d sessions ended.", ended) % {"count": ended},
        )
    elif "reset_factors" in request.POST:
        custody.reset_factors(person, request.user)
        messages.success(
            request,
            _("The second factors of %(person)s were removed, and the person was told by e-mail.")
            % {"person": person.get_full_name() or person.get_username()},
        )
    return redirect("signin:person_security", person.pk)


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _hours() -> int:
    return int(invitations.lifetime().total_seconds() // 3600)
