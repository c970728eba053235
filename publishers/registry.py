"""The kinds of channel: one table, kind → what it is called and where its adapter lives."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from publishers.contracts import Capabilities


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of channel. ``text_form`` is the form of a warning it publishes (scam_warnings.enums.TextForm)."""

    label: str | Promise
    adapter: str
    text_form: str
    account: str = ""
    """The kind of account it speaks through; empty when it needs none."""


KINDS: dict[str, Kind] = {
    "portal": Kind(_("Public portal"), "publishers.adapters.portal.adapter.PortalPublisher", ""),
    "facebook_page": Kind(
        _("Facebook page"),
        "publishers.adapters.facebook_page.adapter.FacebookPagePublisher",
        "facebook",
        account="facebook",
    ),
    "zalo_group": Kind(
        _("Zalo group"),
        "publishers.adapters.zalo_group.adapter.ZaloGroupPublisher",
        "zalo",
        account="zalo_oa",
    ),
}
ACCOUNTS: dict[str, str | Promise] = {
    "facebook": _("Facebook page access"),
    "zalo_oa": _("Zalo Official Account"),
}


def choices() -> list[tuple[str, Any]]:
    """(kind, label) of every kind of channel."""
    return [(key, kind.label) for key, kind in KINDS.items()]


def account_choices() -> Iterable[tuple[str, Any]]:
    """(kind, label) of every kind of account."""
    return list(ACCOUNTS.items())


@cache
def adapter_class(kind: str) -> Any:
    """The adapter of ``kind``, imported on first use. Raises KeyError for an unknown kind."""
    module, name = KINDS[kind].adapter.rsplit(".", 1)
    return getattr(import_module(module), name)


def capabilities(kind: str) -> Capabilities:
    """What channels of ``kind`` can do."""
    return adapter_class(kind).capabilities
