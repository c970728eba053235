"""The numbers, addresses and accounts in a tip: what tells that two tips are about the same people."""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from cms.core.disguise import undisguised
from scam_warnings.detectors.found import Found, Private
from scam_warnings.detectors.private_data import private_data
from scam_warnings.indicators import IndicatorKind, masked

_KINDS: Final = {
    Private.LINK: IndicatorKind.LINK,
    Private.PHONE: IndicatorKind.PHONE,
    Private.BANK_ACCOUNT: IndicatorKind.BANK_ACCOUNT,
    Private.EMAIL: IndicatorKind.EMAIL,
}
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Trace:
    """One of them: its kind, and its words as they were written."""

    kind: str
    text: str

    @property
    def shown(self) -> str:
        """As it may be shown and put into a warning: masked, not clickable."""
        return masked(self.kind, self.text)[:200]


def traces(*texts: str, official: Iterable[str] = (), besides: str = "") -> list[Trace]:
    """What ``texts`` name, each once. Addresses of ``official`` domains are none, and nothing of ``besides`` is:
    how to reach the citizen belongs into no warning."""
    domains = set(official)
    own = {_plain(trace) for trace in _traces(besides, domains)}
    found: dict[str, Trace] = {}
    for text in texts:
        for trace in _traces(text, domains):
            key = _plain(trace)
            if key and key not in own:
                found.setdefault(key, trace)
    return list(found.values())[:MOST]


def digest(trace: Trace) -> str:
    """The same for the same number or address, however it was written; without the key it says nothing."""
    key = hashlib.sha256(f"cms.tips.marks:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, _plain(trace).encode(), hashlib.sha256).hexdigest()


def without_identities(text: str) -> tuple[str, bool]:
    """``text`` with identity numbers struck out, and whether there were any."""
    spans: list[Found] = [hit for hit in private_data(text, official=()) if hit.kind is Private.IDENTITY]
    # Places are those of the undisguised text, which is as long as the typed one unless it holds odd signs.
    plain = text if len(undisguised(text)) == len(text) else undisguised(text)
    if not spans:
        return text, False
    for hit in reversed(spans):
        plain = plain[: hit.start] + "▇" * 3 + plain[hit.end :]
    return plain, True


def _traces(text: str, official: set[str]) -> list[Trace]:
    hits = private_data(text, official=official) if text else []
    return [Trace(_KINDS[hit.kind], hit.text) for hit in hits if hit.kind in _KINDS]


def _plain(trace: Trace) -> str:
    text = undisguised(trace.text).casefold().replace("[.]", ".").replace("[@]", "@").replace(" ", "")
    if trace.kind == IndicatorKind.LINK:
        # A path or query is often made for one victim; the host is what tips have in common.
        return re.sub(r"^[a-z]+://", "", text).split("/")[0].split("?")[0].removeprefix("www.")
    if trace.kind in (IndicatorKind.PHONE, IndicatorKind.BANK_ACCOUNT):
        digits = re.sub(r"\D", "", text)
        return f"0{digits[2:]}" if trace.kind == IndicatorKind.PHONE and digits.startswith("84") else digits
    return text
