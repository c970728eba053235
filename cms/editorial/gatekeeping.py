"""The gates and stages before a workflow starts, however it is started.

That is on our page, by Wagtail's own buttons, by a command, by an API.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from cms.editorial.declarations import SecrecyDeclaration, declarations_for
from cms.editorial.stages.lanes import Stages, lane_for, stages_of
from cms.editorial.stages.reviews import review_of
from scam_warnings.gates import require_open
from scam_warnings.models import ScamWarningPage


class GatesClosed(PermissionDenied):
    """Something is not done yet; the message lists it."""


def require_ready(page_id: int) -> None:
    """Raise GatesClosed unless the latest revision of the page passes every gate and was declared no state secret."""
    page = ScamWarningPage.objects.get(pk=page_id)
    revision = page.get_latest_revision()
    try:
        require_open(revision.as_object())
    except ValidationError as error:
        raise GatesClosed(" ".join(error.messages)) from error
    if not declarations_for(page, revision).filter(stage=SecrecyDeclaration.Stage.SUBMISSION).exists():
        raise GatesClosed(
            _(
                "Nobody declared yet that the content is not a state secret. Submit the warning on its submission page."
            )
        )


def require_stage(workflow_state: Any, *, signs: bool) -> None:
    """Raise GatesClosed for a round on another path than the settings ask for when it begins, and for a stage that
    signs before exactly this content was reviewed in this round, where the path has a review."""
    page = ScamWarningPage.objects.get(pk=int(workflow_state.object_id))
    revision = page.get_latest_revision()
    if not workflow_state.task_states.exists():
        lane = lane_for(page, revision.as_object())
        if lane is not None and lane.workflow_id != workflow_state.workflow_id:
            raise GatesClosed(
                _(
                    "For this unit and severity other stages are set: %s. Submit the warning on its submission page."
                )
                % lane.get_stages_display()
            )
    if signs and stages_of(workflow_state) == Stages.TWO and review_of(workflow_state, revision) is None:
        raise GatesClosed(
            _("This content was not reviewed. Submit the warning anew, so that a reviewer reads it first.")
        )
