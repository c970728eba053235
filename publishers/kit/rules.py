"""How a broken rule is told, and the rules that need no server."""

from typing import Any, Final

from publishers.contracts import Capabilities, Publisher, Scope

# Capability → the method the dispatcher calls where it is declared.
_METHODS: Final = {"edit": "edit", "delete": "delete", "listing": "shown", "insights": "insights"}
MAX_SENTENCE: Final = 500


class ContractBroken(AssertionError):
    """An adapter does what it must not; the text says which rule and what was seen."""


def require(kept: object, broken: str) -> None:
    """Raise ContractBroken saying ``broken`` unless ``kept``. Unlike ``assert`` it also works under -O."""
    if not kept:
        raise ContractBroken(broken)


def check_capabilities(adapter: Any) -> None:
    """Raise ContractBroken when what the class declares and what it can do are not the same."""
    require(isinstance(getattr(adapter, "kind", None), str) and adapter.kind, "the adapter has no kind")
    able = getattr(adapter, "capabilities", None)
    if not isinstance(able, Capabilities):
        raise ContractBroken("capabilities is not a publishers.contracts.Capabilities")
    for name in ("check", "send", "find"):
        require(_defines(adapter, name), f"{name}() is missing: every kind is asked for it")
    for capability, method in _METHODS.items():
        declared, defined = getattr(able, capability), _defines(adapter, method)
        require(defined or not declared, f"“{capability}” is declared, but there is no {method}()")
        require(declared or not defined, f"{method}() exists, but “{capability}” is not declared")
    require(able.max_length > 0, "max_length is not positive: no text could go out")
    require(able.images >= 0, "images is negative")
    require(not able.images or able.max_image_bytes > 0, "it takes images, but max_image_bytes is 0")
    for scope, rate in able.rates.items():
        require(isinstance(scope, Scope), f"rates has {scope!r} where a Scope belongs")
        sane = rate.calls > 0 and rate.seconds > 0 and rate.burst >= 1
        require(sane, f"the rate of {scope} lets nothing through: {rate}")


def _defines(adapter: Any, method: str) -> bool:
    """Whether the class has a body of its own; one that only names the Protocol as its base has none."""
    found = getattr(adapter, method, None)
    return callable(found) and found is not getattr(Publisher, method)
