"""``wheel_content.py WHEEL``: exit 1, with a list, when the wheel lacks or leaks a part of the product."""

import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

PACKAGES = {"cms", "media", "publishers", "scam_warnings"}
# For each kind of file that is no Python: where the checkout has it, the wheel must have it too.
CARRIED = {
    ".html",
    ".txt",
    ".css",
    ".js",
    ".svg",
    ".png",
    ".jpg",
    ".json",
    ".mo",
    ".po",
    ".ttf",
    ".woff2",
    ".xml",
}
REQUIRED_ENDINGS = {
    ".html": "templates",
    ".mo": "translations",
    ".ttf": "fonts for cards",
    ".woff2": "fonts for pages",
}
ROOT = Path(__file__).resolve().parents[2]


def problems(names: Iterable[str]) -> list[str]:
    """What is wrong with a wheel of these files; empty when nothing is."""
    files = set(names)
    found = []
    top = {name.split("/")[0] for name in files}
    extra = {name for name in top - PACKAGES if not name.endswith(".dist-info")}
    if extra:
        found.append(f"unexpected at the top level: {', '.join(sorted(extra))}")
    found += [f"package missing: {package}" for package in sorted(PACKAGES - top)]
    for package in sorted(PACKAGES):
        source = ROOT / "warnings" / package if package == "scam_warnings" else ROOT / package
        for file in sorted(source.rglob("*")):
            name = f"{package}/{file.relative_to(source).as_posix()}"
            if file.suffix in CARRIED | {".py"} and "__pycache__" not in file.parts and name not in files:
                found.append(f"left out: {name}")
    for ending, meaning in REQUIRED_ENDINGS.items():
        if not any(name.endswith(ending) for name in files):
            found.append(f"no {meaning} ({ending})")
    return found


def main(arguments: list[str]) -> int:
    """Check the wheel; returns the exit code."""
    with zipfile.ZipFile(arguments[0]) as wheel:
        names = wheel.namelist()
    found = problems(names)
    sys.stdout.write(
        "\n".join([*found, f"{Path(arguments[0]).name}: {len(names)} files, {len(found)} problems", ""])
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
