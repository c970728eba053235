"""The self-check as a part of the portal: pages that only change with their words, and the index for messages."""

from collections.abc import Iterable, Iterator

from cms.portal import addresses
from cms.portal.models import PublishedWarning
from cms.portal.selfcheck.content import SelfCheck, self_check


class SelfCheckSection:
    """Nothing here keeps a publication waiting."""

    def shared(self) -> Iterable[str]:
        return ()

    def around(self, warning: PublishedWarning) -> Iterable[str]:
        return ()

    def later(self, warning: PublishedWarning) -> Iterator[str]:
        check = self_check()
        if check is None:
            return
        yield addresses.MESSAGE_DATA
        for outcome in check.outcomes.values():
            if warning.scam_type_key in outcome.types:
                yield addresses.self_check_step(outcome.key)

    def every(self) -> Iterator[str]:
        # Also without a self-check: then the two pages say so.
        yield addresses.SELF_CHECK
        yield addresses.MESSAGE_CHECK
        check = self_check()
        if check is not None:
            yield addresses.MESSAGE_DATA
            yield from steps(check)

    def pages(self) -> Iterable[str]:
        """For the sitemap."""
        return (addresses.SELF_CHECK, addresses.MESSAGE_CHECK) if self_check() is not None else ()


def steps(check: SelfCheck) -> Iterator[str]:
    """Paths of every question and outcome but the first question, which stands at the start page."""
    for key in (*check.questions, *check.outcomes):
        if key != check.start.key:
            yield addresses.self_check_step(key)
