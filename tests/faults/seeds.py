"""How much of the fault suite runs: a few seeds and short pauses by default, the plan's figures when asked.

FAULT_SEEDS names the seeds ("1,2,3,4,5"), FAULT_WARNINGS how many warnings each mixed run signs,
FAULT_STOP_SECONDS for how long a worker sleeps, FAULT_APPROVALS how often two approvers press at once,
FAULT_WITHDRAWALS how often a warning is withdrawn while it is being sent, FAULT_LOCK_SECONDS for how long the
database is held.
"""

import os

WARNINGS = int(os.environ.get("FAULT_WARNINGS", "8"))
STOP_SECONDS = float(os.environ.get("FAULT_STOP_SECONDS", "0"))
APPROVALS = int(os.environ.get("FAULT_APPROVALS", "3"))
WITHDRAWALS = int(os.environ.get("FAULT_WITHDRAWALS", "3"))
LOCK_SECONDS = float(os.environ.get("FAULT_LOCK_SECONDS", "0"))


def seeds(default: int) -> list[int]:
    """The seeds of FAULT_SEEDS, or the first ``default`` ones."""
    named = os.environ.get("FAULT_SEEDS", "")
    return [int(part) for part in named.split(",") if part.strip()] or list(range(1, default + 1))
