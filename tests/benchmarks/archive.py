"""An archive of public warnings, written straight into the database: the portal's cost with 100 and with 10,000.

python tests/benchmarks/archive.py --warnings 10000     # into the installation that VAR_DIR and the settings name
"""

import argparse
import os
import random
import sys
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "warnings")]
FIRST = 500_000
"""The number in the first code of the archive: no warning made by hand has it."""
WORDS_IN_A_PART = 18


def main() -> None:
    """Fill the archive up to the number asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warnings", type=int, default=10_000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.embedded")
    import django

    django.setup()
    print(f"{grow(options.warnings)} public warnings")


def grow(wanted: int) -> int:
    """Add public warnings until there are ``wanted``; returns how many there are. Older than all that exist."""
    from django.contrib.auth import get_user_model
    from django.db import transaction
    from django.utils import timezone

    from wagtail.models import Page, Revision

    from cms.portal import search
    from cms.portal.models import PublishedWarning
    from publishers.models import Release
    from scam_warnings.models import ScamWarningPage
    from scam_warnings.snapshot import Snapshot, canonical_hash

    existing = PublishedWarning.objects.count()
    model_page = ScamWarningPage.objects.first()
    signer = get_user_model().objects.first()
    if model_page is None or signer is None:
        raise SystemExit("The installation has no warning to copy from: load the demo first.")
    now = timezone.now()
    numbers = range(existing, wanted)
    pick = random.Random(7)
    with transaction.atomic():
        base = Page.objects.get(pk=model_page.pk)
        start = Page.objects.filter(depth=base.depth, path__startswith=base.path[:-4]).count() + 1000
        Page.objects.bulk_create(
            [
                Page(
                    path=f"{base.path[:-4]}{Page._int2str(start + number).rjust(4, '0')}",
                    depth=base.depth, title=f"Kho {number}", draft_title=f"Kho {number}",
                    slug=f"kho-{number}", content_type=base.content_type, locale=base.locale, live=True,
                    latest_revision_created_at=now,
                )
                for number in numbers
            ],
            batch_size=500,
        )  # fmt: skip
        pages = dict(Page.objects.filter(slug__startswith="kho-").values_list("slug", "pk"))
        _copy_rows(ScamWarningPage, model_page.pk, [pages[f"kho-{number}"] for number in numbers])
        snapshots = {number: _snapshot(number, pick) for number in numbers}
        Revision.objects.bulk_create(
            [
                Revision(
                    content_type=base.content_type, base_content_type=base.content_type,
                    object_id=str(pages[f"kho-{number}"]), created_at=now, content={}, user=signer,
                )
                for number in numbers
            ],
            batch_size=500,
        )  # fmt: skip
        wanted_ids = {str(pages[f"kho-{number}"]) for number in numbers}
        revisions = {
            row[0]: row[1]
            for row in Revision.objects.filter(content_type=base.content_type).values_list("object_id", "pk")
            if row[0] in wanted_ids
        }
        Release.objects.bulk_create(
            [
                Release(
                    page_id=pages[f"kho-{number}"], revision_id=revisions[str(pages[f"kho-{number}"])], number=1,
                    reference=snapshots[number].reference, snapshot={}, seal="0" * 64, approved_by=signer,
                    sealed_at=_moment(now, number, wanted), declaration="-",
                )
                for number in numbers
            ],
            batch_size=500,
        )  # fmt: skip
        releases = dict(Release.objects.filter(seal="0" * 64).values_list("page_id", "pk"))

        def public(number: int, made: Snapshot) -> Any:
            page, moment = pages[f"kho-{number}"], _moment(now, number, wanted)
            return PublishedWarning(
                page_id=page, release_id=releases[page], release_number=1, code=made.reference.split(".")[0],
                slug=made.slug, title=made.title, summary=made.summary, severity=made.severity.key,
                scam_type_key=made.scam_type.key, scam_type_name=made.scam_type.name,
                scam_type_official_no=made.official_no, group_key=made.scam_type_group.key,
                group_name=made.scam_type_group.name, snapshot=made.to_json(),
                payload_hash=canonical_hash(made.reference), published_at=moment, updated_at=moment,
                **search.columns_of(made),
            )  # fmt: skip

        PublishedWarning.objects.bulk_create(
            [public(number, made) for number, made in snapshots.items()], batch_size=200
        )
    return PublishedWarning.objects.count()


def _moment(now: Any, number: int, wanted: int) -> Any:
    # The archive ends a day ago, so that what is published now is the newest.
    return now - timedelta(days=1, minutes=30 * (wanted - number))


def _snapshot(number: int, pick: random.Random) -> Any:
    """A warning of its own words, its type one of the taxonomy."""
    from dataclasses import replace

    from tests.portal import factories

    words = _words()

    def part() -> str:
        return " ".join(pick.choices(words, k=WORDS_IN_A_PART))

    kind, group = types()[number % len(types())]
    made = factories.snapshot(
        part()[:90].strip(), slug=f"kho-luu-tru-{number}", reference=f"CB-2025-{FIRST + number}.1"
    )
    return replace(
        made,
        summary=part()[:200],
        scam_type=kind,
        scam_type_group=group,
        how_it_works=(part(), part(), part()),
        warning_signs=(part(), part(), part()),
        what_to_do=(part(), part(), part()),
    )


def _copy_rows(model: Any, source: int, keys: list[int]) -> None:
    from django.db import connection

    columns = [field.column for field in model._meta.local_fields]
    quoted = [connection.ops.quote_name(name) for name in columns]
    chosen = ", ".join(
        "%s" if name in {"page_ptr_id", "code"} else quote
        for name, quote in zip(columns, quoted, strict=True)
    )
    order = [name for name in columns if name in {"page_ptr_id", "code"}]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(quoted)}) SELECT {chosen} FROM {table} WHERE page_ptr_id = {source}",
            [[key if name == "page_ptr_id" else f"CB-K-{key}" for name in order] for key in keys],
        )


@cache
def types() -> list[tuple[Any, Any]]:
    """Every scam type of the taxonomy with its group."""
    from scam_warnings.seed import read_data
    from scam_warnings.snapshot import Named

    taxonomy = read_data("taxonomy.json")
    groups = {row["key"]: row["name_vi"] for row in taxonomy["groups"]}
    return [
        (Named(row["key"], row["name_vi"]), Named(row["group"], groups[row["group"]]))
        for row in taxonomy["scam_types"]
    ]


@cache
def _words() -> list[str]:
    from scam_warnings.seed import read_data

    return " ".join(f"{row['title']} {row['summary']}" for row in read_data("warnings.json")).split()


if __name__ == "__main__":
    main()
