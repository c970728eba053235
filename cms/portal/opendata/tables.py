"""The open data as a table for people with a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

from cms.portal import addresses, reading
from cms.portal.audiences import INTERNAL
from cms.portal.models import PublishedWarning
from cms.portal.opendata.records import moment

COLUMNS: Final = (
    "code",
    "version",
    "state",
    "title",
    "summary",
    "severity",
    "scam_type_key",
    "scam_type",
    "scam_type_group",
    "category",
    "audiences",
    "how_it_works",
    "warning_signs",
    "what_to_do",
    "if_you_are_a_victim",
    "sources",
    "agency",
    "published_at",
    "updated_at",
    "expires_on",
    "url",
    "title_en",
    "summary_en",
    "url_en",
)
BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it Excel takes the marks of Vietnamese for another code page."""
_FORMULA: Final = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")


def warnings_csv() -> str:
    """Every public warning as CSV (RFC 4180), the oldest first."""
    written = io.StringIO()
    written.write(BYTE_ORDER_MARK)
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for row in reading.listed().order_by("pk").iterator(200):
        table.writerow([neutral(cell) for cell in _cells(row)])
    return written.getvalue()


def neutral(cell: str) -> str:
    """``cell`` so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _cells(row: PublishedWarning) -> Iterable[str]:
    content = row.content()
    english = content.english
    return (
        row.code,
        str(row.release_number),
        row.state,
        content.title,
        content.summary,
        content.severity.name,
        content.scam_type.key,
        content.scam_type.name,
        content.scam_type_group.name,
        content.category.name,
        "\n".join(entry.name for entry in content.audiences if entry.key not in INTERNAL),
        "\n".join(content.how_it_works),
        "\n".join(content.warning_signs),
        "\n".join(content.what_to_do),
        "\n".join(content.if_you_are_a_victim),
        "\n".join(source.name for source in content.sources),
        content.agency,
        moment(row.published_at),
        moment(row.updated_at),
        content.expires_on,
        addresses.absolute(row.path),
        english.title if english else "",
        english.summary if english else "",
        addresses.absolute(row.english_path) if english else "",
    )
