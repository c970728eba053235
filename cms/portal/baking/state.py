"""What baking remembers between two runs: beside the finished files, never among them."""

from pathlib import Path

from django.conf import settings


def folder() -> Path:
    """Where it is kept; losing it costs a comparison of everything and nothing else. Raises OSError."""
    root = Path(settings.PORTAL_ROOT)
    made = root.with_name(f"{root.name}-state")
    made.mkdir(parents=True, exist_ok=True)
    return made
