"""What it costs to take up a delivery, with an empty table and behind a hundred thousand finished ones.

    python tests/benchmarks/claim_cost.py [--database postgresql:keng_bench] [--finished 100000]

Prints milliseconds for each delivery claimed (in batches of 8, as a worker does) and the ratio of the two.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "warnings")]
BATCH, ROUNDS = 8, 40


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--finished", type=int, default=100_000)
    options = parser.parse_args()
    os.environ |= {
        "VAR_DIR": tempfile.mkdtemp(prefix="keng-bench-"),
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "BENCH_DATABASE": options.database,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'warnings'}",
        "LOG_LEVEL": "WARNING",
    }
    from tests.benchmarks.fan_out import fresh_database

    fresh_database(options.database)
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
    import django

    django.setup()
    from tests.publishers.memory import memory_kinds

    with memory_kinds():
        channels = _channels()
        empty = _claiming(channels)
        _add(channels, options.finished, finished=True)
        _settled()
        full = _claiming(channels)
    print(f"{options.database.split(':')[0]}: {empty:.2f} ms a delivery with an empty table, "
          f"{full:.2f} ms behind {options.finished} finished ones, ratio {full / empty:.2f}")  # fmt: skip


def _channels() -> list[Any]:
    from publishers.models import Channel

    rows = [Channel(kind="memory", name=f"Kênh {n}", remote_id=str(n)) for n in range(2000)]
    return list(Channel.objects.bulk_create(rows, batch_size=500))


def _add(channels: list[Any], count: int, *, finished: bool) -> None:
    """``count`` deliveries in releases of 2,000."""
    from django.utils import timezone

    from publishers.models import Delivery, Payload
    from tests.publishers import outbox

    now = timezone.now()
    state: dict[str, Any] = {"state": "due", "next_attempt_at": now}
    if finished:
        state = {"state": "confirmed", "remote_id": "p1", "delivered_at": now, "confirmed_at": now}
    for start in range(0, count, len(channels)):
        release = outbox.release()
        part = channels[: min(len(channels), count - start)]
        payloads = Payload.objects.bulk_create(
            [Payload(release=release, channel=c, title="x", text="y", link="z", hash="0" * 64) for c in part],
            batch_size=500,
        )
        Delivery.objects.bulk_create(
            [
                Delivery(payload=p, channel_id=p.channel_id, release=release, updated_at=now, **state)
                for p in payloads
            ],
            batch_size=500,
        )


def _settled() -> None:
    """What PostgreSQL does by itself within a minute of such a change: count what the tables hold now.

    SQLite does nothing of the kind unless it is asked to, and no installation of ours asks.
    """
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _claiming(channels: list[Any]) -> float:
    """Milliseconds for each delivery claimed, the median of ROUNDS batches."""
    from django.utils import timezone

    from publishers.claims import claim_many
    from publishers.models import Attempt, Delivery, Transition

    _add(channels, BATCH * (ROUNDS + 5), finished=False)
    spent = []
    for number in range(ROUNDS + 5):
        begun = time.perf_counter()
        claims = claim_many("bench", timezone.now(), BATCH)
        if number >= 5:
            spent.append((time.perf_counter() - begun) * 1000 / len(claims))
    Attempt.objects.all().delete()
    Transition.objects.all().delete()
    Delivery.objects.filter(state__in=["due", "sending"]).delete()
    return statistics.median(spent)


if __name__ == "__main__":
    main()
