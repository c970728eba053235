"""A process told to stop does stop: at whatever moment it is told, and whatever does not return."""

import random
import signal
import subprocess
import sys
import time

from tests.ops.running import ROOT

BUSY = """
import threading
from publishers.stopping import StopRequest, end_within
asked = StopRequest()
asked.listen()
for _ in range(3):
    threading.Thread(target=lambda: [sum(range(2000)) for _ in iter(int, 1)], daemon=True).start()
print("listening", flush=True)
while not asked.wait(0.0005):
    pass
{after}
"""
STUCK = "end_within(0.5); threading.Event().wait()"


def _start(after: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", BUSY.format(after=after)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "listening\n"
    return process


def test_a_request_is_heard_at_any_moment() -> None:
    moments = random.Random(20261126)
    for _ in range(15):
        with _start("") as process:
            time.sleep(moments.uniform(0.0, 0.05))
            process.send_signal(moments.choice((signal.SIGTERM, signal.SIGINT)))
            try:
                assert process.wait(timeout=20) == 0
            finally:
                process.kill()


def test_a_second_request_changes_nothing_and_what_is_stuck_is_ended() -> None:
    with _start(STUCK) as process:
        process.terminate()
        process.terminate()
        try:
            assert process.wait(timeout=20) == 75
        finally:
            process.kill()
