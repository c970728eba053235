"""A table of expected answers, kept as text that a person can review: one row a line, one letter a person.

A row that is about warnings names the states it holds for in brackets, a letter each (LETTERS); in the table it is a
row for each of them.
"""

from pathlib import Path

from tests.permissions.unrendered import WHOLE
from tests.permissions.world import PEOPLE, STATES

HERE = Path(__file__).parent
UNTRIED = "·"
LETTERS = dict(zip(STATES, "dvswrjhmpco", strict=True))
STATES_LINE = "In brackets the states: " + ", ".join(f"{letter} {state}" for state, letter in LETTERS.items())

Table = dict[str, dict[str, str]]
"""Row → person → letter."""


def differences(name: str, found: Table, legend: str) -> list[str]:
    """The rows that differ from ``name``.txt; what was found is then written beside it as ``name``.found.txt.

    Only the cells that were tried are compared; a whole run also misses rows that are gone.
    """
    expected = read(name)
    new = HERE / f"{name}.found.txt"
    wrong = sorted(row for row in found if found[row].items() - expected.get(row, {}).items())
    gone = sorted(row for row in expected if row not in found) if WHOLE else []
    if not wrong and not gone:
        new.unlink(missing_ok=True)
        return []
    merged = {row: expected.get(row, {}) | cells for row, cells in found.items()}
    new.write_text(as_text(merged, legend), encoding="utf-8")
    lines = [
        f"{row}\n  reviewed {_cells(expected.get(row, {}))}\n  found    {_cells(found.get(row, {}))}"
        for row in wrong + gone
    ]
    told = f"{len(lines)} rows differ from {name}.txt. Review them; if they are right, take them over from {new}."
    return [told, *lines[:60]]


def read(name: str) -> Table:
    """The reviewed file."""
    file = HERE / f"{name}.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    rows = (line.rsplit(maxsplit=1) for line in lines if line and not line.startswith("#"))
    return {
        one: dict(zip(PEOPLE, cells, strict=True)) for row, cells in rows for one in _one_each(row.strip())
    }


def in_state(row: str, state: str) -> str:
    """The name of a row about a warning in this state."""
    return f"{row} [{LETTERS[state]}]"


def _one_each(row: str) -> list[str]:
    name, bracket, letters = row.partition(" [")
    return [f"{name} [{letter}]" for letter in letters.rstrip("]")] if bracket else [row]


def _together(table: Table) -> dict[str, str]:
    """Rows that differ in the state only, as one."""
    letters: dict[tuple[str, str], str] = {}
    for row, cells in table.items():
        name, _bracket, letter = row.partition(" [")
        key = (name, _cells(cells))
        letters[key] = letters.get(key, "") + letter.rstrip("]")
    return {f"{name} [{held}]" if held else name: cells for (name, cells), held in letters.items()}


def as_text(table: Table, legend: str) -> str:
    """The file."""
    rows = _together(table)
    width = max(map(len, rows)) + 2
    head = [f"# {line}" for line in legend.strip().splitlines()]
    head.append("# A letter each for: " + ", ".join(PEOPLE))
    return "\n".join([*head, "", *(f"{row:<{width}}{cells}" for row, cells in rows.items()), ""])


def _cells(cells: dict[str, str]) -> str:
    return "".join(cells.get(name, UNTRIED) for name in PEOPLE)
