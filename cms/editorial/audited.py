"""Which models of this app the audit trail follows: what administrators set up.

Decisions on warnings arrive through Wagtail's history.
"""

from cms.audit.tracking import track
from cms.editorial.deadlines import ApprovalDeadlines
from cms.editorial.stages.lanes import ApprovalPath, Lane


def track_all() -> None:
    """Follow them."""
    for model in (ApprovalDeadlines, ApprovalPath, Lane):
        track(model)
