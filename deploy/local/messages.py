"""Compile every catalog of the repository, ``.po`` to ``.mo``, without needing gettext's tools."""

import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {".venv", ".git", "var", "dist", "node_modules"}


def catalogs(root: Path = ROOT) -> list[Path]:
    """Every .po file of the product."""
    found = root.glob("**/LC_MESSAGES/*.po")
    return sorted(file for file in found if not SKIPPED & set(file.relative_to(root).parts))


def main() -> int:
    """Write the .mo files; returns the exit code."""
    for file in catalogs():
        catalog = polib.pofile(str(file))
        catalog.save_as_mofile(str(file.with_suffix(".mo")))
        sys.stdout.write(f"{file.relative_to(ROOT)}: {catalog.percent_translated()} %\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
