"""How long from an approval's commit until the portal, Facebook and Zalo show it.

Run it against a running installation with demo accounts and its sandbox:

    VAR_DIR=var PUBLIC_URL=http://127.0.0.1:8000 python tests/benchmarks/approval_to_visible.py \
        --sandbox http://127.0.0.1:8090 --rounds 10 --archive 10000

With --archive the portal has so many public warnings before the first round. “portal” is the warning's page, “lists”
home, the list, the list of its type and the RSS feed. Prints seconds, and each as a ratio to one uncached round trip
to the same server (the search page), measured in the same run.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "warnings")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.embedded")

import django  # noqa: E402

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402

import requests  # noqa: E402

from cms.editorial import approval  # noqa: E402
from cms.editorial.drafting import create_warning  # noqa: E402
from publishers.models import Channel  # noqa: E402
from scam_warnings.seed import read_data  # noqa: E402

LIMIT_SECONDS = 30
WANTED = ("portal", "lists", "facebook", "zalo")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sandbox", required=True)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--archive", type=int, default=0)
    options = parser.parse_args()
    web = requests.Session()
    web.trust_env = False
    public = os.environ["PUBLIC_URL"]
    baseline = statistics.median(
        _timed(lambda: web.get(f"{public}/tim-kiem/?q=thue", timeout=10)) for _ in range(20)
    )
    if options.archive:
        from tests.benchmarks.archive import grow

        print(f"{grow(options.archive)} public warnings")
    waits: dict[str, list[float]] = {name: [] for name in WANTED}
    for number in range(options.rounds):
        for name, seconds in _one_round(web, public, options.sandbox, number).items():
            waits[name].append(seconds)
    print(f"baseline (uncached page): {baseline * 1000:.1f} ms")
    for name, found in waits.items():
        middle, most = statistics.median(found), max(found)
        print(
            f"{name}: median {middle:.2f} s ({middle / baseline:.1f} x baseline), "
            f"longest {most:.2f} s ({most / baseline:.1f} x)"
        )


def _one_round(web: requests.Session, public: str, sandbox: str, number: int) -> dict[str, float]:
    users = get_user_model().objects
    editor, approver = users.get(username="bientap"), users.get(username="pheduyet")
    row = dict(read_data("warnings.json")[number % 32])
    row["key"] = f"do-thoi-gian-{os.getpid()}-{number}"
    row["channels"] = list(
        Channel.objects.filter(is_active=True).exclude(kind="portal").values_list("name", flat=True)
    )
    page, _revision = create_warning(row, editor)
    state = approval.submit(page, editor, not_secret=True)
    seal = approval.under_review(state).seal
    approval.approve(state, approver, seen_seal=seal, not_secret=True)
    committed = time.monotonic()
    code = page.code or ""
    seen: dict[str, float] = {}
    path = f"/canh-bao/{page.slug}/"
    lists = ["/", "/canh-bao/", f"/hinh-thuc/{page.scam_type.key}/", "/feeds/canh-bao.rss.xml"]
    while len(seen) < len(WANTED) and time.monotonic() - committed < LIMIT_SECONDS:
        if "portal" not in seen and web.get(f"{public}{path}", timeout=10).status_code == 200:
            seen["portal"] = time.monotonic() - committed
        if "portal" in seen and "lists" not in seen:
            lists = [one for one in lists if path not in web.get(f"{public}{one}", timeout=10).text]
            if not lists:
                seen["lists"] = time.monotonic() - committed
        shown = web.get(f"{sandbox}/_ctl/state", timeout=10).json()
        posts = [post for page in shown["pages"].values() for post in page["posts"]]
        messages = [text for group in shown["groups"].values() for text in group["messages"]]
        if "facebook" not in seen and sum(code in str(post) for post in posts) >= 2:
            seen["facebook"] = time.monotonic() - committed
        if "zalo" not in seen and sum(code in str(text) for text in messages) >= 2:
            seen["zalo"] = time.monotonic() - committed
    if len(seen) < len(WANTED):
        raise SystemExit(f"{code} was not visible everywhere after {LIMIT_SECONDS} s: {seen}")
    return seen


def _timed(call: object) -> float:
    started = time.monotonic()
    call()  # type: ignore[operator]
    return time.monotonic() - started


if __name__ == "__main__":
    main()
