"""What citizens agree to. The text stands in ``tips/consent.html`` and its translations; change all together."""

from typing import Final

VERSION: Final = "2026-11"
"""Kept with every tip. A new text gets a new one, so that it is known what was agreed to."""
