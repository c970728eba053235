"""Subscribers belong to no unit's staff: only the province sees how many there are, and nobody sees who."""

from cms.subscriptions.models import Subscriber
from cms.users import guard, scope


def register() -> None:
    """Say it once, when the application starts."""
    scope.hang(Subscriber)
    guard.province_only("subscriptions:desk", "subscriptions:erase", "subscriptions:retry")
