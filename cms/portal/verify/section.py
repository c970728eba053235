"""The verifying pages and the signed statements as a part of the portal."""

from collections.abc import Iterable, Iterator

from cms.portal import addresses
from cms.portal.models import PublishedWarning

_FIXED = (addresses.VERIFY, addresses.ENGLISH_VERIFY, addresses.VERIFY_KEYS, addresses.VERIFY_ACCOUNTS)


class VerifySection:
    """Every warning has its statement beside its page, from the same moment."""

    def shared(self) -> Iterable[str]:
        return ()

    def around(self, warning: PublishedWarning) -> Iterable[str]:
        return (addresses.verify_data(warning.code),)

    def later(self, warning: PublishedWarning) -> Iterable[str]:
        return ()

    def every(self) -> Iterator[str]:
        yield from _FIXED
        for code in PublishedWarning.objects.order_by("pk").values_list("code", flat=True):
            yield addresses.verify_data(code)
