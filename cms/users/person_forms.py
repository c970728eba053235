"""The forms of a person: who they are, and which role they are given where."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wagtail.users.forms import UserCreationForm, UserEditForm

from cms.users import memberships, scope
from cms.users.models import Unit, User
from cms.users.roles import CONFIRMED_BY_TWO, Role

_FIELDS = ["username", "email", "last_name", "first_name", "unit", "position"]


def offered_units(by: Any, *permissions: str) -> Any:
    """Units that still exist within reach of ``by``, from the province down."""
    return scope.visible(Unit.objects.existing(), by, *permissions).order_by("path")


class UnitChoice(forms.ModelChoiceField):
    """A list of units, each set in as deep as it stands in the tree."""

    def label_from_instance(self, obj: Unit) -> str:
        return f"{'— ' * obj.depth}{obj.name}"


class _PersonForm:
    fields: dict[str, forms.Field]
    instance: User
    for_user: Any

    def _choose_unit(self) -> None:
        by = self.for_user
        offered = offered_units(by, "users.add_user", "users.change_user")
        unit = UnitChoice(
            queryset=offered,
            label=_("Unit"),
            help_text=_("Where this person works. Their roles are given on the page of their roles."),
            required=not scope.reach(by).everything,
        )
        if self.instance.unit_id and not offered.filter(pk=self.instance.unit_id).exists():
            # They work elsewhere and only hold a role here.
            del self.fields["unit"]
            return
        self.fields["unit"] = unit


class PersonCreationForm(_PersonForm, UserCreationForm):
    """A new person. No groups, no superusers: roles are held in units."""

    is_superuser = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.for_user = kwargs.pop("for_user")
        super().__init__(*args, **kwargs)
        self._choose_unit()

    class Meta:
        model = User
        fields = _FIELDS


class PersonEditForm(_PersonForm, UserEditForm):
    """A person. Whoever holds a role of two administrators chooses their own password."""

    is_superuser = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.for_user = kwargs.pop("for_user")
        editing_self = kwargs.pop("editing_self", False)
        super().__init__(*args, **kwargs)
        if editing_self:
            del self.fields["is_active"]
        self._choose_unit()
        self._keep_what_is_not_theirs()

    def _keep_what_is_not_theirs(self) -> None:
        """Whoever changes an address can have a new password sent there: not beyond their reach, and not alone."""
        reach = scope.reach_for(self.for_user, "users.change_user")
        if not memberships.all_of(self.instance, reach):
            kept: tuple[str, ...] = ("username", "email", "last_name", "first_name", "position", "is_active")
            words = _(
                "This person also works or holds roles outside your units: an administrator of the unit "
                "above changes this."
            )
        elif self._decided_by_two():
            kept = ("email",)
            words = _(
                "Approvers and administrators are made by two. To change the address, end the role, change it, and "
                "ask for the role again."
            )
        else:
            return
        for name in kept:
            if name in self.fields:
                self.fields[name].disabled = True
                self.fields[name].help_text = words

    def _decided_by_two(self) -> bool:
        return self.instance.is_superuser or memberships.given(self.instance, *CONFIRMED_BY_TWO)

    @property
    def password_enabled(self) -> bool:
        """Setting an approver's password would be a way to become one."""
        return bool(UserEditForm.password_enabled.fget(self)) and not self._decided_by_two()

    class Meta:
        model = User
        fields = [*_FIELDS, "is_active"]


class GrantForm(forms.Form):
    """A role in a unit."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = UnitChoice(queryset=Unit.objects.none(), label=_("In the unit"), empty_label=_("Choose a unit"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("For the second administrator, where the role needs one."),
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = offered_units(by, "users.change_user")  # type: ignore[attr-defined]


class RefuseForm(forms.Form):
    """Why a role is refused."""

    note = forms.CharField(label=_("Reason"), max_length=300)

    def clean_note(self) -> str:
        note = " ".join(self.cleaned_data["note"].split())
        if not note:
            raise ValidationError(_("Say why you refuse, so that whoever asked knows."))
        return note
