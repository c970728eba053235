"""Warnings of the last 90 days that say much the same: a hint, so that nothing is published twice."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scam_warnings.gates.base import Gate, Link, Result, Subject
from scam_warnings.likeness import likeness, shingles
from scam_warnings.models import WARNINGS_SLUG, ScamWarningPage

DAYS: Final = 90
MOST_COMPARED: Final = 1000
WORTH_SHOWING: Final = 0.35
_MOST_SHOWN: Final = 5


def similar(page: ScamWarningPage, *, days: int = DAYS) -> list[tuple[float, int]]:
    """(share 0–1, page id) of the warnings of the last ``days`` days most like ``page``, best first.

    Title and summary are compared. At most MOST_COMPARED warnings are read, the newest.
    """
    since = timezone.now() - timedelta(days=days)
    recent = (
        ScamWarningPage.objects.filter(
            Q(last_published_at__gte=since) | Q(latest_revision_created_at__gte=since)
        )
        .exclude(pk=page.pk)
        .order_by("-latest_revision_created_at")
        .values_list("pk", "title", "summary")[:MOST_COMPARED]
    )
    own = shingles(f"{page.title}\n{page.summary}")
    scored = ((likeness(own, shingles(f"{title}\n{summary}")), pk) for pk, title, summary in recent)
    return sorted((row for row in scored if row[0] >= WORTH_SHOWING), key=lambda row: (-row[0], row[1]))


class SimilarityGate(Gate):
    """What is out or under way already, with how much of it is the same."""

    key = "similarity"
    label = gettext_lazy("Similar warnings")
    advisory = True

    def ask(self, subject: Subject) -> Result:
        found = similar(subject.page)[: 4 * _MOST_SHOWN]
        pages = ScamWarningPage.objects.in_bulk([pk for _share, pk in found])
        links = [
            Link(f"{share:.0%} · {pages[pk].title} ({pages[pk].code})", address)
            for share, pk in found
            if pk in pages and (address := self._address(subject, pages[pk]))
        ][:_MOST_SHOWN]
        if not links:
            return self.done(_("No similar warning in the last %d days.") % DAYS)
        return self.hint(
            _("There are similar warnings in the last %d days.") % DAYS,
            _(
                "If it is the same scam, correct or update the earlier warning instead of publishing it twice."
            ),
            links=links,
        )

    @staticmethod
    def _address(subject: Subject, page: ScamWarningPage) -> str:
        """Where the viewer may read it: in the editor, else where it is public; empty for what is neither."""
        if subject.viewer is not None and page.permissions_for_user(subject.viewer).can_edit():
            return reverse("wagtailadmin_pages:edit", args=[page.pk])
        return f"{settings.PUBLIC_URL}/{WARNINGS_SLUG}/{page.slug}/" if page.live else ""
