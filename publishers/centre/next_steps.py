"""What somebody can do about a release besides looking at it: other parts of the product offer their pages here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from publishers.models import Release


@dataclass(frozen=True, slots=True)
class Step:
    """A page and what its button says."""

    url: str
    label: str | Promise
    serious: bool = False


Offer = Callable[[Any, Release], Step | None]
_offers: list[Offer] = []


def offer(made: Offer) -> None:
    """Called once by each part, when its app is ready. ``made`` says what there is for a user; None: nothing."""
    _offers.append(made)


def steps(user: Any, release: Release) -> list[Step]:
    """What ``user`` can do about ``release`` now."""
    return [step for made in _offers if (step := made(user, release)) is not None]
