"""Lighthouse on the finished portal, mobile and desktop, and what each page weighs.

    npm install --ignore-scripts --prefix /tmp/tools lighthouse
    python tests/benchmarks/lighthouse.py --tools /tmp/tools [--url http://127.0.0.1:8000] [--runs 3]

Without --url it starts the product with its sample content in a folder of its own (one to two minutes).
Prints the median of the runs, and how far they lie apart. The throttling is Lighthouse's own simulated slow
4G; what changes with the load of the machine is the processor's part of it, so measure on a quiet one.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TRIES = 4
METRICS = {
    "LCP ms": "largest-contentful-paint",
    "TBT ms": "total-blocking-time",
    "CLS": "cumulative-layout-shift",
}
STARTUP_SECONDS = 600


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", type=Path, required=True, help="where npm installed lighthouse")
    parser.add_argument("--url", help="a running installation; else one is started")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--desktop-only", action="store_true")
    parser.add_argument("--mobile-only", action="store_true")
    options = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        raise SystemExit("no Chromium found")
    with contextlib.ExitStack() as stack:
        url = options.url or stack.enter_context(_product())
        forms = [
            form
            for form, left_out in (("mobile", options.desktop_only), ("desktop", options.mobile_only))
            if not left_out
        ]
        for name, path in _pages(url).items():
            for form in forms:
                found = [_lighthouse(options.tools, chromium, url + path, form) for _ in range(options.runs)]
                print(f"{name:9} {form:8} {_summary(found)}", flush=True)


def _pages(url: str) -> dict[str, str]:
    home = _get(url)
    lead = re.search(r'lead__title[^>]*><a href="([^"]+)"', home)
    return {
        "home": "/",
        "list": "/canh-bao/",
        "warning": lead[1] if lead else "/canh-bao/",
        "search": "/tim-kiem/",
        "tip form": "/phan-anh/",
        "en home": "/en/",
        "en form": "/en/phan-anh/",
    }


def _lighthouse(tools: Path, chromium: str, url: str, form: str) -> dict[str, Any]:
    command = ["node", str(tools / "node_modules" / "lighthouse" / "cli" / "index.js"), url, "--quiet"]
    command += ["--output=json", f"--only-categories={','.join(CATEGORIES)}"]
    command += ["--chrome-flags=--headless=new --no-sandbox --disable-gpu"]
    if form == "desktop":
        command.append("--preset=desktop")
    environment = {**os.environ, "CHROME_PATH": chromium}
    for _again in range(TRIES):
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        # Lighthouse at times misses the beginning of the page itself; that is no measurement.
        if "NO_NAVSTART" not in done.stderr:
            break
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return dict(json.loads(done.stdout))


def _summary(reports: list[dict[str, Any]]) -> str:
    scores = [
        f"{name} {statistics.median(100 * report['categories'][name]['score'] for report in reports):.0f}"
        for name in CATEGORIES
    ]
    metrics = [
        f"{name} {_spread([report['audits'][key]['numericValue'] for report in reports])}"
        for name, key in METRICS.items()
    ]
    requests = reports[0]["audits"]["network-requests"]["details"]["items"]
    photos = [one for one in requests if one.get("resourceType") == "Image" and "/media/" in one["url"]]
    weight = sum(one["transferSize"] for one in requests)
    photo = sum(one["transferSize"] for one in photos)
    failed = sorted(
        key
        for key, audit in reports[0]["audits"].items()
        if audit.get("score") == 0 and audit["scoreDisplayMode"] == "binary"
    )
    return (
        f"{', '.join(scores)}; {', '.join(metrics)}; {len(requests) - len(photos)} requests "
        f"{(weight - photo) / 1000:.1f} kB without photos, {weight / 1000:.1f} kB with; failed: {failed or 'none'}"
    )


def _spread(values: list[float]) -> str:
    """The median, and the least and the most where they differ."""
    middle, least, most = (f"{value:.4g}" for value in (statistics.median(values), min(values), max(values)))
    return middle if least == most else f"{middle} ({least}–{most})"


@contextlib.contextmanager
def _product() -> Iterator[str]:
    sys.path.insert(0, str(ROOT))
    from tests.ports import free_port

    with tempfile.TemporaryDirectory(prefix="keng-lighthouse-") as var:
        url = f"http://127.0.0.1:{free_port()}"
        environment = {
            **os.environ,
            "VAR_DIR": var,
            "PORT": url.rpartition(":")[2],
            "SANDBOX_PORT": str(free_port()),
            "PUBLIC_URL": url,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "warnings")]),
            "DJANGO_SETTINGS_MODULE": "",
        }
        with (Path(var) / "up.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "cms", "up"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
            try:
                _wait_for(f"{url}/canh-bao/", process)
                yield url
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(60)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError):
            if 'class="card ' in _get(url):
                return
        time.sleep(1)
    raise SystemExit("the product did not start")


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode())


if __name__ == "__main__":
    main()
