"""Which stages an item passes: by unit and severity, looked up when it is submitted and kept with its round.

A path is one of Wagtail's workflows. The round (Wagtail's workflow state) names its workflow, so that a later
change of the settings moves nothing that is under way.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail.models import Workflow, WorkflowState

from cms.users.models import Unit
from scam_warnings.enums import Severity


class Stages(models.TextChoices):
    """The paths there are. Approval is the last stage of each, and the only one that signs."""

    ONE = "one", _("Approval")
    TWO = "two", _("Review, then approval")
    URGENT = "urgent", _("Urgent: approval at once, follow-up review within 24 hours")


class Lane(models.Model):
    """The workflow that carries a path; made by ``setup_site``."""

    stages = models.CharField(max_length=10, choices=Stages.choices, unique=True)
    workflow = models.OneToOneField(Workflow, on_delete=models.PROTECT, related_name="lane")

    def __str__(self) -> str:
        return self.get_stages_display()


class ApprovalPath(models.Model):
    """What a unit, and those below it that say nothing else, asks of items of one severity."""

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="approval_paths", verbose_name=_("unit")
    )
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices)
    stages = models.CharField(_("stages"), max_length=10, choices=Stages.choices)

    class Meta:
        verbose_name = _("approval stages")
        verbose_name_plural = _("approval stages")
        ordering = ["unit__path", "severity"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "severity"],
                name="one_path_for_a_unit_and_severity",
                violation_error_message=_(
                    "This unit has an entry for this severity already. Change that one instead."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.get_severity_display()}: {self.get_stages_display()}"


def stages_for(unit_id: int | None, severity: str) -> Stages:
    """What is asked now of an item of ``severity`` in this unit: the nearest unit upwards that says so decides."""
    rows = ApprovalPath.objects.filter(severity=severity, unit__in=upwards(unit_id)).select_related("unit")
    nearest = max(rows, key=lambda row: row.unit.depth, default=None)
    if nearest is not None:
        return Stages(nearest.stages)
    return Stages.URGENT if severity == Severity.URGENT else Stages.ONE


def upwards(unit_id: int | None) -> list[int]:
    """The ids of the unit and of all above it; what has no unit belongs to the province."""
    if unit_id is None:
        return list(Unit.objects.filter(parent__isnull=True).values_list("pk", flat=True))
    path = Unit.objects.values_list("path", flat=True).get(pk=unit_id)
    return [int(part) for part in path.split("/") if part]


def lane_for(page: Any, content: Any) -> Lane | None:
    """The lane of ``content``, a version of ``page``; None where none is set up."""
    return _lane(stages_for(page.unit_id, content.severity))


def workflow_for(page: Any) -> Workflow | None:
    """The workflow that the latest version of ``page`` takes when it is submitted now (settings.APPROVAL_WORKFLOW)."""
    revision = page.latest_revision
    known = revision.content.get("severity") if revision is not None else None
    severity = known if known in Severity.values else page.severity
    lane = _lane(stages_for(page.unit_id, severity))
    return lane.workflow if lane is not None else None


def stages_of(state: WorkflowState) -> Stages:
    """The path a round is on. A workflow nobody set up as a lane counts as one stage."""
    lane = getattr(state.workflow, "lane", None)
    return Stages(lane.stages) if lane is not None else Stages.ONE


def _lane(stages: Stages) -> Lane | None:
    return Lane.objects.select_related("workflow").filter(stages=stages, workflow__active=True).first()


def move(source: Unit, into: Unit) -> int:
    """A merged unit's entries go to its successor, unless that has its own."""
    kept = set(ApprovalPath.objects.filter(unit=into).values_list("severity", flat=True))
    rows = ApprovalPath.objects.filter(unit=source)
    rows.filter(severity__in=kept).delete()
    return rows.update(unit=into)
