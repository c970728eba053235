"""The forms of a unit: what it is, where it stands, and into which it goes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cms.users import units
from cms.users.models import Unit
from cms.users.person_forms import UnitChoice, offered_units


class UnitForm(forms.ModelForm):
    """A unit. Which kinds stand where is the model's rule."""

    parent = UnitChoice(queryset=Unit.objects.none(), label=_("Superior unit"), required=False)

    class Meta:
        model = Unit
        fields = ["name", "code", "kind", "parent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.for_user = kwargs.pop("for_user")
        super().__init__(*args, **kwargs)
        parent: Any = self.fields["parent"]
        parent.queryset = offered_units(self.for_user, "users.add_unit", "users.change_unit")
        if self.instance.pk and self.instance.parent_id is None:
            # The province stays at the top.
            del self.fields["parent"]
            self.fields["kind"].disabled = True
            return
        parent.required = True
        if self.instance.pk:
            parent.queryset = parent.queryset.exclude(path__startswith=self.instance.path)
            if not parent.queryset.filter(pk=self.instance.parent_id).exists():
                # Their own unit hangs on one they do not reach: only people above move it.
                del self.fields["parent"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kind = cleaned.get("kind")
        if self.instance.pk and kind and kind != self.instance.kind:
            before = self.instance.kind
            self.instance.kind = kind
            wrong = units.misplaced_below(self.instance)
            self.instance.kind = before
            if wrong is not None:
                self.add_error("kind", _("“%s” stands below and cannot stand under this kind.") % wrong)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # The rules of the tree look at the superior unit even where this form does not offer it.
        return super()._get_validation_exclusions() - {"parent"}  # type: ignore[misc]


class MergeForm(forms.Form):
    """The successor, the day, the decision."""

    into = UnitChoice(
        queryset=Unit.objects.none(), label=_("Into which unit"), empty_label=_("Choose the successor")
    )
    on = forms.DateField(
        label=_("In force from"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    decision = forms.CharField(
        label=_("Number of the decision"), max_length=80, help_text=_("For example 1660/NQ-UBTVQH15.")
    )
    understood = forms.BooleanField(
        label=_("I know that this cannot be undone."),
        error_messages={"required": _("Tick this to confirm: a merger cannot be undone.")},
    )

    def __init__(self, *args: Any, source: Unit, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.queryset = offered_units(by, "users.change_unit").exclude(path__startswith=source.path)

    def clean_decision(self) -> str:
        decision = " ".join(self.cleaned_data["decision"].split())
        if not decision:
            raise ValidationError(_("Enter the number of the decision on the merger."))
        return decision
