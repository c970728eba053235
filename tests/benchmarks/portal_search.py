"""The portal's search over N warnings: how long on the server and in the browser's engine, and how many bytes.

    python tests/benchmarks/portal_search.py --warnings 10000

Makes a database of its own below a temporary VAR_DIR. The browser's side runs in Node over the finished files,
once with an empty cache for each query (cold) and once with all it fetched before (warm); bytes are of the
Brotli files, as they are sent. Machine-dependent: compare runs of the same machine.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "warnings")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.settings")
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="keng-search-"))

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

import brotli  # noqa: E402

from cms.portal import audiences, search  # noqa: E402
from cms.portal.models import PublishedAudience, PublishedWarning  # noqa: E402
from cms.portal.search.rows import block_of  # noqa: E402
from cms.portal.search.section import SearchSection  # noqa: E402
from scam_warnings.seed import read_data  # noqa: E402
from scam_warnings.snapshot import Named  # noqa: E402
from tests.portal.factories import snapshot  # noqa: E402

SYLLABLES = "an bình châu dương đông giang hải hòa khánh lâm long minh nam ninh phong phú quảng sơn tân thái thanh vĩnh"
QUERIES = (
    *(
        "lừa đảo",
        "lua dao",
        "LỪA ĐẢO",
        "ngan hang",
        "chuyển tiền",
        "mã OTP",
        "gia danh cong an",
        "vé máy bay",
    ),
    *(
        "thuế",
        "căn cước",
        "ngan ha",
        "chuyen ti",
        "nganhang",
        "chuyn tien",
        "lua dap",
        "facebok",
        "shopee",
        "a",
    ),
    *(
        "cong an goi dien noi toi lien quan vu an rua tien",
        "viec nhe luong cao",
        "đặt cọc giữ chỗ",
        "zalo 2026",
    ),
)
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"loai": "sms-brandname"},
    {"doi-tuong": "toan-dan"},
    {"muc": "urgent", "tu": "2025-01-01"},
)
ROUNDS = 3
NAMES = {"loai": "type", "doi-tuong": "audience", "muc": "severity", "tu": "since"}


def fill(number: int) -> None:
    """``number`` public warnings, their sentences drawn from the demonstration's, each with names of its own."""
    chance = random.Random(1)
    items = read_data("warnings.json")
    names = {item["key"]: item["name_vi"] for item in read_data("taxonomy.json")["scam_types"]}
    severities = {"info": "Khuyến cáo", "caution": "Cảnh báo", "urgent": "Cảnh báo khẩn"}
    syllables = SYLLABLES.split()
    start = timezone.now() - timedelta(hours=3 * number)
    rows = []
    for place in range(1, number + 1):
        item, other = chance.choice(items), chance.choice(items)
        where = " ".join(chance.sample(syllables, 2)).title()
        made = snapshot(
            f"{item['title']} tại {where}",
            slug=f"canh-bao-{place}",
            reference=f"CB-2026-{place:05d}",
            summary=item["summary"],
            severity=Named(item["severity"], severities[item["severity"]]),
            scam_type=Named(item["scam_type"], names[item["scam_type"]]),
            audiences=tuple(Named(key, key) for key in item["audience"]),
            how_it_works=tuple(chance.sample(item["how_it_works"] + other["how_it_works"], 4)),
            warning_signs=tuple(chance.sample(item["warning_signs"] + other["warning_signs"], 4)),
            what_to_do=tuple(chance.sample(item["what_to_do"] + other["what_to_do"], 4)),
            if_you_are_a_victim=tuple(item["if_you_are_a_victim"]),
            sample_message=item["sample_message"],
        )
        at = start + timedelta(hours=3 * place)
        rows.append(
            PublishedWarning(
                page_id=place,
                release_id=place,
                release_number=1,
                code=made.reference,
                slug=made.slug,
                title=made.title,
                summary=made.summary,
                severity=made.severity.key,
                scam_type_key=made.scam_type.key,
                scam_type_name=made.scam_type.name,
                group_key="nhom",
                group_name="Nhóm",
                snapshot=made.to_json(),
                payload_hash=f"{place:064x}",
                published_at=at,
                updated_at=at,
                is_old=chance.random() < 0.3,
                **search.columns_of(made),
            )
        )
    with connection.cursor() as cursor:
        # The releases behind them do not matter here.
        cursor.execute("PRAGMA foreign_keys=OFF")
    PublishedWarning.objects.bulk_create(rows, batch_size=500)
    PublishedAudience.objects.bulk_create(
        [
            PublishedAudience(warning=row, key=entry.key, name=entry.name)
            for row in rows
            for entry in audiences.public(row.content())
        ],
        batch_size=500,
    )


def write_files(root: Path) -> tuple[float, int, dict[str, int]]:
    """Every file of the index: seconds, number of files, bytes per kind as Brotli."""
    client = Client()
    sizes: dict[str, int] = {}
    seconds, count = 0.0, 0
    for path in SearchSection().every():
        if path.endswith("/"):
            continue
        started = time.perf_counter()
        body = client.get(path).content
        seconds += time.perf_counter() - started
        target = root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
        packed = brotli.compress(body, quality=9)
        target.with_name(target.name + ".br").write_bytes(packed)
        kind = path.split("/")[3].removesuffix(".json")
        sizes[kind] = sizes.get(kind, 0) + len(packed)
        count += 1
    return seconds, count, sizes


def on_server() -> list[float]:
    """Seconds of processor time of whole requests, SQLite included; each query and filter ROUNDS times."""
    client = Client()
    client.get("/tim-kiem/")
    started = time.process_time()
    client.get("/tim-kiem/?q=khoi+dong")
    print(f"first search of a process, which reads every warning once: {time.process_time() - started:.2f} s")
    PublishedWarning.objects.filter(pk=1).update(release_id=10**6)
    started = time.process_time()
    client.get("/tim-kiem/?q=lua+dao")
    print(f"first search after a change: {(time.process_time() - started) * 1000:.0f} ms")
    found = []
    for _round in range(ROUNDS):
        for query in QUERIES:
            for filters in FILTERS:
                started = time.process_time()
                client.get("/tim-kiem/", {"q": query, **filters})
                found.append((time.process_time() - started, query, filters))
    found.sort(key=lambda item: item[0])
    print("slowest on the server:", [(round(s * 1000), q, f) for s, q, f in found[-5:]])
    return [item[0] for item in found]


def in_engine(root: Path) -> Any:
    """What Node measured."""
    asked = [
        (query, {NAMES[name]: value for name, value in filters.items()})
        for query in QUERIES
        for filters in FILTERS
    ]
    script = ROOT / "tests/benchmarks/portal_search.cjs"
    made = subprocess.run(
        ["node", script, root], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    return json.loads(made.stdout)


def publication() -> tuple[float, int]:
    """Milliseconds and bytes of the files that one more publication renews."""
    client = Client()
    row = PublishedWarning.objects.order_by("-pk")[0]
    paths = [*SearchSection().shared(), *SearchSection().around(row)]
    assert block_of(row.pk) >= 0
    started = time.perf_counter()
    size = sum(len(client.get(path).content) for path in paths)
    return (time.perf_counter() - started) * 1000, size


def spread(seconds: list[float]) -> str:
    """Median, 99th percentile and longest in milliseconds."""
    ordered = sorted(seconds)
    at = min(len(ordered) - 1, int(len(ordered) * 0.99))
    return (
        f"median {statistics.median(ordered) * 1000:.0f} ms, p99 {ordered[at] * 1000:.0f} ms, "
        f"longest {ordered[-1] * 1000:.0f} ms"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--warnings", type=int, default=10_000)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    PublishedWarning.objects.all().delete()
    fill(options.warnings)
    root = Path(tempfile.mkdtemp(prefix="keng-search-files-"))
    seconds, count, sizes = write_files(root)
    print(f"{options.warnings} warnings: {count} files in {seconds:.1f} s; Brotli bytes per kind: {sizes}")
    milliseconds, size = publication()
    print(f"one publication: {milliseconds:.1f} ms, {size} bytes to write")
    static = ROOT / "cms/portal/static/portal/search"
    code = sum(len(brotli.compress((static / name).read_bytes())) for name in ("core.js", "search.js"))
    page = len(brotli.compress(Client().get("/tim-kiem/").content, quality=9))
    print(f"first visit: page {page} bytes, scripts of the search {code} bytes")
    print(f"server, processor time: {spread(on_server())}")
    told = in_engine(root)
    print(f"engine, cold: {spread([item['cold'] / 1000 for item in told])}")
    print(f"engine, warm: {spread([item['warm'] / 1000 for item in told])}")
    plain = sorted(item["bytes"] for item in told)
    print(f"bytes of a query with an empty cache: median {statistics.median(plain):.0f}, largest {plain[-1]}")
    for item in told[:: len(FILTERS)]:
        shown = f"{item['query'][:30]:30} {item['step']:9} {item['found']:6} found"
        print(f"  {shown} {item['bytes']:7} bytes {item['files']:3} files")


if __name__ == "__main__":
    main()
