"""The form of an operator."""

from typing import Any

from django import forms

from publishers.models import Operator
from publishers.within_reach import offer_within_reach


class OperatorForm(forms.ModelForm):
    """Who posts by hand, and for which unit."""

    class Meta:
        model = Operator
        fields = ["name", "email", "phone", "unit", "user", "supervisor_email", "is_active"]

    def __init__(self, *args: Any, for_user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_within_reach(self, for_user, "publishers.add_operator", "publishers.change_operator")
