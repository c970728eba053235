"""The tree of units as it is drawn: superior units first, neighbours by name."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cms.users.models import Unit


@dataclass(slots=True)
class Node:
    """One unit with those below it."""

    unit: Unit
    below: list["Node"] = field(default_factory=list)

    @property
    def merger(self) -> object | None:
        """The merger this unit ended in, if it did."""
        return getattr(self.unit, "merger", None)


def tree_of(units: Iterable[Unit]) -> list[Node]:
    """``units`` as trees; a unit whose superior unit is not among them stands at the top of one."""
    nodes = {unit.pk: Node(unit) for unit in sorted(units, key=lambda unit: unit.name.casefold())}
    tops: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.unit.parent_id) if node.unit.parent_id else None
        (above.below if above is not None else tops).append(node)
    return tops
