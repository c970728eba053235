"""Faults on request: which call they hit, how often, and what they do to it."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

APIS = ("graph", "zalo", "zalo_oauth")

# What a mode does: whether the call takes effect unless the fault says otherwise.
MODES = {
    "refuse": False,
    "effect_then_error": True,
    "effect_then_timeout": True,
    "timeout_no_effect": False,
    "html_502": False,
    "empty_200": False,
    "bad_json": False,
    "slow": True,
    "delayed_visibility": True,
    "error_as_string": True,
    "usage_header_unknown_key": True,
    "usage_header_list": True,
    "no_content_type": True,
    "text_javascript": True,
    "body_true": True,
}
MAX_FAULTS = 100


class BadFault(ValueError):
    """The fault was described wrongly; the message says how."""


@dataclass
class Fault:
    """One planned fault.

    It matches a call by ``api``, ``operation`` and ``method`` (empty: any) and by ``path``, a regular
    expression searched in the request path. It fires on the ``nth`` matching call and on the following
    ones until it has fired ``times`` times (0: without end).

    ``code``, ``subcode``, ``status`` and ``message`` shape the error of ``refuse`` and
    ``effect_then_error``. ``seconds`` is how long a socket is held, a reply delayed or an item hidden.
    ``drop`` closes the socket at once instead of holding it. ``effect`` says whether the call acts
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
    code: int | None = None
    subcode: int | None = None
    status: int | None = None
    message: str = ""
    seconds: float = 5.0
    drop: bool = False
    effect: bool | None = None
    late: bool = False
    visible_after: float = 0.0
    seen: int = 0
    fired: int = 0

    @property
    def acts(self) -> bool:
        """Whether the call takes effect."""
        return MODES[self.mode] if self.effect is None else self.effect

    @property
    def hides_for(self) -> float:
        """Seconds until the effect shows up in read-backs."""
        return self.visible_after or (self.seconds if self.mode == "delayed_visibility" else 0.0)

    def matches(self, api: str, operation: str, method: str, path: str) -> bool:
        """Whether the call is of the kind this fault waits for."""
        return (
            self.api in ("", api)
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
    "code": (int, type(None)),
    "subcode": (int, type(None)),
    "status": (int, type(None)),
    "message": (str,),
    "seconds": (int, float),
    "drop": (bool,),
    "effect": (bool, type(None)),
    "late": (bool,),
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
    try:
        re.compile(flat.get("path", ""))
    except re.error as error:
        raise BadFault("path is not a regular expression") from error
    return Fault(**flat)


class FaultPlan:
    """The faults waiting to fire, in the order they were planned."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Plan one more. Raises BadFault above MAX_FAULTS."""
        if len(self._faults) >= MAX_FAULTS:
            raise BadFault("too many faults planned")
        self._faults.append(fault)

    def clear(self) -> None:
        """Forget all."""
        self._faults.clear()

    def take(self, api: str, operation: str, method: str, path: str) -> Fault | None:
        """Count this call for every fault it matches; the first one due fires and is returned."""
        due: Fault | None = None
        for fault in self._faults:
            if not fault.matches(api, operation, method, path):
                continue
            fault.seen += 1
            if due is None and fault.seen >= fault.nth and (not fault.times or fault.fired < fault.times):
                fault.fired += 1
                due = fault
        return due

    def listing(self) -> list[dict[str, Any]]:
        """All faults with how often they were seen and fired."""
        return [asdict(fault) for fault in self._faults]
