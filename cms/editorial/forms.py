"""What an approver fills in."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishers import clock, scheduling
from publishers.refusals import Refused

DECLARATION = _("The content is not a state secret and may be made public.")


class ReturnForm(forms.Form):
    """Returning needs a reason the author can act on."""

    comment = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what has to change, so that the author can mend it.")},
    )


class PassOnForm(forms.Form):
    """A reviewer's mark that exactly this was read, with what the approver should know."""

    seal = forms.CharField(widget=forms.HiddenInput, max_length=64)
    remark = forms.CharField(
        label=_("Remark for the approver"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FollowUpForm(forms.Form):
    """What came out of a follow-up review; more than accepting needs a reason."""

    outcome = forms.ChoiceField(
        label=_("Result"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came out of the review.")},
    )
    note = forms.CharField(
        label=_("Reason or remark"),
        max_length=2000,
        required=False,
        help_text=_("Required unless you accept it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome: Any = self.fields["outcome"]
        outcome.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("outcome") not in (None, "accepted") and not (cleaned.get("note") or "").strip():
            self.add_error("note", _("Say what is wrong, so that it can be mended."))
        return cleaned


class RejectForm(forms.Form):
    """Refusing for good needs a reason too."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the warning is not approved: its author reads it.")},
    )


class WithdrawReasonForm(forms.Form):
    """Why a warning is taken back, in words for the public."""

    note = forms.CharField(
        label=_("Reason (public)"),
        max_length=300,
        help_text=_("Stands on the portal and in every notice. One or two sentences."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the warning is withdrawn: the public reads it.")},
    )


class SubmitForm(forms.Form):
    """The author's declaration, about exactly the content the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    not_secret = forms.BooleanField(
        label=DECLARATION,
        error_messages={"required": _("Confirm that the content is not a state secret before you submit.")},
    )


class VietnamTimeField(forms.DateTimeField):
    """A time of day in Vietnam, whatever zone the session works in; to the minute."""

    widget = forms.DateTimeInput(
        format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "step": "60", "autocomplete": "off"}
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M"], **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(settings.TIME_ZONE):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            return timezone.localtime(value, ZoneInfo(settings.TIME_ZONE)).replace(tzinfo=None)
        return value


def clean_time(moment: datetime) -> datetime:
    """``moment`` to the minute, as a time of publication. Raises ValidationError."""
    try:
        return scheduling.require_time(moment, clock.now())
    except Refused as refusal:
        raise forms.ValidationError(str(refusal)) from None


class ApproveForm(forms.Form):
    """A signature: the seal of what the page showed, and the declaration the law asks for."""

    seal = forms.CharField(widget=forms.HiddenInput, max_length=64)
    not_secret = forms.BooleanField(
        label=DECLARATION,
        error_messages={"required": _("Confirm that the content is not a state secret before you approve.")},
    )


class PublishForm(ApproveForm):
    """A signature under a version, and when it begins to leave."""

    class When:
        NOW = "now"
        LATER = "later"

    when = forms.ChoiceField(
        label=_("When it is published"),
        choices=[(When.NOW, _("Publish now")), (When.LATER, _("Set a time"))],
        required=False,
        initial=When.NOW,
        widget=forms.RadioSelect,
    )
    publish_at = VietnamTimeField(label=_("Time of publication"), required=False)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("when") != self.When.LATER:
            values["publish_at"] = None
            self.errors.pop("publish_at", None)
        elif values.get("publish_at") is not None:
            try:
                values["publish_at"] = clean_time(values["publish_at"])
            except forms.ValidationError as error:
                self.add_error("publish_at", error)
        elif "publish_at" not in self.errors:
            self.add_error("publish_at", _("Enter the day and the time at which it is published."))
        return values


class ScheduleReasonForm(forms.Form):
    """Why a held release is published at once, or not at all."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It goes into the log of the warning."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: it goes into the log.")},
    )


class ScheduleTimeForm(ScheduleReasonForm):
    """Another time, and why."""

    publish_at = VietnamTimeField(
        label=_("New time of publication"),
        error_messages={"required": _("Enter the day and the time at which it is published.")},
    )
    field_order = ("publish_at", "reason")

    def clean_publish_at(self) -> datetime:
        return clean_time(self.cleaned_data["publish_at"])
