"""The kinds of channel: one table, kind → what it is called and where its adapter lives.

Installed packages add kinds of their own through the entry point group ``keng.publishers``: each entry point
names a ``Kind``, and its name is the kind. Kinds of account come through ``keng.accounts`` in the same way,
each an ``Account`` (docs/adapters.md).
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from publishers.adapters.base import Endpoint
from publishers.contracts import Capabilities, Credentials, Mode

logger = logging.getLogger(__name__)

PORTAL: Final = "portal"
ENTRY_POINTS: Final = "keng.publishers"
ACCOUNT_ENTRY_POINTS: Final = "keng.accounts"
Declared = TypeVar("Declared")


@dataclass(frozen=True, slots=True)
class Option:
    """One setting of a channel of this kind, kept in ``Channel.options`` under ``name``. Never a secret."""

    name: str
    label: str | Promise
    help_text: str | Promise = ""
    required: bool = False
    choices: tuple[tuple[str, str | Promise], ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of channel. ``text_form`` is the form of a warning it publishes (scam_warnings.enums.TextForm)."""

    label: str | Promise
    adapter: str
    text_form: str
    account: str = ""
    """The kind of account it speaks through; empty when it needs none."""
    structured: bool = False
    """It publishes the whole snapshot (``Message.data``), not only a text."""
    destination: str | Promise = ""
    """What its identifier on the platform is called; empty when it needs none and may have only one."""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountField:
    """One thing an account of this kind holds. ``name`` is what its adapter reads. All of it is stored encrypted."""

    name: str
    label: str | Promise
    required: bool = True
    secret: bool = True
    """It is entered and never shown again. What is none is shown in the form, for the person to see it."""
    help_text: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Account:
    """One kind of account: what it holds, and how to find out whether it is connected."""

    label: str | Promise
    fields: tuple[AccountField, ...]
    check: str = ""
    """Dotted path of a function of (contracts.Credentials, adapters.base.Endpoint) that makes a harmless call as
    the account, and raises a PublishError when it is not, or may not be, connected. Empty: nothing to ask."""


KINDS: dict[str, Kind] = {
    "portal": Kind(
        _("Public portal"), "publishers.adapters.portal.adapter.PortalPublisher", "", structured=True
    ),
    "facebook_page": Kind(
        _("Facebook page"),
        "publishers.adapters.facebook_page.adapter.FacebookPagePublisher",
        "facebook",
        account="facebook",
        destination=_("Page id"),
    ),
    "zalo_group": Kind(
        _("Zalo group"),
        "publishers.adapters.zalo_group.adapter.ZaloGroupPublisher",
        "zalo",
        account="zalo_oa",
        destination=_("Group id"),
    ),
    "feed": Kind(
        _("RSS and Atom feed"), "publishers.adapters.feed.adapter.FeedPublisher", "", structured=True
    ),
    "webhook": Kind(
        _("Partner system (webhook)"),
        "publishers.adapters.webhook.adapter.WebhookPublisher",
        "facebook",
        account="webhook",
        structured=True,
        destination=_("Short name of the partner"),
        options=(Option("url", _("Address that receives the warnings"), required=True),),
    ),
    "email": Kind(
        _("E-mail list"),
        "publishers.adapters.email.adapter.EmailListPublisher",
        "email",
        destination=_("Short name of the list"),
        options=(Option("reply_to", _("Answers go to")),),
    ),
    "assisted": Kind(
        _("Posted by a person"),
        "publishers.adapters.assisted.adapter.AssistedPublisher",
        "",
        destination=_("Short name of the group"),
        options=(
            Option(
                "platform",
                _("Where it is posted"),
                required=True,
                choices=(
                    ("zalo", _("Zalo group")),
                    ("facebook", _("Facebook group")),
                    ("other", _("Somewhere else")),
                ),
            ),
            Option("open_url", _("Address that opens the group")),
        ),
    ),
}
ACCOUNTS: dict[str, Account] = {
    "facebook": Account(
        _("Facebook page access"),
        (
            AccountField("page_token", _("Page access token")),
            AccountField("app_id", _("App id"), required=False),
            AccountField("app_secret", _("App secret"), required=False),
        ),
        check="publishers.connecting.standing.check_facebook",
    ),
    "zalo_oa": Account(
        _("Zalo Official Account"),
        (
            AccountField("app_id", _("Application id")),
            AccountField("secret_key", _("Secret key of the application")),
            AccountField("access_token", _("Access token")),
            AccountField("refresh_token", _("Renewal code (refresh token)")),
            AccountField("webhook_key", _("Secret key of the webhook (OA secret key)"), required=False),
        ),
        check="publishers.connecting.standing.check_zalo",
    ),
    "webhook": Account(
        _("Partner's signing key"),
        (
            AccountField("signing_key", _("Signing key"), required=False),
            AccountField(
                "previous_key", _("Old signing key, while the partner changes over"), required=False
            ),
        ),
    ),
}


def kinds() -> Mapping[str, Kind]:
    """Every kind of channel: our own, and those of installed packages. Ours cannot be replaced."""
    return {**_installed(ENTRY_POINTS, Kind), **KINDS}


def choices() -> list[tuple[str, Any]]:
    """(kind, label) of every kind of channel."""
    return [(key, kind.label) for key, kind in kinds().items()]


def account_choices() -> Iterable[tuple[str, Any]]:
    """(kind, label) of every kind of account."""
    return [(key, account.label) for key, account in accounts().items()]


def accounts() -> Mapping[str, Account]:
    """Every kind of account: our own, and those of installed packages. Ours cannot be replaced."""
    return {**_installed(ACCOUNT_ENTRY_POINTS, Account), **ACCOUNTS}


def account_fields(kind: str) -> tuple[AccountField, ...]:
    """What an account of ``kind`` holds; nothing for one whose package was taken out."""
    found = accounts().get(kind)
    return found.fields if found else ()


@cache
def account_check(kind: str) -> Callable[[Credentials, Endpoint], None] | None:
    """The check of accounts of ``kind``, imported on first use; None where there is nothing to ask.

    Raises ImportError or AttributeError when its package is broken.
    """
    found = accounts().get(kind)
    if found is None or not found.check:
        return None
    module, name = found.check.rsplit(".", 1)
    check: Callable[[Credentials, Endpoint], None] = getattr(import_module(module), name)
    return check


@cache
def adapter_class(kind: str) -> Any:
    """The adapter of ``kind``, imported on first use. Raises KeyError for an unknown kind."""
    module, name = kinds()[kind].adapter.rsplit(".", 1)
    return getattr(import_module(module), name)


def capabilities(kind: str) -> Capabilities:
    """What channels of ``kind`` can do."""
    return adapter_class(kind).capabilities


def usable() -> list[str]:
    """The kinds whose adapter can be loaded: a package that was taken out or broke must not stop the others."""
    return [kind for kind in kinds() if _loads(kind)]


@cache
def _loads(kind: str) -> bool:
    try:
        return adapter_class(kind).capabilities is not None
    except Exception:
        logger.exception("The adapter of “%s” could not be loaded; its deliveries wait", kind)
        return False


def platform_of(kind: str) -> str:
    """What channels of ``kind`` share a platform-wide limit with: their kind of account, or themselves."""
    found = kinds().get(kind)
    return (found.account if found else "") or kind


def text_form(kind: str, options: Mapping[str, Any]) -> str:
    """The form of a warning a channel of ``kind`` with these ``options`` publishes; empty: the whole of it."""
    if capabilities(kind).mode is Mode.ASSISTED:
        return "facebook" if options.get("platform") == "facebook" else "zalo"
    return kinds()[kind].text_form


@cache
def _installed(group: str, form: type[Declared]) -> dict[str, Declared]:
    found: dict[str, Declared] = {}
    for point in sorted(entry_points(group=group)):
        declared = _load(point, form)
        if declared is not None:
            found[point.name] = declared
    return found


def _load(point: EntryPoint, form: type[Declared]) -> Declared | None:
    try:
        declared = point.load()
    except Exception:
        # A broken package must not take the product down with it.
        logger.exception("The publisher package %s could not be loaded", point.value)
        return None
    if isinstance(declared, form):
        return declared
    logger.error("The entry point %s does not name a publishers.registry.%s", point.value, form.__name__)
    return None
