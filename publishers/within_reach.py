"""Forms offer only what the person reaches: their units, and the accounts, operators and people of these."""

from typing import Any, Final

from django import forms

from cms.users import scope
from cms.users.models import Unit

_RELATED: Final = {
    "credential": ("publishers.view_credential", "publishers.change_credential"),
    "operator": ("publishers.view_operator", "publishers.change_operator"),
    "user": (),
}


def offer_within_reach(form: forms.ModelForm, user: Any, *permissions: str) -> None:
    """Narrow the choices of ``form``; what is stored stays choosable. Without ``user`` nothing is narrowed.

    Who does not reach the province must name a unit: a row without one belongs to the province.
    """
    if user is None:
        return
    reach = scope.reach_for(user, *permissions)
    unit: Any = form.fields["unit"]
    unit.queryset = scope.visible(Unit.objects.existing(), user, *permissions)
    if not reach.everything:
        unit.required = True
        unit.empty_label = None
        unit.help_text = ""
    for name, wanted in _RELATED.items():
        field: Any = form.fields.get(name)
        if field is not None:
            stored = field.queryset.filter(pk=getattr(form.instance, f"{name}_id"))
            field.queryset = (scope.visible(field.queryset, user, *wanted) | stored).distinct()
