"""Which models of this app the audit trail follows: what people set up and decide, never what workers move.

Deliveries, attempts and claims have a record of their own (models/deliveries.py), written in the hot path.
"""

from cms.audit.tracking import track
from publishers.models import Channel, Credential, Discrepancy, Operator


def track_all() -> None:
    """Follow them. What machines update goes past ``save()`` and is not recorded; a halt is logged by itself."""
    track(
        Channel,
        ignore=["open_at", "identity", "checked_at", "check_error", "compared_at", "refusals"],
    )
    track(
        Credential,
        ignore=[
            "open_at",
            "probed_at",
            "updated_at",
            "rotation_token",
            "rotation_until",
            "rotation_outcome_unknown",
        ],
    )
    track(Operator)
    # Found and resolved by the watch; closed, with a reason, by a person.
    track(Discrepancy, ignore=["seen_at", "notice"], creation=False, deletion=False)
