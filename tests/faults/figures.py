"""What the kills of a run cost, to be printed at its end."""

from dataclasses import dataclass, field

from tests.faults.stage import Counts, Stage


@dataclass
class Figures:
    """One line for each test, and the totals."""

    lines: list[str] = field(default_factory=list)
    total: Counts = field(default_factory=Counts)
    kills: int = 0
    slowest: float = 0.0
    """Most seconds from a kill until nothing was left to do."""

    def add(self, what: str, stage: Stage, recovery: float) -> None:
        """Count what the channels of ``stage`` show now, ``recovery`` seconds after the last kill."""
        counts = stage.count()
        self.total += counts
        self.kills += stage.kills
        self.slowest = max(self.slowest, recovery)
        self.lines.append(f"{what}: {stage.kills} kills, {counts}, at rest after {recovery:.1f} s")

    def __str__(self) -> str:
        if not self.lines:
            return ""
        all_of_it = (
            f"in all: {self.kills} kills of workers, {self.total}, slowest recovery {self.slowest:.1f} s"
        )
        return "\n  ".join(["", *self.lines, all_of_it])
