"""Measure and compile the Vietnamese overlay for Wagtail's admin.

Wagtail ships Vietnamese for about a fifth of its strings. The catalogs beside this module, loaded through
``LOCALE_PATHS``, hold the rest and replace the upstream translations that contradict our vocabulary.

    python -m cms.editorial.overlay.build                 figures per catalog, then compile the .mo files
    python -m cms.editorial.overlay.build --list          every English msgid with what it is translated by
    python -m cms.editorial.overlay.build --missing       only the msgids nobody translates
    python -m cms.editorial.overlay.build --add-missing   append those to the .po files, to be filled in
    python -m cms.editorial.overlay.build --check         compile nothing; fail if a .mo differs from its .po

After an upgrade of Wagtail: ``--add-missing``, translate, run again. Needs polib (development dependency),
not Django's settings.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polib

CATALOGS = Path(__file__).parent / "vi" / "LC_MESSAGES"
DOMAINS = ("django", "djangojs")

Key = tuple[str | None, str]
"""What gettext looks a message up by: context and msgid."""


@dataclass(frozen=True)
class Coverage:
    """What is translated of one English catalog: ``app`` is a dotted name such as ``wagtail.admin``."""

    app: str
    domain: str
    entries: tuple[polib.POEntry, ...]
    upstream: frozenset[Key]
    overlay: frozenset[Key]

    @property
    def missing(self) -> tuple[polib.POEntry, ...]:
        """The English entries neither Wagtail nor the overlay translates."""
        done = self.upstream | self.overlay
        return tuple(entry for entry in self.entries if key(entry) not in done)

    @property
    def ratio(self) -> float:
        """Translated share of the catalog, 0 to 1; an empty catalog counts as complete."""
        return 1 - len(self.missing) / len(self.entries) if self.entries else 1.0


def key(entry: polib.POEntry) -> Key:
    """Return what identifies an entry within a catalog."""
    return entry.msgctxt, entry.msgid


def overlay_po(domain: str, folder: Path = CATALOGS) -> polib.POFile:
    """Read the overlay's source catalog of a domain (``django`` or ``djangojs``)."""
    return polib.pofile(str(folder / f"{domain}.po"), wrapwidth=100)


def compiled(domain: str, folder: Path = CATALOGS) -> bytes:
    """Compile a domain's catalog in memory; the same .po always gives the same bytes."""
    return bytes(overlay_po(domain, folder).to_binary())


def stale(folder: Path = CATALOGS) -> list[str]:
    """Return the domains whose .mo is absent or is not what their .po compiles to."""
    return [
        domain
        for domain in DOMAINS
        if not (mo := folder / f"{domain}.mo").exists() or mo.read_bytes() != compiled(domain, folder)
    ]


def coverage(folder: Path = CATALOGS) -> list[Coverage]:
    """Compare every English catalog of the installed Wagtail with its Vietnamese one and with the overlay."""
    overlay = {domain: _translated(overlay_po(domain, folder)) for domain in DOMAINS}
    found = []
    for english in _english_catalogs():
        domain = english.stem
        entries = tuple(entry for entry in polib.pofile(str(english)) if not entry.obsolete)
        keys = frozenset(key(entry) for entry in entries)
        vietnamese = english.parents[2] / "vi" / "LC_MESSAGES" / english.name
        upstream = _translated(polib.pofile(str(vietnamese))) if vietnamese.exists() else frozenset()
        found.append(Coverage(_app(english), domain, entries, upstream & keys, overlay[domain] & keys))
    return found


def add_missing(catalogs: Sequence[Coverage], folder: Path = CATALOGS) -> int:
    """Append the untranslated English entries to the overlay's .po files and return how many were added."""
    added = 0
    for domain in DOMAINS:
        po = overlay_po(domain, folder)
        known = {key(entry) for entry in po}
        for catalog in catalogs:
            if catalog.domain != domain:
                continue
            for entry in catalog.missing:
                if key(entry) in known:
                    continue
                known.add(key(entry))
                po.append(_blank(entry, catalog.app))
                added += 1
        po.save()
    return added


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line described above; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m cms.editorial.overlay.build", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    action = parser.add_mutually_exclusive_group()
    for name in ("list", "missing", "add-missing", "check"):
        action.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--folder", type=Path, default=CATALOGS, help="where the .po and .mo files are")
    options = parser.parse_args(argv)
    folder = options.folder

    catalogs = coverage(folder)
    if options.list or options.missing:
        _print_entries(catalogs, only_missing=options.missing)
        return 0
    if options.add_missing:
        print(f"{add_missing(catalogs, folder)} entries added")
        return 0
    _print_figures(catalogs)
    if options.check:
        for domain in stale(folder):
            print(
                f"{domain}.mo is not what {domain}.po compiles to: run again without --check", file=sys.stderr
            )
        return 1 if stale(folder) else 0
    for domain in DOMAINS:
        (folder / f"{domain}.mo").write_bytes(compiled(domain, folder))
    return 0


def _english_catalogs() -> Iterator[Path]:
    """Yield Wagtail's English .po files in a fixed order, without importing Wagtail."""
    spec = importlib.util.find_spec("wagtail")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("Wagtail is not installed.")
    root = Path(spec.submodule_search_locations[0])
    for domain in DOMAINS:
        yield from sorted(root.glob(f"**/locale/en/LC_MESSAGES/{domain}.po"))


def _app(catalog: Path) -> str:
    """Name the application of .../wagtail/<app>/locale/en/LC_MESSAGES/<domain>.po."""
    parts = catalog.parents[3].parts
    # The last "wagtail": a checkout or an environment may have a parent folder of that name too.
    start = len(parts) - 1 - parts[::-1].index("wagtail")
    return ".".join(parts[start:])


def _translated(po: polib.POFile) -> frozenset[Key]:
    return frozenset(key(entry) for entry in po.translated_entries())


def _blank(entry: polib.POEntry, app: str) -> polib.POEntry:
    plural = {"msgid_plural": entry.msgid_plural, "msgstr_plural": {0: ""}} if entry.msgid_plural else {}
    return polib.POEntry(
        msgid=entry.msgid,
        msgctxt=entry.msgctxt,
        flags=list(entry.flags),
        occurrences=[(app, "")],
        **plural,
    )


def _print_figures(catalogs: Sequence[Coverage]) -> None:
    print(f"{'catalog':48}{'msgids':>8}{'wagtail':>9}{'overlay':>9}{'missing':>9}{'done':>8}")
    for catalog in catalogs:
        print(
            f"{catalog.app + ' ' + catalog.domain:48}{len(catalog.entries):8}{len(catalog.upstream):9}"
            f"{len(catalog.overlay):9}{len(catalog.missing):9}{catalog.ratio:8.1%}"
        )


def _print_entries(catalogs: Sequence[Coverage], *, only_missing: bool) -> None:
    for catalog in catalogs:
        for entry in catalog.missing if only_missing else catalog.entries:
            source = (
                "overlay"
                if key(entry) in catalog.overlay
                else "wagtail"
                if key(entry) in catalog.upstream
                else "missing"
            )
            print(catalog.app, catalog.domain, source, repr(entry.msgid), sep="\t")


if __name__ == "__main__":
    sys.exit(main())
