"""Loads the starting taxonomy. Entries a person changed later are left alone."""

import json
from importlib.resources import files
from typing import Any

from django.db import transaction

from scam_warnings.official_sources import OfficialSource
from scam_warnings.taxonomy import (
    Audience,
    ContentCategory,
    Hotline,
    ScamType,
    ScamTypeGroup,
    SourceKind,
)


def read_data(name: str) -> Any:
    """The JSON file ``name`` of the package's data folder."""
    return json.loads((files("scam_warnings") / "data" / name).read_text(encoding="utf-8"))


@transaction.atomic
def load_taxonomy() -> int:
    """Create what is missing of groups, scam types, audiences, kinds of source, categories and hotlines.

    Returns the number of entries created.
    """
    data = read_data("taxonomy.json")
    created = 0
    for order, row in enumerate(data["groups"], 1):
        created += _ensure(ScamTypeGroup, row, order)
    groups = {group.key: group for group in ScamTypeGroup.objects.all()}
    for order, row in enumerate(data["scam_types"], 1):
        created += _ensure(
            ScamType,
            row,
            order,
            group=groups[row["group"]],
            official_no=row["official_no"],
            official_name=row["official_name_vi"] or "",
        )
    for order, row in enumerate(data["audiences"], 1):
        created += _ensure(Audience, row, order, scope=row["scope"])
    for order, row in enumerate(data["source_kinds"], 1):
        created += _ensure(SourceKind, row, order)
    for order, row in enumerate(data["content_categories"], 1):
        created += _ensure(ContentCategory, row, order, description=row["description_vi"])
    for order, row in enumerate(data["hotlines"], 1):
        created += _ensure(
            Hotline,
            row,
            order,
            value=row["value"],
            kind=row["type"],
            use=row["use_vi"],
            use_en=row.get("use_en", ""),
            shown=row["show_by_default"],
        )
    kinds = {kind.key: kind for kind in SourceKind.objects.all()}
    for order, row in enumerate(read_data("official_sources.json"), 1):
        created += _ensure(OfficialSource, row, order, kind=kinds[row["kind"]], domain=row["domain"])
    return created


def _ensure(model: Any, row: dict[str, Any], order: int, **values: Any) -> int:
    _, created = model.objects.get_or_create(
        key=row["key"],
        defaults={
            "name": row["name_vi"],
            "name_en": row.get("name_en", ""),
            "sort_order": order * 10,
            **values,
        },
    )
    return int(created)
