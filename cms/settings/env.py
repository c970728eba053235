"""Read settings from the environment, and fail loudly when one is missing or malformed."""

import ipaddress
import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The variable ``name``, or the content of the file that ``name_FILE`` points at.

    Raises ImproperlyConfigured when neither is set and there is no default.
    """
    file = os.environ.get(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: cannot read {file}: {error.strerror}") from error
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"Set the environment variable {name} (see .env.example).")
    return default


def boolean(name: str, default: bool) -> bool:
    """True for 1/true/yes/on, False for 0/false/no/off; anything else is refused."""
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """One of ``allowed``."""
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def integer(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    """A whole number between ``least`` and ``most``."""
    value = text(name, str(default))
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error
    if not least <= number <= most:
        raise ImproperlyConfigured(f"{name} must lie between {least} and {most}, not {number}.")
    return number


def seconds(name: str, default: float) -> float:
    """A duration in seconds, zero or more."""
    value = text(name, str(default))
    try:
        number = float(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a number of seconds, not {value!r}.") from error
    if number < 0:
        raise ImproperlyConfigured(f"{name} must not be negative.")
    return number


def listing(name: str, default: str = "") -> list[str]:
    """A comma-separated list, blanks dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def networks(name: str, default: str = "") -> list[str]:
    """Networks in CIDR notation, separated by commas."""
    found = listing(name, default)
    for part in found:
        try:
            ipaddress.ip_network(part)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} holds {part!r}; write networks as 10.0.0.0/8.") from error
    return found


def rates(name: str) -> dict[str, tuple[float, float, int]]:
    """Paces as ``kind.scope=calls/seconds/burst``, separated by commas."""
    found: dict[str, tuple[float, float, int]] = {}
    for part in listing(name):
        match = re.fullmatch(
            r"([\w-]+\.(?:channel|account|platform))=(\d{1,7})/(\d{1,6})(?:/(\d{1,5}))?", part
        )
        if match is None or int(match[3]) == 0:
            raise ImproperlyConfigured(
                f"{name} holds {part!r}; write kind.scope=calls/seconds/burst, for example "
                "zalo_group.account=100/60/10."
            )
        found[match[1]] = (float(match[2]), float(match[3]), int(match[4] or 1))
    return found
