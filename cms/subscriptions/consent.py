"""What subscribers agree to. The text stands in ``subscriptions/consent.html``; change both together."""

from typing import Final

VERSION: Final = "2026-11"
