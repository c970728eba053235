"""Which checks apply to an adapter: those that do not are not there at all, so that nothing is skipped."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

Check = TypeVar("Check", bound=Callable[..., None])
Wanted = Callable[[Any], object]


def where(wanted: Wanted) -> Callable[[Check], Check]:
    """Mark a check that applies only where ``wanted`` says so of the contract's class."""

    def mark(check: Check) -> Check:
        check.wanted = wanted  # type: ignore[attr-defined]
        return check

    return mark


def able(*capabilities: str) -> Callable[[Check], Check]:
    """Mark a check that applies only where all these capabilities are declared."""
    return where(lambda contract: all(getattr(contract.adapter.capabilities, name) for name in capabilities))


def drop_idle(contract: type) -> None:
    """Take away from ``contract`` the checks that do not apply to it, or are exempt."""
    for name in dir(contract):
        check = getattr(contract, name)
        if not name.startswith("test_") or check is None:
            continue
        wanted = getattr(check, "wanted", None)
        if name in contract.exempt or (wanted is not None and not wanted(contract)):  # type: ignore[attr-defined]
            # What is no function is collected by nobody.
            setattr(contract, name, None)


def table(contract: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(check, the failures it is run under) of each check that applies; no failures: it is run once."""
    for name in dir(contract):
        check = getattr(contract, name)
        if name.startswith("test_") and callable(check):
            yield name, contract.parameters(check)
