"""Baked pages through nginx and through the application server, beside nginx serving the same bytes as a plain file.

    python tests/benchmarks/portal_throughput.py [--seconds 2] [--connections 32]

Needs nginx and wrk (Debian: nginx-light libnginx-mod-http-brotli-static wrk). Everything runs on this machine at
127.0.0.1, in turns of the same length, so that all see the same load; the middle of nine turns counts. Prints requests
a second and the ratio to the plain file for each encoding, the time of one request alone, the SQL statements of a page
that is not baked, the memory of two application processes, and how soon a change is seen under that load. The exit code
is 1 when a goal is missed.
"""

import argparse
import contextlib
import getpass
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "warnings")]
FRONT_GOAL, ALONE_GOAL = 0.95, 0.40
MOST_SQL, MOST_MEMORY, SOONEST = 12, 260.0, 1.0
ENCODINGS = ("identity", "gzip", "br")
TURNS = 9


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--migrated", default="", help="a migrated, empty SQLite file to begin with")
    options = parser.parse_args()
    if not (shutil.which("wrk") and (shutil.which("nginx") or Path("/usr/sbin/nginx").exists())):
        raise SystemExit(
            "nginx and wrk are needed: apt install nginx-light libnginx-mod-http-brotli-static wrk"
        )
    with tempfile.TemporaryDirectory(prefix="keng-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        os.environ |= {
            "VAR_DIR": str(folder / "var"),
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'warnings'}",
            "LOG_LEVEL": "WARNING",
        }
        (folder / "var").mkdir()
        if options.migrated:
            shutil.copy(options.migrated, folder / "var" / "bench.sqlite3")
        else:
            subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
        import django

        django.setup()
        return _measure(options, folder)


def _measure(options: argparse.Namespace, folder: Path) -> int:
    from cms.portal import bake
    from cms.portal.models import PublishedWarning
    from tests.portal import factories

    factories.many(30)
    bake.bake_everything()
    warning = PublishedWarning.objects.latest("published_at")
    page = bake.file_for(warning.path)
    missed = False
    with (
        _plain(folder / "plain", page) as plain,
        _front(folder / "front", folder / "var") as front,
        _alone() as (
            alone,
            process,
        ),
    ):
        targets = {
            "plain": lambda encoding: f"{plain}/{encoding}/",
            "front": lambda _encoding: f"{front}{warning.path}",
            "alone": lambda _encoding: f"{alone}{warning.path}",
        }
        for encoding in ENCODINGS:
            rates: dict[str, list[float]] = {name: [] for name in targets}
            for _turn in range(TURNS):
                for name, url in targets.items():
                    rates[name].append(_wrk(url(encoding), encoding, options.seconds, options.connections))
            middle = {name: statistics.median(found) for name, found in rates.items()}
            shares = {name: middle[name] / middle["plain"] for name in targets}
            print(
                f"{encoding}: plain file {middle['plain']:.0f}/s, baked through nginx {middle['front']:.0f}/s "
                f"({shares['front']:.2f}, goal {FRONT_GOAL}), one-command {middle['alone']:.0f}/s "
                f"({shares['alone']:.2f}, goal {ALONE_GOAL})"
            )
            missed |= shares["front"] < FRONT_GOAL or shares["alone"] < ALONE_GOAL
        memory = _memory(process.pid)
        print(
            f"memory of {len(_family(process.pid))} application processes: {memory:.0f} MB PSS (goal {MOST_MEMORY:.0f})"
        )
        waits = _freshness(front, alone, warning, options)
        print(
            f"a change is seen under load: median {statistics.median(waits) * 1000:.0f} ms after its commit, "
            f"longest {max(waits) * 1000:.0f} ms (goal {SOONEST:.0f} s)"
        )
        missed |= memory > MOST_MEMORY or max(waits) > SOONEST
    sql = _statements(warning.path)
    print(f"a page that is not baked: {sql}")
    return int(missed or max(sql.values()) > MOST_SQL)


@contextlib.contextmanager
def _plain(folder: Path, page: Path) -> Iterator[str]:
    """nginx with the same bytes, one folder for each encoding, and nothing to decide."""
    from tests.ports import free_port

    port = free_port()
    for encoding, suffix in (("identity", ""), ("gzip", ".gz"), ("br", ".br")):
        (folder / encoding).mkdir(parents=True)
        shutil.copy(f"{page}{suffix}", folder / encoding / "index.html")
    (folder / "nginx.conf").write_text(
        f"user {getpass.getuser()};\nworker_processes auto;\npid {folder}/pid;\nerror_log stderr;\n"
        "events { worker_connections 4096; }\n"
        "http { sendfile on; tcp_nopush on; include /etc/nginx/mime.types;\n"
        f"access_log {folder}/log combined buffer=32k flush=1s;\n"
        f"server {{ listen 127.0.0.1:{port}; root {folder};\n"
        "location /gzip/ { add_header Content-Encoding gzip; } location /br/ { add_header Content-Encoding br; } } }\n"
    )
    with _running(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder), "-g", "daemon off;"], port):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def _front(folder: Path, var: Path) -> Iterator[str]:
    """The nginx that is shipped, with nobody behind it."""
    from tests.fronting import nginx

    (var / "static").mkdir(exist_ok=True)
    with nginx(folder, pages=var / "portal", media_root=var, static=var / "static") as port:
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def _alone() -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """The application server as ``make run`` starts it, with two processes."""
    from cms.supervisor import parts
    from tests.ports import free_port

    port = free_port()
    command = parts.web(os.environ | {"WEB_WORKERS": "2"}, host="127.0.0.1", port=port)
    with _running(command, port) as process:
        yield f"http://127.0.0.1:{port}", process


@contextlib.contextmanager
def _running(command: list[str], port: int) -> Iterator["subprocess.Popen[bytes]"]:
    import socket

    environment = os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.05)
        time.sleep(1)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _wrk(url: str, encoding: str, seconds: int, connections: int) -> float:
    """Requests a second; ends the run when a single answer was an error."""
    said = subprocess.run(
        [
            "wrk",
            "-t",
            "1",
            "-c",
            str(connections),
            "-d",
            f"{seconds}s",
            "-H",
            f"Accept-Encoding: {encoding}",
            url,
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"{url}: {said}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found
    return float(found[1])


def _freshness(front: str, alone: str, warning: Any, options: argparse.Namespace) -> list[float]:
    """Seconds from the commit of a change until every encoding of page and list shows it, on both servers."""
    import requests

    from cms.portal import bake

    web = requests.Session()
    web.trust_env = False
    over = threading.Event()

    def load() -> None:
        while not over.is_set():
            _wrk(f"{front}/", "gzip", 1, options.connections)
            _wrk(f"{alone}/", "gzip", 1, options.connections)

    loading = threading.Thread(target=load)
    loading.start()
    waits = []
    try:
        for number in range(10):
            words = f"Bản thứ {number} trong lúc đông người đọc."
            warning.snapshot["title"] = warning.title = words
            warning.snapshot["summary"] = warning.summary = words
            warning.save()
            began = time.monotonic()
            bake.bake_for(warning)
            left = [
                (f"{server}{path}", encoding)
                for server in (front, alone)
                for path in (warning.path, "/canh-bao/")
                for encoding in ("identity", "gzip", "br")
            ]
            while left:
                left = [
                    (url, encoding)
                    for url, encoding in left
                    if words.encode()
                    not in web.get(url, headers={"Accept-Encoding": encoding}, timeout=10).content
                ]
                if time.monotonic() - began > 30:
                    raise SystemExit(f"still not to be seen: {left}")
            waits.append(time.monotonic() - began)
    finally:
        over.set()
        loading.join(30)
    return waits


def _statements(path: str) -> dict[str, int]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    found = {}
    for asked in ("/", "/canh-bao/", path, "/hinh-thuc/", "/tim-kiem/?q=lua+dao", "/canh-bao/khong-co/"):
        with CaptureQueriesContext(connection) as queries:
            Client().get(asked)
        found[asked] = len(queries)
    return found


def _family(pid: int) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def _memory(pid: int) -> float:
    import psutil

    pids = [*_family(pid), pid]
    return sum(psutil.Process(one).memory_full_info().pss for one in pids) / 1024 / 1024


if __name__ == "__main__":
    sys.exit(main())
