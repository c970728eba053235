"""From the commit that makes a delivery due to the first request at the platform, on an idle installation.

Ours and theirs end alike: when the other side has read the head of the first request.

    python tests/benchmarks/idle_latency.py --database sqlite
    python tests/benchmarks/idle_latency.py --database postgresql:keng_bench --peers /path/of/an/environment

Beside it, in the same run and in turns, celery on Redis and procrastinate on PostgreSQL: each runs a task that
makes one request. ``--peers`` is a virtual environment of its own, made with
``pip install "celery[redis]" procrastinate "psycopg[binary]"``; without it only our own figures are printed.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "warnings")]
PATIENCE = 10.0

_TASK = """
import os, urllib.request
def call(number):
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
        f"{os.environ['LISTENER']}/{number}", timeout=10).read()
"""
_ENQUEUE = """
import sys, time
print("ready", flush=True)
for line in sys.stdin:
    at = time.monotonic()
    enqueue(int(line))
    print(at, flush=True)
"""
CELERY = (
    """
import os
from celery import Celery
app = Celery("peer", broker=os.environ["PEER_REDIS"])
app.conf.task_ignore_result = True
"""
    + _TASK
    + """
run = app.task(call, name="call")
enqueue = run.delay
"""
)
PROCRASTINATE = (
    """
import os, sys
import procrastinate
kind = procrastinate.PsycopgConnector if os.environ.get("PEER_WORKER") else procrastinate.SyncPsycopgConnector
app = procrastinate.App(connector=kind(conninfo=os.environ["PEER_PG"]))
"""
    + _TASK
    + """
run = app.task(name="call")(call)
app.open()
enqueue = lambda number: run.defer(number=number)
"""
)
PROCRASTINATE_WORKER = PROCRASTINATE.replace("app.open()", "").replace(
    "enqueue = lambda number: run.defer(number=number)",
    "app.run_worker(concurrency=8, install_signal_handlers=True)",
)


class Listener:
    """Notes when which request came."""

    def __init__(self) -> None:
        self.seen: dict[int, float] = {}
        seen = self.seen

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                seen.setdefault(int(self.path.strip("/")), time.monotonic())
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"


class Heard:
    """When the sandbox had read the head of a request, the first one since ``at`` was set to 0."""

    at = 0.0

    @contextmanager
    def at_every_request(self) -> Iterator[None]:
        """Listen to every request of every sandbox of this process."""
        from publishers.sandbox.server import _Handler

        parse = _Handler.parse_request

        def parse_request(handler: Any) -> bool:
            whole = parse(handler)
            if not self.at:
                self.at = time.monotonic()
            return whole

        _Handler.parse_request = parse_request  # type: ignore[method-assign]
        try:
            yield
        finally:
            _Handler.parse_request = parse  # type: ignore[method-assign]


def main() -> None:
    """Measure in turns and print milliseconds."""
    options = _options()
    os.environ |= {
        "VAR_DIR": tempfile.mkdtemp(prefix="keng-bench-"),
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "BENCH_DATABASE": options.database,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'warnings'}",
        "LOG_LEVEL": "WARNING",
        "PUBLISH_POLL": "1",
        "WORKER_THREADS": "8",
    }
    from tests.benchmarks.fan_out import LIMITLESS, fresh_database

    os.environ["PUBLISH_RATES"] = LIMITLESS
    fresh_database(options.database)
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
    import django

    django.setup()
    with ExitStack() as stack:
        contestants = {f"keng ({options.database.split(':')[0]})": stack.enter_context(_keng(options.rounds))}
        if options.peers:
            contestants |= stack.enter_context(_peers(options.peers))
        found: dict[str, list[float]] = {name: [] for name in contestants}
        for number in range(options.rounds):
            for name, measure in contestants.items():
                time.sleep(random.uniform(0.2, 0.5))
                found[name].append(1000 * measure(number))
    for name, times in found.items():
        ordered = sorted(times)
        print(
            f"{name}: {len(times)} times, p50 {statistics.median(times):.1f} ms, "
            f"p99 {ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]:.1f} ms, longest {ordered[-1]:.1f} ms"
        )


@contextmanager
def _keng(rounds: int) -> Iterator[Callable[[int], float]]:
    """A worker, and as many deliveries that somebody sends again one after the other."""
    from django.contrib.auth import get_user_model
    from django.db import transaction

    from publishers import services
    from publishers.models import Delivery
    from publishers.sandbox.server import Sandbox
    from publishers.states import State, move
    from tests import factories
    from tests.benchmarks.fan_out import FanOut

    heard = Heard()

    with Sandbox() as sandbox, heard.at_every_request():
        os.environ |= {
            "FACEBOOK_GRAPH_URL": sandbox.graph_url,
            "FACEBOOK_TOKEN_URL": sandbox.facebook_token_url,
            "ZALO_OPENAPI_URL": sandbox.zalo_openapi_url,
            "ZALO_OAUTH_URL": sandbox.zalo_oauth_url,
        }
        run = FanOut(sandbox, argparse.Namespace(channels=rounds, latency=0.0, before=0))
        run.prepare()
        user = get_user_model().objects.get(username="pheduyet")
        release = factories.approved(run.task, user)
        rows = list(Delivery.objects.filter(release=release).exclude(channel__kind="portal").order_by("pk"))
        for row in rows:
            if row.state == State.SCHEDULED:
                move(row, State.DUE)
            move(row, State.FAILED, next_attempt_at=None, error_code="set_aside", error_sentence="Chờ")
        run._start()
        portal = Delivery.objects.filter(release=release, channel__kind="portal")
        _until(lambda: portal.filter(state=State.CONFIRMED).exists(), 60)

        def measure(number: int) -> float:
            heard.at = 0.0
            committed = []
            with transaction.atomic():
                transaction.on_commit(lambda: committed.append(time.monotonic()))
                services.resend(rows[number], user, "Đo thời gian")
            _until(lambda: heard.at, PATIENCE)
            return float(heard.at - committed[0])

        try:
            yield measure
        finally:
            for worker in run.workers:
                worker.terminate()
                worker.wait(60)


@contextmanager
def _peers(environment: str) -> Iterator[dict[str, Callable[[int], float]]]:
    """celery and procrastinate, each with its worker and a process that adds tasks."""
    from tests.benchmarks.fan_out import fresh_database

    fresh_database("postgresql:keng_bench_peer")
    listener = Listener()
    folder = Path(tempfile.mkdtemp(prefix="keng-peers-"))
    user, host = os.environ.get("BENCH_PGUSER", "postgres"), os.environ.get("BENCH_PGHOST", "127.0.0.1")
    env = {
        "PATH": os.environ["PATH"],
        "LISTENER": listener.url,
        "PEER_REDIS": "redis://127.0.0.1:6379/8",
        "PEER_PG": f"dbname=keng_bench_peer user={user} host={host}",
        "PYTHONPATH": str(folder),
    }
    (folder / "peer_celery.py").write_text(CELERY, encoding="utf-8")
    (folder / "peer_procrastinate.py").write_text(PROCRASTINATE.replace("app.open()", ""), encoding="utf-8")
    python = f"{environment}/bin/python"
    worker_env = env | {"PEER_WORKER": "1"}
    log = (folder / "peers.log").open("wb")
    schema = [f"{environment}/bin/procrastinate", "--app", "peer_procrastinate.app", "schema", "--apply"]
    subprocess.run(schema, env=worker_env, cwd=folder, check=True, stdout=log, stderr=log, timeout=60)
    workers = [
        [
            f"{environment}/bin/celery",
            "-A",
            "peer_celery",
            "worker",
            "--concurrency",
            "8",
            "--loglevel",
            "WARNING",
        ],
        [python, "-c", PROCRASTINATE_WORKER],
    ]
    running = [
        subprocess.Popen(command, env=worker_env, cwd=folder, stdout=log, stderr=log) for command in workers
    ]
    adders = {
        "celery on Redis": _adder(python, CELERY, env, folder),
        "procrastinate on PostgreSQL": _adder(python, PROCRASTINATE, env, folder),
    }
    offsets = {name: 1_000_000 * place for place, name in enumerate(adders, 1)}

    def measure(name: str) -> Callable[[int], float]:
        def once(number: int) -> float:
            process, mine = adders[name], offsets[name] + number
            assert process.stdin
            assert process.stdout
            process.stdin.write(f"{mine}\n")
            process.stdin.flush()
            at = float(process.stdout.readline())
            _until(lambda: mine in listener.seen, PATIENCE)
            return listener.seen[mine] - at

        return once

    try:
        time.sleep(8)
        for name in adders:
            for number in range(-3, 0):
                measure(name)(number)
        yield {name: measure(name) for name in adders}
    finally:
        for process in (*running, *adders.values()):
            process.terminate()
            process.wait(30)
        log.close()


def _adder(python: str, code: str, env: dict[str, str], folder: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [python, "-c", code + _ENQUEUE],
        env=env,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def _until(condition: Callable[[], object], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("it did not come")
        time.sleep(0.0005)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--peers", default="")
    return parser.parse_args()


if __name__ == "__main__":
    main()
