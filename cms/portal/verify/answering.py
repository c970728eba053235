"""The server's answer to «is this yours?»: one finding for each thing the pasted text names."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, Value
from django.db.models.functions import Length

from cms.portal import addresses
from cms.portal.models import PublicState, PublishedWarning
from cms.portal.presentation import ENGLISH, Card, card, english_card
from cms.portal.reading import in_english
from cms.portal.search import folded_column
from cms.portal.verify.accounts import Account, official_accounts
from cms.portal.verify.recognising import MAX_INPUT, is_name, recognise
from scam_warnings.agency import AgencySettings

SHORTEST_TITLE: Final = 20
MOST_TITLES: Final = 3
MOST_ENGLISH: Final = 2000
"""English titles looked through, the newest."""


class Verdict(StrEnum):
    """What is said of one thing."""

    OURS = "ours"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    UNKNOWN_CODE = "unknown-code"
    UNKNOWN_PAGE = "unknown-page"
    OUR_PAGE = "our-page"
    STRANGE_ADDRESS = "strange-address"
    OUR_ACCOUNT = "our-account"
    OUR_NAME = "our-name"
    STRANGE_ACCOUNT = "strange-account"
    OUR_CONTACT = "our-contact"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict and what it is about; ``warning`` or ``account`` where it is about one of ours."""

    verdict: Verdict
    subject: str
    warning: PublishedWarning | None = None
    account: Account | None = None
    shown: Card | None = None
    """How the warning is called where it is read."""
    in_own_language: bool = True
    """False where the page speaks English and the warning does not."""


def answer(raw: str, language: str = settings.LANGUAGE_CODE) -> list[Finding]:
    """The findings for ``raw``, never none: with nothing recognised the one that says so.

    Warnings are called, and linked to, in ``language`` where they have it.
    """
    return [_shown(finding, language) for finding in _findings(raw)]


def _findings(raw: str) -> list[Finding]:
    text = raw[:MAX_INPUT]
    named = recognise(text, own_host())
    found: list[Finding] = []
    wanted = PublishedWarning.objects.filter(code__in=named.codes) | PublishedWarning.objects.filter(
        slug__in=named.slugs
    )
    rows = list(wanted)
    by_code, by_slug = {row.code: row for row in rows}, {row.slug: row for row in rows}
    told: set[int] = set()
    for code in named.codes:
        found += _warning(by_code.get(code), code, Verdict.UNKNOWN_CODE, told)
    for slug in named.slugs:
        found += _warning(by_slug.get(slug), addresses.warning(slug), Verdict.UNKNOWN_PAGE, told)
    accounts = official_accounts()
    found += [_account_finding(key, accounts) for key in named.accounts]
    found += [Finding(Verdict.STRANGE_ADDRESS, host) for host in named.strangers]
    found += [Finding(Verdict.OUR_PAGE, path) for path in named.pages]
    found += [
        Finding(Verdict.OUR_NAME, account.name, account=account)
        for account in accounts
        if is_name(text, account.name)
    ]
    found += _contacts(text)
    if not rows:
        found = [*_titles(text, told), *found]
    return found or [Finding(Verdict.NOTHING, "")]


def _shown(finding: Finding, language: str) -> Finding:
    row = finding.warning
    if row is None:
        return finding
    if language != ENGLISH:
        return replace(finding, shown=card(row))
    return replace(finding, shown=english_card(row), in_own_language=row.is_in_english)


def own_host() -> str:
    """The portal's host as it stands in addresses."""
    return urlsplit(settings.PUBLIC_URL).netloc.lower()


def _warning(row: PublishedWarning | None, subject: str, otherwise: Verdict, told: set[int]) -> list[Finding]:
    if row is None:
        return [Finding(otherwise, subject)]
    if row.pk in told:
        return []
    told.add(row.pk)
    return [Finding(_verdict(row), subject, warning=row)]


def _verdict(row: PublishedWarning) -> Verdict:
    return {PublicState.CORRECTED: Verdict.CORRECTED, PublicState.WITHDRAWN: Verdict.WITHDRAWN}.get(
        PublicState(row.state), Verdict.OURS
    )


def _account_finding(key: str, accounts: list[Account]) -> Finding:
    for account in accounts:
        if key in account.keys:
            return Finding(Verdict.OUR_ACCOUNT, key, account=account)
    return Finding(Verdict.STRANGE_ACCOUNT, key)


def _contacts(text: str) -> list[Finding]:
    agency = AgencySettings.load()
    digits = "".join(char for char in agency.phone if char.isascii() and char.isdigit())
    written = "".join(char for char in text if char.isascii() and char.isdigit())
    found = []
    if len(digits) >= 8 and digits in written:
        found.append(Finding(Verdict.OUR_CONTACT, agency.phone))
    if agency.email and agency.email.lower() in text.lower():
        found.append(Finding(Verdict.OUR_CONTACT, agency.email))
    return found


def _titles(text: str, told: set[int]) -> list[Finding]:
    """Warnings whose whole title stands in ``text``, the longest first."""
    folded = folded_column(text)
    if len(folded) < SHORTEST_TITLE:
        return []
    rows = (
        PublishedWarning.objects.annotate(pasted=Value(folded), length=Length("title_folded"))
        .filter(length__gte=SHORTEST_TITLE, pasted__contains=F("title_folded"))
        .order_by("-length", "-pk")[:MOST_TITLES]
    )
    found = [finding for row in rows for finding in _warning(row, row.title, Verdict.NOTHING, told)]
    return found or _english_titles(folded, told)


def _english_titles(folded: str, told: set[int]) -> list[Finding]:
    titles = in_english().order_by("-pk").values_list("pk", "snapshot__english__title")[:MOST_ENGLISH]
    named = [
        (pk, title)
        for pk, title in titles
        if len(column := folded_column(title)) >= SHORTEST_TITLE and column in folded
    ]
    rows = PublishedWarning.objects.in_bulk([pk for pk, _title in named[:MOST_TITLES]])
    return [
        finding
        for pk, title in named[:MOST_TITLES]
        for finding in _warning(rows.get(pk), title, Verdict.NOTHING, told)
    ]
