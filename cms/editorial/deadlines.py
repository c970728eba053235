"""How long a warning may wait for a decision, by severity; what the agency can change of it, and what overdue means.

Urgent warnings are counted by the clock, day and night. The others are counted in working hours, Monday to
Friday: an item submitted on Friday evening is not overdue on Saturday. Public holidays are not known here.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from scam_warnings.enums import Severity

_SATURDAY: Final = 5


@register_setting(icon="time")
class ApprovalDeadlines(BaseGenericSetting):
    """When an approver is reminded, and when the morning's letter leaves."""

    urgent_minutes = models.PositiveSmallIntegerField(
        _("urgent warning: minutes"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(1440)],
        help_text=_("Counted day and night."),
    )
    caution_hours = models.PositiveSmallIntegerField(
        _("warning: working hours"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
    )
    info_hours = models.PositiveSmallIntegerField(
        _("advice: working hours"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(400)],
    )
    day_begins = models.TimeField(_("working day begins"), default=time(7, 30))
    day_ends = models.TimeField(_("working day ends"), default=time(17, 0))
    digest_at = models.TimeField(
        _("daily letter leaves at"),
        default=time(7, 30),
        help_text=_("Everybody for whom something waits gets one letter a day; nobody else gets any."),
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("urgent_minutes"), FieldPanel("caution_hours"), FieldPanel("info_hours")],
            heading=_("Decide within"),
            help_text=_(
                "At the deadline all approvers are reminded; when the same time has passed again, "
                "administrators are told too. Each of the two is sent once."
            ),
        ),
        MultiFieldPanel(
            [FieldPanel("day_begins"), FieldPanel("day_ends")],
            heading=_("Working hours, Monday to Friday"),
        ),
        FieldPanel("digest_at"),
    ]

    class Meta:
        verbose_name = _("deadlines for approval")

    def clean(self) -> None:
        super().clean()
        if self.day_begins and self.day_ends and self.day_begins >= self.day_ends:
            raise ValidationError({"day_ends": _("The working day must end after it begins.")})


@dataclass(frozen=True, slots=True)
class Term:
    """The time one item has, from its submission."""

    began: datetime
    due: datetime
    escalates: datetime
    """When others are told as well."""

    def is_overdue(self, now: datetime) -> bool:
        """Whether the decision should have been made by ``now``."""
        return now >= self.due


def term(severity: str, began: datetime, rules: ApprovalDeadlines) -> Term:
    """The term of an item of ``severity`` that was submitted at ``began`` (aware)."""
    if severity == Severity.URGENT:
        allowed = timedelta(minutes=rules.urgent_minutes)
        return Term(began, began + allowed, began + 2 * allowed)
    hours = rules.info_hours if severity == Severity.INFO else rules.caution_hours
    allowed = timedelta(hours=hours)
    due = after_working_time(began, allowed, rules)
    return Term(began, due, after_working_time(due, allowed, rules))


def after_working_time(moment: datetime, work: timedelta, rules: ApprovalDeadlines) -> datetime:
    """The time at which ``work`` of working time has passed since ``moment``."""
    at = timezone.localtime(moment)
    left = work
    while True:
        begins, ends = (_at(at, hour) for hour in (rules.day_begins, rules.day_ends))
        at = max(at, begins)
        if at.weekday() < _SATURDAY and at < ends:
            if left <= ends - at:
                return at + left
            left -= ends - at
        at = _at(at + timedelta(days=1), time(0))


def _at(day: datetime, hour: time) -> datetime:
    return datetime.combine(day.date(), hour, tzinfo=day.tzinfo)
