"""Faults on request: which call they hit, how often, and what they do to it."""

from __future__ import annotations

import random
import re
from dataclasses import asdict, dataclass
from typing import Any

APIS = ("graph", "zalo", "zalo_oauth", "partner", "smtp")

# What a mode does: whether the call takes effect unless the fault says otherwise.
MODES = {
    "refuse": False,
    "greylist": False,
    "effect_then_error": True,
    "effect_then_timeout": True,
    "timeout_no_effect": False,
    "html_502": False,
    "empty_200": False,
    "bad_json": False,
    "empty_object": False,
    "redirect": False,
    "page_429": False,
    "slow": True,
    "trickle": True,
    "half_body": True,
    "oversize": True,
    "wrong_id": True,
    "delayed_visibility": True,
    "error_as_string": True,
    "usage_header_unknown_key": True,
    "usage_header_list": True,
    "no_content_type": True,
    "text_javascript": True,
    "body_true": True,
}
# What only a mail server says.
SMTP_ONLY = {"greylist"}
SMTP_MODES = {
    "refuse",
    "greylist",
    "effect_then_error",
    "effect_then_timeout",
    "timeout_no_effect",
    "slow",
}
# What only a client of the Graph API trips over.
GRAPH_ONLY = {"usage_header_unknown_key", "usage_header_list", "body_true"}
MAX_FAULTS = 100


class BadFault(ValueError):
    """The fault was described wrongly; the message says how."""


@dataclass
class Fault:
    """One planned fault.

    It matches a call by ``api``, ``operation`` and ``method`` (empty: any) and by ``path``, a regular
    expression searched in the request path (of a mail: in the recipient's address). It fires on the ``nth``
    matching call and on the following ones until it has fired ``times`` times (0: without end), each time
    with the probability ``chance``; the draws are those of ``seed``.

    ``code``, ``subcode``, ``status`` and ``message`` shape the error of ``refuse`` and
    ``effect_then_error``; with ``retry_after`` the error says so many seconds in a Retry-After header.
    ``seconds`` is how long a socket is held, a reply delayed or an item hidden.
    ``drop`` closes the socket at once instead of holding it. ``until_hangup`` ends every wait as soon as the
    caller has given up, so that a test need not sit out ``seconds``. ``effect`` says whether the call acts
    (default: the mode's own). ``late`` makes ``slow`` act after the wait rather than before it.
    ``visible_after`` hides what the call created from read-backs for so many seconds, in any mode.
    """

    mode: str
    api: str = ""
    operation: str = ""
    method: str = ""
    path: str = ""
    nth: int = 1
    times: int = 1
    chance: float = 1.0
    seed: int = 0
    code: int | None = None
    subcode: int | None = None
    status: int | None = None
    message: str = ""
    retry_after: int = 0
    seconds: float = 5.0
    drop: bool = False
    effect: bool | None = None
    late: bool = False
    until_hangup: bool = False
    visible_after: float = 0.0
    seen: int = 0
    fired: int = 0

    @property
    def acts(self) -> bool:
        """Whether the call takes effect."""
        return MODES[self.mode] if self.effect is None else self.effect

    @property
    def holds(self) -> bool:
        """Whether it will leave a caller waiting."""
        waits = self.mode in ("effect_then_timeout", "timeout_no_effect") and not self.drop
        to_come = not self.times or self.fired < self.times
        return to_come and (waits or self.mode == "trickle" or (self.mode == "slow" and self.late))

    @property
    def hides_for(self) -> float:
        """Seconds until the effect shows up in read-backs."""
        return self.visible_after or (self.seconds if self.mode == "delayed_visibility" else 0.0)

    def matches(self, api: str, operation: str, method: str, path: str) -> bool:
        """Whether the call is of the kind this fault waits for."""
        return (
            self.api in ("", api)
            and (self.mode in SMTP_MODES if api == "smtp" else self.mode not in SMTP_ONLY)
            and self.operation in ("", operation)
            and self.method in ("", method)
            and (not self.path or re.search(self.path, path) is not None)
        )


_TYPES: dict[str, tuple[type, ...]] = {
    "mode": (str,),
    "api": (str,),
    "operation": (str,),
    "method": (str,),
    "path": (str,),
    "nth": (int,),
    "times": (int,),
    "chance": (int, float),
    "seed": (int,),
    "code": (int, type(None)),
    "subcode": (int, type(None)),
    "status": (int, type(None)),
    "message": (str,),
    "retry_after": (int,),
    "seconds": (int, float),
    "drop": (bool,),
    "effect": (bool, type(None)),
    "late": (bool,),
    "until_hangup": (bool,),
    "visible_after": (int, float),
}


def parse_fault(raw: Any) -> Fault:
    """Read a fault from JSON; ``match`` may hold api, operation, method and path. Raises BadFault."""
    if not isinstance(raw, dict):
        raise BadFault("a fault is an object")
    flat = {key: value for key, value in raw.items() if key != "match"}
    match = raw.get("match", {})
    if not isinstance(match, dict) or set(match) - {"api", "operation", "method", "path"}:
        raise BadFault("match holds api, operation, method, path")
    flat |= match
    for key, value in flat.items():
        if key not in _TYPES:
            raise BadFault(f"unknown key {key!r}")
        if not isinstance(value, _TYPES[key]) or (isinstance(value, bool) and bool not in _TYPES[key]):
            raise BadFault(f"{key} has the wrong type")
    if flat.get("mode") not in MODES:
        raise BadFault("mode is one of " + ", ".join(MODES))
    if flat.get("api", "") not in ("", *APIS):
        raise BadFault("api is one of " + ", ".join(APIS))
    if flat.get("api") == "smtp" and flat["mode"] not in SMTP_MODES:
        raise BadFault("a mail server's mode is one of " + ", ".join(sorted(SMTP_MODES)))
    if flat["mode"] == "greylist" and flat.get("api") != "smtp":
        raise BadFault("greylist is a mail server's: api is smtp")
    try:
        re.compile(flat.get("path", ""))
    except re.error as error:
        raise BadFault("path is not a regular expression") from error
    return Fault(**flat)


class FaultPlan:
    """The faults waiting to fire, in the order they were planned."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._draws: list[random.Random] = []

    def add(self, fault: Fault) -> None:
        """Plan one more. Raises BadFault above MAX_FAULTS."""
        if len(self._faults) >= MAX_FAULTS:
            raise BadFault("too many faults planned")
        self._faults.append(fault)
        self._draws.append(random.Random(fault.seed))  # noqa: S311 - a dice, not a secret

    def clear(self) -> None:
        """Forget all."""
        self._faults.clear()
        self._draws.clear()

    def take(self, api: str, operation: str, method: str, path: str) -> Fault | None:
        """Count this call for every fault it matches; the first one due fires and is returned."""
        due: Fault | None = None
        for fault, draw in zip(self._faults, self._draws, strict=True):
            if not fault.matches(api, operation, method, path):
                continue
            fault.seen += 1
            waits = fault.seen >= fault.nth and (not fault.times or fault.fired < fault.times)
            # Drawn also when another one fires, so that the draws of one fault do not depend on the others.
            if waits and draw.random() < fault.chance and due is None:
                fault.fired += 1
                due = fault
        return due

    @property
    def holding(self) -> bool:
        """Whether a caller may be left waiting from now on."""
        return any(fault.holds for fault in self._faults)

    def listing(self) -> list[dict[str, Any]]:
        """All faults with how often they were seen and fired."""
        return [asdict(fault) for fault in self._faults]
