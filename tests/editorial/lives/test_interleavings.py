"""Several people, any order of acts, the engine turning between: nothing public that was not sealed, nothing
sealed by who wrote it, nothing sealed twice, nothing approved lost.

INTERLEAVINGS says how many histories are tried (a few by default), INTERLEAVINGS_FROM the first seed.
"""

import os
import shutil
import time
from collections import Counter
from collections.abc import Iterator

from django.conf import settings
from django.db import connection, transaction

import pytest

from tests.editorial.lives import doors, rules
from tests.editorial.lives.world import World
from tests.publishers.memory import Remote, memory_kinds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

HISTORIES = int(os.environ.get("INTERLEAVINGS", "8"))
FIRST = int(os.environ.get("INTERLEAVINGS_FROM", "1"))
STEPS = 30


@pytest.fixture(scope="module")
def figures(request: pytest.FixtureRequest) -> Iterator[Counter[str]]:
    """What happened in all histories, printed at the end of a run in one process."""
    made: Counter[str] = Counter()
    began, worked = time.monotonic(), time.process_time()
    yield made
    capture = request.config.pluginmanager.getplugin("capturemanager")
    if capture is not None and not hasattr(request.config, "workerinput"):
        with capture.global_and_fixture_disabled():
            print(f"\n  {connection.vendor}: {dict(sorted(made.items()))}")
            print(
                f"  {time.monotonic() - began:.0f} s, {time.process_time() - worked:.0f} s of the processor"
            )


def test_any_order_of_acts_by_anybody(figures: Counter[str]) -> None:
    for seed in range(FIRST, FIRST + HISTORIES):
        with transaction.atomic(), memory_kinds() as remote:
            figures.update(history(seed, remote))
            transaction.set_rollback(True)


def history(seed: int, remote: Remote) -> Counter[str]:
    """One interleaving; what happened in it."""
    # Every fourth through the pages; they ask more of the processor.
    world = World(seed, doors.Pages() if seed % 4 == 0 else doors.Services())
    remote.clock = world.engine.clock
    done: list[str] = []
    try:
        for _number in range(STEPS):
            done.append(world.step())
            rules.hold(world, remote)
        world.turn(60)
        rules.hold(world, remote)
        rules.hold_at_rest(world)
    except Exception:
        print(f"seed {seed}", *done, *world.trying, sep="\n")
        raise
    finally:
        shutil.rmtree(settings.PORTAL_ROOT, ignore_errors=True)
    return world.tally + Counter(histories=1)
