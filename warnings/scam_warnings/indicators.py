"""What readers may recognise a scam by: links, numbers, accounts, addresses and names, each masked for public eyes.

They are stored masked. The full value belongs into the case file, not into a publishing system.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail import blocks

from cms.core.text import collapse
from scam_warnings.detectors.masking import masked_account, masked_email, masked_link, masked_number


class IndicatorKind(models.TextChoices):
    """What an indicator is."""

    LINK = "link", _("Web address")
    PHONE = "phone", _("Phone number")
    BANK_ACCOUNT = "bank_account", _("Bank account")
    EMAIL = "email", _("E-mail address")
    APP = "app", _("Name of an app")


_MASKS: Final[dict[str, Callable[[str], str]]] = {
    IndicatorKind.LINK: masked_link,
    IndicatorKind.PHONE: masked_number,
    IndicatorKind.BANK_ACCOUNT: masked_account,
    IndicatorKind.EMAIL: masked_email,
    IndicatorKind.APP: collapse,
}


def masked(kind: str, value: str) -> str:
    """``value`` as it may be stored and shown. Masking what is masked already changes nothing."""
    return _MASKS[kind](value)


class IndicatorBlock(blocks.StructBlock):
    """One indicator; its value is masked before it is stored."""

    kind = blocks.ChoiceBlock(label=pgettext_lazy("of an indicator", "Kind"), choices=IndicatorKind.choices)
    value = blocks.CharBlock(
        label=pgettext_lazy("of an indicator", "Value"),
        max_length=200,
        help_text=_(
            "Write it as it was reported. It is stored masked: a number keeps its first four and last three digits, "
            "an address cannot be clicked."
        ),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        cleaned["value"] = masked(cleaned["kind"], cleaned["value"])
        return cleaned

    class Meta:
        icon = "search"
        label = _("Indicator")


def indicator_blocks() -> list[tuple[str, blocks.Block]]:
    """Child blocks of the list of indicators."""
    return [("indicator", IndicatorBlock())]


def mask_all(children: Iterable[Any]) -> list[tuple[str, dict[str, str]]]:
    """Raw stream data of ``children`` with every value masked, for what did not come through the form."""
    rows = [child.value for child in children]
    return [
        ("indicator", {"kind": row["kind"], "value": masked(row["kind"], row["value"] or "")})
        for row in rows
        if row["kind"] in _MASKS
    ]
