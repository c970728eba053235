"""The audit trail is linked and verified by itself: what is new every minute, all of it once a day."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from cms.audit import linking, verifying
from publishers.watch import notices

logger = logging.getLogger(__name__)

KEY: Final = "audit-broken"
WHOLE_EVERY: Final = timedelta(days=1)
TOLD: Final = 10
"""Problems that are named in the e-mail."""


class TrailCheck:
    """Remembers up to where the chain was found well, for the life of one watch."""

    def __init__(self) -> None:
        self._place: verifying.Place | None = None
        self._whole_at: datetime | None = None

    def __call__(self, now: datetime) -> bool:
        """Link what waits, verify, and tell the administrators when something was altered. True when all is well."""
        whole = self._place is None or self._whole_at is None or now - self._whole_at >= WHOLE_EVERY
        linking.link_pending(everything=whole)
        result = verifying.verify(None if whole else self._place)
        if not result.ok:
            # The whole chain again next time: the alarm ends only when nothing is wrong anywhere.
            self._place = None
            _alarm(result.problems)
            return False
        self._place = result.place
        if whole:
            self._whole_at = now
            notices.end(KEY)
            # For whoever collects the log elsewhere: the end of the chain, out of reach of this machine.
            logger.info("Audit trail well: %d links, head %s", result.place.sequence, result.place.hash)
        return True


def _alarm(problems: list[verifying.Problem]) -> None:
    first = problems[0]
    logger.error("The audit trail was altered: %s (%s)", first.sentence, first.sequence)
    lines = [f"- {problem.sentence} ({problem.sequence or '–'})" for problem in problems[:TOLD]]
    text = _(
        "What stands in the audit log is not what was written, or something was taken out of it. "
        "Keep a copy of the database as it is now, then run: manage.py audit verify. "
        "If a backup was restored, run: manage.py audit accept-loss."
    )
    notices.tell(KEY, _("The audit log was altered"), "\n".join([text, "", *lines]))
