"""What a publication costs the portal with 100 public warnings and with 10,000, and a renewal of everything.

    python tests/benchmarks/bake_cost.py [--small 100] [--large 10000] [--rounds 15] [--full]

Processor time of this process and SQL statements, so that other load on the machine does not count; wall time beside
it. “at once” is what a publication waits for, “later” what follows in the background. The exit code is 1 when the cost
at once, or in all, is more than 1.5 times as high with the large archive.
"""

import argparse
import logging
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "warnings")]
MOST = 1.5
"""Times the cost with the small archive."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=100)
    parser.add_argument("--large", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--migrated", default="", help="a migrated, empty SQLite file to begin with")
    parser.add_argument("--full", action="store_true", help="also renew everything, twice")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="keng-bench-") as folder:
        os.environ |= {
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
            "BENCH_DATABASE": options.database,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'warnings'}",
            "LOG_LEVEL": "WARNING",
        }
        if options.database != "sqlite":
            from tests.benchmarks.fan_out import fresh_database

            fresh_database(options.database)
        if options.migrated:
            shutil.copy(options.migrated, Path(folder) / "bench.sqlite3")
        else:
            subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
        import django

        django.setup()
        return _measure(options)


def _measure(options: argparse.Namespace) -> int:
    from cms.portal import bake
    from tests.benchmarks.archive import grow
    from tests.portal import factories

    logging.disable(logging.WARNING)
    factories.publish(factories.snapshot("Cảnh báo đầu tiên", reference="CB-2026-00001"))
    found: dict[int, dict[str, tuple[float, float, float, float]]] = {}
    for size in (options.small, options.large):
        grow(size)
        _settled()
        for _turn in range(2 * options.full):
            cpu, wall, _queries, report = _cost(bake.bake_everything)
            print(
                f"everything, {size} warnings: {cpu / 1000:.1f} s processor, {wall / 1000:.1f} s wall, "
                f"{len(report.written)} pages written, {len(report.unchanged)} unchanged"
            )
        found[size] = _publications(options.rounds, size)
        cpu, _wall, _queries, body = _cost(lambda: bake.rendered("/sitemap.xml"))
        print(
            f"of this the sitemap, {size} warnings: {cpu:.0f} ms processor, {len(body or b'')} bytes",
            flush=True,
        )
    worst = 0.0
    for phase in ("at once", "in all"):
        ratios = []
        for size in (options.small, options.large):
            cpu, wall, queries, pages = found[size][phase]
            print(
                f"{phase}, {size} warnings: {cpu:.0f} ms processor, {wall:.0f} ms wall, {queries:.0f} SQL, "
                f"{pages:.0f} pages looked at"
            )
            ratios.append(cpu)
        worst = max(worst, ratios[1] / ratios[0])
        print(f"{phase}: ratio {ratios[1] / ratios[0]:.2f} (goal {MOST})")
    return int(worst > MOST)


def _publications(rounds: int, size: int) -> dict[str, tuple[float, float, float, float]]:
    from cms.portal import bake
    from cms.portal.baking import paths
    from cms.portal.models import PublishedWarning
    from cms.portal.publishing import PortalBackend
    from tests.benchmarks.archive import types
    from tests.portal import factories

    rows: dict[str, list[tuple[float, float, int, int]]] = {"at once": [], "in all": []}
    for number in range(rounds):
        kind, group = types()[number % len(types())]
        message = factories.release(
            factories.snapshot(
                f"Mới {size} {number}",
                slug=f"moi-{size}-{number}",
                reference=f"CB-2026-{size * 10 + number:05d}",
                scam_type=kind,
                scam_type_group=group,
            )
        )
        first = _cost(lambda message=message: PortalBackend().publish(message))
        warning = PublishedWarning.objects.get(slug=f"moi-{size}-{number}")
        rest = _cost(lambda warning=warning: (bake.bake_feeds(), bake.bake_neighbours(warning)))
        looked = len(set(paths.at_once(warning, Path(os.environ["VAR_DIR"]) / "portal")))
        later = sum(len(list(report.touched())) for report in rest[3])
        rows["at once"].append((first[0], first[1], first[2], looked))
        rows["in all"].append((first[0] + rest[0], first[1] + rest[1], first[2] + rest[2], looked + later))
    return {
        phase: tuple(statistics.median(column) for column in zip(*found, strict=True))  # type: ignore[misc]
        for phase, found in rows.items()
    }


def _cost(call: Callable[[], Any]) -> tuple[float, float, int, Any]:
    """Processor time and wall time in milliseconds, SQL statements, and what ``call`` returned."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        cpu, wall = time.process_time(), time.perf_counter()
        answer = call()
        spent = (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000
    return *spent, len(queries), answer


def _settled() -> None:
    """The engine knows how large its tables have become."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    sys.exit(main())
