"""What subscribers agree to. The text stands in ``subscriptions/consent.html`` and its translations.

Change all together.
"""

from typing import Final

VERSION: Final = "2026-11"
