"""Which models of this app the audit trail follows."""

from cms.audit.tracking import track
from cms.audit.wagtail_log import covered
from cms.signin.models import Invitation


def track_all() -> None:
    """Invitations, without the part that makes their link."""
    track(Invitation, ignore=["nonce"])
    covered("keng.invited", "keng.invitation_withdrawn", "keng.invitation_accepted")
