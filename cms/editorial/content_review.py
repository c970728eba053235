"""Looking again at what is public: when each warning is due, and the word of whoever looked that it still holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail.log_actions import log

from cms.portal.models import PublicState, PublishedWarning
from cms.users import scope
from scam_warnings.models import ScamWarningPage

AHEAD: Final = timedelta(days=7)
"""So long before its day people are told."""
LONGEST: Final = timedelta(days=366)


class ContentReview(models.Model):
    """Somebody looked at what is public and found that it still holds. Appended, never changed."""

    page = models.ForeignKey(ScamWarningPage, on_delete=models.CASCADE, related_name="content_reviews")
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.CASCADE, related_name="+")
    """What was public then; a later version has a review date of its own."""
    next_on = models.DateField(_("next review on"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("review of a public warning")
        verbose_name_plural = _("reviews of public warnings")
        ordering = ["-reviewed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.page_id} → {self.next_on}"


@dataclass(frozen=True, slots=True)
class Due:
    """A day on which a public warning wants somebody."""

    page: ScamWarningPage
    on: date
    kind: str
    """review or expiry."""
    title: str

    @property
    def url(self) -> str:
        """Where something is done about it."""
        if self.kind == "review":
            return reverse("editorial:review_content", args=[self.page.pk])
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    def is_late(self, today: date) -> bool:
        """Whether the day has passed."""
        return self.on < today

    def is_today(self, today: date) -> bool:
        """Whether it is this day."""
        return self.on == today


def public() -> QuerySet[ScamWarningPage]:
    """What the public reads, each with ``due_on``: the day of its next review."""
    looked = ContentReview.objects.filter(page=OuterRef("pk"), revision=OuterRef("live_revision"))
    return (
        ScamWarningPage.objects.filter(published__isnull=False)
        .exclude(published__state=PublicState.WITHDRAWN)
        .annotate(due_on=Coalesce(Subquery(looked.order_by("-pk").values("next_on")[:1]), "review_on"))
        .select_related("published", "unit")
    )


def reviews_due(pages: QuerySet[ScamWarningPage], first: date | None, last: date) -> Iterator[Due]:
    """Reviews of ``pages`` (from ``public``) up to ``last``, the earliest first; from ``first`` on, if given."""
    rows: Any = pages.filter(due_on__lte=last)
    if first is not None:
        rows = rows.filter(due_on__gte=first)
    for page in rows.order_by("due_on", "pk"):
        # What is out of force is not looked at again for it.
        if not page.published.is_expired():
            yield Due(page, page.due_on, "review", page.published.title)


def expiries_due(pages: QuerySet[ScamWarningPage], first: date, last: date) -> Iterator[Due]:
    """Warnings of ``pages`` whose last day in force lies between ``first`` and ``last``."""
    rows = pages.filter(published__expires_on__range=(first, last))
    for page in rows.order_by("published__expires_on", "pk"):
        yield Due(page, page.published.expires_on, "expiry", page.published.title)


def for_person(user: Any, today: date) -> list[Due]:
    """What ``user``'s units should look at within AHEAD, the late ones first."""
    mine = scope.visible(public(), user)
    found = [*reviews_due(mine, None, today + AHEAD), *expiries_due(mine, today, today + AHEAD)]
    return sorted(found, key=lambda due: (due.on, due.title))


def may_review(user: Any, page: ScamWarningPage) -> bool:
    """Whether ``user`` works on ``page``."""
    return bool(page.permissions_for_user(user).can_edit())


def confirm(page: ScamWarningPage, user: Any, *, next_on: date, note: str) -> ContentReview:
    """Keep that ``user`` found the public version of ``page`` still right; nothing is released.

    Raises PermissionDenied without the right, ValueError for a date that does not lie ahead.
    """
    if not may_review(user, page):
        raise PermissionDenied
    today = timezone.localdate()
    if not today < next_on <= today + LONGEST:
        raise ValueError("the next review lies ahead, at most LONGEST")
    with transaction.atomic():
        public_now = PublishedWarning.objects.select_for_update().get(page=page)
        before = public().filter(pk=page.pk).values_list("due_on", flat=True).first()
        made = ContentReview.objects.create(
            page=page,
            revision_id=page.live_revision_id,
            next_on=next_on,
            note=" ".join(note.split())[:300],
            reviewed_by=user,
            reviewed_at=timezone.now(),
        )
        log(
            instance=page,
            action="keng.content_reviewed",
            user=user,
            data={
                "reference": public_now.code,
                "was": before.isoformat() if before else "",
                "next_on": next_on.isoformat(),
                "note": made.note,
            },
        )
    return made
