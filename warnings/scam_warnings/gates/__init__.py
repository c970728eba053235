"""The gates: what a warning must have before it is submitted and before it is signed, one small class each."""

from scam_warnings.gates.base import Gate, Link, Result, State, Subject
from scam_warnings.gates.complete import require_complete
from scam_warnings.gates.registry import GATES, checklist, obstacles, require_open

__all__ = [
    "GATES",
    "Gate",
    "Link",
    "Result",
    "State",
    "Subject",
    "checklist",
    "obstacles",
    "require_complete",
    "require_open",
]
