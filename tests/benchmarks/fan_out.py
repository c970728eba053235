"""One release to thousands of channels: how fast, against what is physically possible; and under fire.

    python tests/benchmarks/fan_out.py --channels 2000 --workers 2 --threads 16
    python tests/benchmarks/fan_out.py --channels 2000 --kills 200
    python tests/benchmarks/fan_out.py --database postgresql:keng_bench --restart "pg_ctlcluster 15 main restart"
    python tests/benchmarks/fan_out.py --channels 2000 --full-disk 15
    python tests/benchmarks/fan_out.py --channels 2000 --before 4

Half of the channels are fanpages, half Zalo groups; every call takes --latency seconds at the sandbox, and a
delivery makes three one after the other (picture, post, address). So the limit is threads x workers / (3 x
latency) deliveries a second. The database of that name is emptied.

With --full-disk everything lies on a small file system (root may mount one), which is filled to the last byte
once a third is out and emptied that many seconds later; elsewhere the files of the workers may not grow
meanwhile.

With --before as many releases go out through the same workers first, and the memory is told after each: what
it grows by there is what a worker keeps.
"""

import argparse
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "warnings")]
CALLS = 3
DISK_MEGABYTES = 256
LIMITLESS = ",".join(
    f"{kind}.{scope}=0/60"
    for kind in ("facebook_page", "zalo_group")
    for scope in ("channel", "account", "platform")
)


def main() -> int:
    """Run and print; exit code 1 when anything is lost or doubled."""
    options = _options()
    folder = tempfile.mkdtemp(prefix="keng-bench-")
    if not options.full_disk:
        return _run(options, folder, None)
    from tests.faults import small_disk

    # Told to stop, it leaves no file system behind.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    with ExitStack() as stack:
        try:
            disk = stack.enter_context(small_disk.mounted(Path(folder), DISK_MEGABYTES))
        except small_disk.NotPermitted as reason:
            print(f"no small file system ({reason}): the files of the workers may not grow instead")
            disk = None
        return _run(options, folder, disk)


def _run(options: argparse.Namespace, folder: str, disk: Any) -> int:
    os.environ |= {
        "VAR_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "BENCH_DATABASE": options.database,
        "PUBLISH_RATES": LIMITLESS,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'warnings'}",
        "LOG_LEVEL": "WARNING",
        "PUBLISH_CONNECT_TIMEOUT": "5",
        "PUBLISH_READ_TIMEOUT": "10",
        "PUBLISH_GRACE": "20",
        "PUBLISH_LEASE": "32",
        "PUBLISH_POLL": "0.5",
        "WORKER_THREADS": str(options.threads),
    }
    fresh_database(options.database)
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
    import django

    django.setup()
    from publishers.sandbox.server import Sandbox

    with Sandbox() as sandbox:
        os.environ |= {
            "FACEBOOK_GRAPH_URL": sandbox.graph_url,
            "FACEBOOK_TOKEN_URL": sandbox.facebook_token_url,
            "ZALO_OPENAPI_URL": sandbox.zalo_openapi_url,
            "ZALO_OAUTH_URL": sandbox.zalo_oauth_url,
        }
        run = FanOut(sandbox, options, disk)
        run.prepare()
        return run.measure()


class FanOut:
    """The world, the workers and the figures of one run."""

    def __init__(self, sandbox: Any, options: argparse.Namespace, disk: Any = None) -> None:
        self.sandbox = sandbox
        self.options = options
        self.disk = disk
        self.full_since: float | None = None
        self.was_full = False
        self.workers: list[subprocess.Popen[bytes]] = []

    def prepare(self) -> None:
        """Channels here and there, and a warning that waits for its signature."""
        from cms.users.roles import Role
        from tests import factories

        channels = start_world(self.sandbox, self.options.channels, self.options.latency)
        editor = factories.user("bientap", Role.EDITOR)
        factories.user("pheduyet", Role.APPROVER)
        names = [channel.name for channel in channels]
        self.earlier = [
            factories.submitted(editor, channels=names, slug=f"truoc-{number}", key=f"k{number}")
            for number in range(self.options.before)
        ]
        self.task = factories.submitted(editor, channels=names)

    def measure(self) -> int:
        """Sign, wait for the end, compare what every channel shows with what was signed."""
        from django.contrib.auth import get_user_model

        from publishers.models import Delivery
        from publishers.states import State
        from tests import factories

        for _ in range(self.options.workers):
            self._start()
        time.sleep(6)
        print(f"memory of the largest worker at rest {self._memory():.0f} MB")
        for task in self.earlier:
            self._let_out(task)
        memory = self._memory()
        spent = self._processor()
        begin = time.monotonic()
        release = factories.approved(self.task, get_user_model().objects.get(username="pheduyet"))
        signed = time.monotonic() - begin
        waiting = (State.SCHEDULED, State.DUE, State.SENDING, State.UNCONFIRMED)
        begun, kills, restarted = time.monotonic(), 0, False
        draw = random.Random(self.options.seed)
        social = Delivery.objects.filter(release=release).exclude(channel__kind="portal")
        while self._count(social.filter(state__in=waiting)):
            if kills < self.options.kills and time.monotonic() - begun > 1:
                kills += self._kill(draw)
            elif (
                self.options.restart
                and not restarted
                and self._count(social.exclude(state__in=waiting)) > 300
            ):
                restarted = True
                subprocess.run(self.options.restart, shell=True, check=True)
            if self.options.full_disk and not self.was_full:
                self._fill_or_empty(self._count(social.exclude(state__in=waiting)))
            time.sleep(0.2)
            if time.monotonic() - begun > self.options.patience:
                print("not finished in time")
                break
        first = min(row["first_sent_at"] for row in social.values("first_sent_at"))
        last = max((row["delivered_at"] or first) for row in social.values("delivered_at"))
        took = (last - first).total_seconds()
        peak = self._memory()
        spent = tuple(after - before for after, before in zip(self._processor(), spent, strict=True))
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        for worker in self.workers:
            worker.wait(60)
        return self._report(release, signed, took, (memory, peak), kills, spent)

    def _let_out(self, task: Any) -> None:
        from django.contrib.auth import get_user_model

        from publishers.models import Delivery
        from publishers.states import State
        from tests import factories

        release = factories.approved(task, get_user_model().objects.get(username="pheduyet"))
        waiting = Delivery.objects.filter(release=release, state__in=(State.DUE, State.SENDING))
        end = time.monotonic() + self.options.patience
        while self._count(waiting) and time.monotonic() < end:
            time.sleep(0.5)
        print(f"after one more release {self._memory():.0f} MB")

    def _report(
        self,
        release: Any,
        signed: float,
        took: float,
        memory: tuple[float, float],
        kills: int,
        spent: tuple[float, ...],
    ) -> int:
        from django.db.models import Avg, F

        from publishers.models import Attempt, Delivery

        shown: Counter[str] = Counter()
        for post in self.sandbox.remote.state.posts.values():
            shown[post.page_id] += 1
        for row in self.sandbox.remote.state.messages:
            shown[row.group_id] += 1
        rows = Delivery.objects.filter(release=release).exclude(channel__kind="portal")
        states = Counter(rows.values_list("state", flat=True))
        lost = sum(
            1 for d in rows.select_related("channel") if d.remote_id and not shown[d.channel.remote_id]
        )
        doubled = sum(count > 1 + self.options.before for count in shown.values())
        limit = (
            self.options.channels
            * CALLS
            * self.options.latency
            / (self.options.threads * self.options.workers)
        )
        print(
            f"database {self.options.database.split(':')[0]}, {self.options.channels} channels, "
            f"{self.options.workers} workers x {self.options.threads} threads, "
            f"{self.options.latency * 1000:.0f} ms a call"
        )
        print(
            f"signing {signed:.2f} s; first call to last receipt {took:.2f} s; physical limit {limit:.2f} s; "
            f"share {limit / took:.1%}"
        )
        print(f"worker memory before {memory[0]:.0f} MB, after {memory[1]:.0f} MB; kills {kills}")
        calls = Attempt.objects.filter(delivery__in=rows, finished_at__isnull=False).exclude(
            action="read_back"
        )
        each = calls.aggregate(each=Avg(F("finished_at") - F("started_at")))["each"]
        print(
            f"one delivery took {each.total_seconds():.3f} s on average, "
            f"{CALLS * self.options.latency:.3f} s of it calls"
        )
        if not kills:
            each_worker, sandbox = (1000 * seconds / self.options.channels for seconds in spent)
            print(
                f"processor time of a delivery: workers {each_worker:.1f} ms, "
                f"sandbox and this script {sandbox:.1f} ms"
            )
        print(f"states {dict(states)}; shown {sum(shown.values())}; lost {lost}; doubled {doubled}")
        return int(lost > 0 or doubled > 0)

    def _start(self) -> None:
        log = Path(os.environ["VAR_DIR"], f"worker-{len(self.workers)}.log").open("wb")  # noqa: SIM115
        self.workers.append(
            subprocess.Popen(
                [sys.executable, "manage.py", "worker"],
                cwd=ROOT,
                env=dict(os.environ),
                stdout=log,
                stderr=log,
            )
        )

    def _kill(self, draw: random.Random) -> int:
        time.sleep(draw.uniform(0.0, self.options.pause))
        victim = draw.choice(self.workers)
        victim.kill()
        victim.wait(30)
        self.workers.remove(victim)
        self._start()
        return 1

    def _fill_or_empty(self, out: int) -> None:
        """Fill the disk once a third is out, keep it full, and empty it when its time is over."""
        if self.full_since is None:
            if out < self.options.channels / 3:
                return
            self.full_since = time.monotonic()
            print(f"disk full with {out} deliveries out")
            if self.options.database == "sqlite":
                # Or the database would go on for a while in the room its journal has already.
                with closing(
                    sqlite3.connect(Path(os.environ["VAR_DIR"], "bench.sqlite3"), timeout=20)
                ) as file:
                    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.was_full = time.monotonic() - self.full_since > self.options.full_disk
        if self.disk is None:
            for worker in self.workers:
                _soft, most = resource.prlimit(worker.pid, resource.RLIMIT_FSIZE)
                resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (most if self.was_full else 0, most))
        elif self.was_full:
            self.disk.empty()
        else:
            self.disk.fill()
        if self.was_full:
            print(f"room again with {out} deliveries out")

    def _count(self, rows: Any) -> int:
        from django.db import Error, connection

        try:
            return int(rows.count())
        except Error:
            connection.close()
            return 1

    def _processor(self) -> tuple[float, float]:
        """Seconds of processor time so far: of the workers, and of this process, the sandbox in it."""
        import psutil

        workers = sum(sum(psutil.Process(w.pid).cpu_times()[:2]) for w in self.workers if w.poll() is None)
        return workers, time.process_time()

    def _memory(self) -> float:
        import psutil

        found = [psutil.Process(w.pid).memory_info().rss for w in self.workers if w.poll() is None]
        return max(found, default=0) / 2**20


def start_world(sandbox: Any, count: int, latency: float) -> list[Any]:
    """The site and ``count`` channels, here and at the sandbox; half of them fanpages, half Zalo groups."""
    from datetime import timedelta

    from django.utils import timezone

    from publishers import credentials
    from publishers.models import Channel, Credential
    from publishers.sandbox import world
    from publishers.sandbox.state import FacebookToken, Group, Page
    from tests import factories

    state = sandbox.remote.state
    sandbox.settings(facebook_calls_per_hour=10**9, facebook_duplicate_guard=False)
    for name in vars(state.settings):
        if name.startswith("zalo") and isinstance(getattr(state.settings, name), int) and "limit" in name:
            sandbox.settings(**{name: 10**9})
    sandbox.fault("slow", seconds=latency, times=0)
    factories.site()
    oa = Credential(label="OA", kind="zalo_oa")
    credentials.store(
        oa,
        {
            "app_id": world.ZALO_APP_ID,
            "secret_key": world.ZALO_SECRET_KEY,
            "access_token": world.ZALO_ACCESS_TOKEN,
            "refresh_token": world.ZALO_REFRESH_TOKEN,
            "expires_at": (timezone.now() + timedelta(hours=20)).isoformat(),
        },
    )
    pages, groups = count // 2, count - count // 2
    accounts, channels = [], []
    for number in range(pages):
        page, token = f"7{number:014d}", f"EAABbench{number:06d}"
        state.pages[page] = Page(page, f"Trang {number}", "", "", 0, "#000000")
        scopes = ["pages_manage_posts", "pages_read_engagement", "read_insights"]
        state.facebook_tokens[token] = FacebookToken(token, "page", page, scopes)
        sealed = credentials.seal({"page_token": token})
        accounts.append(Credential(label=f"Trang {number}", kind="facebook", sealed_secrets=sealed))
    made = Credential.objects.bulk_create(accounts, batch_size=500)
    for number, account in enumerate(made):
        channels.append(
            Channel(
                kind="facebook_page",
                name=f"Trang {number}",
                remote_id=f"7{number:014d}",
                credential=account,
            )
        )
    for number in range(groups):
        group = f"g{number:08d}"
        state.groups[group] = Group(group, f"Nhóm {number}", "", 50, "a1", "#000000")
        channels.append(Channel(kind="zalo_group", name=f"Nhóm {number}", remote_id=group, credential=oa))
    Channel.objects.bulk_create(channels, batch_size=500)
    return list(Channel.objects.filter(kind__in=("facebook_page", "zalo_group")).order_by("pk"))


def fresh_database(where: str) -> None:
    """Make the PostgreSQL database of that name anew; SQLite starts with an empty folder."""
    if not where.startswith("postgresql:"):
        return
    import psycopg
    from psycopg import sql

    name = sql.Identifier(where.partition(":")[2])
    user, host = os.environ.get("BENCH_PGUSER", "postgres"), os.environ.get("BENCH_PGHOST", "127.0.0.1")
    with psycopg.connect(f"dbname=postgres user={user} host={host}", autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--latency", type=float, default=0.1)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--pause", type=float, default=1.5, help="longest pause between two kills, seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--restart", default="", help="command that restarts the database once, mid-way")
    parser.add_argument("--full-disk", type=float, default=0, help="seconds the disk is full, mid-way")
    parser.add_argument("--before", type=int, default=0, help="releases that go out first")
    parser.add_argument("--patience", type=float, default=900)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
