"""The words on the page of components: made up, and marked as such, so that nobody takes them for a warning."""

import datetime as dt
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cms.portal.presentation import Card, Contact
from cms.portal.reading import TypeEntry, TypeGroup
from scam_warnings.enums import Severity

_DAY: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
COLOURS: Final = (
    "page",
    "tint",
    "brand",
    "accent",
    "action",
    "alarm",
    "urgent",
    "caution",
    "info",
    "good",
)
TYPE_STEPS: Final = ("bar", "note", "title", "head")


def context() -> dict[str, Any]:
    """What ``portal/components.html`` shows."""
    sample = pgettext("portal", "Sample")
    sentence = _("A sample sentence, to see how the words run and where the lines break.")
    return {
        "cards": [
            _card(Severity.URGENT, sample, sentence),
            _card(Severity.CAUTION, sample, sentence, is_corrected=True),
            _card(Severity.INFO, sample, sentence, is_expired=True),
        ],
        "severities": [(severity.value, severity.label) for severity in Severity],
        "hotlines": [
            Contact(f"{sample} 1", "113", "tel:113", sentence),
            Contact(f"{sample} 2", "5656", "sms:5656", sentence),
            Contact(f"{sample} 3", "VNeID", "", sentence),
        ],
        "groups": [
            TypeGroup(
                "mau",
                sample,
                (TypeEntry("mau-1", f"{sample} 1", 1, 12), TypeEntry("mau-2", f"{sample} 2", None, 1)),
            )
        ],
        "colours": COLOURS,
        "type_steps": TYPE_STEPS,
        "sentence": sentence,
        "sample": sample,
        "newer": "#trang",
        "older": "#trang",
    }


def _card(severity: Severity, title: str, summary: str, **flags: bool) -> Card:
    return Card(
        url="#canh-bao",
        title=title,
        summary=summary,
        severity=severity.value,
        severity_name=str(severity.label),
        type_name=title,
        published_at=_DAY,
        picture=None,
        is_expired=flags.get("is_expired", False),
        is_corrected=flags.get("is_corrected", False),
    )
