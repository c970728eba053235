"""What Wagtail does when a workflow ends: nothing. Signing (signing.py) released the revision already.

Wagtail's own action publishes the *latest* revision, not the one that was approved. This module is imported
while Wagtail's models load, so it imports no model.
"""

from typing import Any


def approved_elsewhere(workflow_state: Any, user: Any) -> None:
    """Leave the page as it is: the portal delivery of the release makes the signed revision live."""
