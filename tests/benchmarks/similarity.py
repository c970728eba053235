"""How long the hint “similar warnings of the last 90 days” takes among many warnings.

    python tests/benchmarks/similarity.py [--warnings 10000]

Prints milliseconds of processor time (other load on the machine does not count), the median and the slowest of 20
questions, beside how long reading the same rows takes alone.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "warnings")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warnings", type=int, default=10_000)
    wanted = parser.parse_args().warnings
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "cms.settings.embedded", "KENG_DEMO": "1"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(wanted)


def measure(wanted: int) -> None:
    from scam_warnings.gates.similarity import MOST_COMPARED, similar
    from scam_warnings.models import ScamWarningPage

    page = fill(wanted)
    together, reading = [], []
    for _turn in range(20):
        start = time.process_time()
        found = similar(page)
        together.append((time.process_time() - start) * 1000)
        start = time.process_time()
        list(
            ScamWarningPage.objects.order_by("-latest_revision_created_at").values_list(
                "pk", "title", "summary"
            )[:MOST_COMPARED]
        )
        reading.append((time.process_time() - start) * 1000)
    print(f"{ScamWarningPage.objects.count()} warnings, {MOST_COMPARED} compared, {len(found)} similar")
    print(f"question: median {statistics.median(together):.0f} ms, slowest {max(together):.0f} ms")
    print(f"reading alone: median {statistics.median(reading):.0f} ms")


def fill(wanted: int):
    """``wanted`` warnings in the last 90 days, with shuffled words of the demo's; returns one of them."""
    from datetime import timedelta

    from django.db import connection
    from django.utils import timezone

    from wagtail.models import Page

    from cms.users.roles import Role
    from scam_warnings.models import ScamWarningPage
    from scam_warnings.seed import read_data
    from tests import factories

    factories.site()
    page = factories.warning(factories.user("lan", Role.EDITOR))
    words = " ".join(f"{row['title']} {row['summary']}" for row in read_data("warnings.json")).split()
    pick = random.Random(7)
    base = Page.objects.get(pk=page.pk)
    now = timezone.now()
    rows = []
    for number in range(wanted - 1):
        title = " ".join(pick.choices(words, k=14))[:90]
        rows.append(
            Page(
                path=f"{base.path[:-4]}{Page._int2str(number + 100).rjust(4, '0')}",
                depth=base.depth,
                title=title,
                draft_title=title,
                slug=f"canh-bao-{number}",
                content_type=base.content_type,
                locale=base.locale,
                live=False,
                latest_revision_created_at=now - timedelta(seconds=pick.randrange(89 * 86400)),
            )
        )
    Page.objects.bulk_create(rows, batch_size=500)
    pages = list(Page.objects.filter(slug__startswith="canh-bao-").values_list("pk", flat=True))
    table = ScamWarningPage._meta.db_table
    columns = [field.column for field in ScamWarningPage._meta.local_fields]
    quoted = [connection.ops.quote_name(name) for name in columns]
    changed = {"page_ptr_id": "%s", "code": "%s", "summary": "%s"}
    chosen = ", ".join(changed.get(name, quote) for name, quote in zip(columns, quoted, strict=True))
    order = [name for name in columns if name in changed]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(quoted)}) SELECT {chosen} FROM {table} WHERE page_ptr_id = {page.pk}",
            [
                [
                    {
                        "page_ptr_id": pk,
                        "code": f"CB-X-{pk}",
                        "summary": " ".join(pick.choices(words, k=40))[:200],
                    }[name]
                    for name in order
                ]
                for pk in pages
            ],
        )
    return page


if __name__ == "__main__":
    main()
