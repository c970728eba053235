"""Everything in a text that could harm a person or lead a reader into the trap."""

from collections.abc import Collection, Iterable

from cms.core.disguise import undisguised
from scam_warnings.detectors.addresses import emails, links
from scam_warnings.detectors.found import Found
from scam_warnings.detectors.numbers import numbers


def private_data(text: str, *, official: Collection[str], confirmed: Collection[str] = ()) -> list[Found]:
    """Live links, e-mail addresses, phone, account and identity numbers in ``text``, in their order.

    ``official`` are the domains that may stand as they are, ``confirmed`` the authority's own numbers (digits).
    """
    plain = undisguised(text)
    addresses = list(emails(plain, official))
    addresses += links(_without(plain, [item.found for item in addresses]), official)
    found = [item.found for item in addresses if not item.official]
    found += numbers(_without(plain, [item.found for item in addresses]), confirmed)
    return sorted(found, key=lambda item: item.start)


def _without(text: str, found: Iterable[Found]) -> str:
    # Blanked, not removed: places stay, and the digits of a link are not taken for a phone number.
    for item in found:
        text = text[: item.start] + " " * (item.end - item.start) + text[item.end :]
    return text
