"""The form of a delegation: which role, who exercises it, from which day to which."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.users import delegations, scope
from cms.users.models import Membership


class RoleChoice(forms.ModelChoiceField):
    """Whose role it is, and where."""

    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.user.get_full_name() or obj.user} – {obj.get_role_display()}, {obj.unit}"


class PersonChoice(forms.ModelChoiceField):
    """A person with their position and unit."""

    def label_from_instance(self, obj: Any) -> str:
        about = ", ".join(str(part) for part in (obj.position, obj.unit) if part)
        name = obj.get_full_name() or obj.get_username()
        return f"{name} ({about})" if about else name


class DelegationForm(forms.Form):
    """Whole days, both included."""

    membership = RoleChoice(
        queryset=Membership.objects.none(), label=_("Role to be delegated"), empty_label=_("Choose a role")
    )
    to_user = PersonChoice(
        queryset=get_user_model().objects.none(),
        label=_("Delegated to"),
        empty_label=_("Choose a person"),
        help_text=_("Somebody who holds a role in that unit or below it."),
    )
    first = forms.DateField(
        label=_("From (day)"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )
    last = forms.DateField(
        label=_("To the end of (day)"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For example: on a mission, number of the authorisation."),
        error_messages={"required": _("Say why you delegate: it stands in the record.")},
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles: Any = self.fields["membership"]
        roles.queryset = delegations.offered(by)
        if "membership" not in self.initial:
            own = roles.queryset.filter(user=by).first()
            self.initial["membership"] = own.pk if own is not None else None
        people: Any = self.fields["to_user"]
        people.queryset = _people(by, roles.queryset)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first. Choose another day."))
        elif last and last < timezone.localdate():
            self.add_error("last", _("This day is over. Choose another day."))
        chosen, delegate = cleaned.get("membership"), cleaned.get("to_user")
        if chosen and delegate and delegate.pk == chosen.user_id:
            self.add_error("to_user", _("Choose another person: nobody delegates to themselves."))
        return cleaned

    @property
    def begins_at(self) -> datetime:
        """Of the first day."""
        return _midnight(self.cleaned_data["first"])

    @property
    def ends_at(self) -> datetime:
        """After the last day."""
        return _midnight(self.cleaned_data["last"] + timedelta(days=1))


def _people(by: Any, roles: QuerySet[Membership]) -> QuerySet[Any]:
    """Whoever could exercise one of the roles; which fits which, the service says."""
    units = [row.unit for row in roles.select_related("unit")]
    reach = scope.held(by)
    held = Membership.objects.filter(ended_at__isnull=True)
    if not reach.everything:
        held = held.filter(unit__in=reach.units)
    if not units:
        held = held.none()
    people = get_user_model().objects.filter(is_active=True, pk__in=held.values("user")).exclude(pk=by.pk)
    return people.select_related("unit").order_by("last_name", "first_name", "username")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(0)))
