"""«Thẩm định»: which content was passed on, by whom. A review stands for exactly the words it was made of."""

from django.conf import settings
from django.db import models

from wagtail.models import Revision, WorkflowState

from cms.editorial.declarations import content_hash
from publishers.contracts import Event
from publishers.models import Release
from scam_warnings.models import ScamWarningPage


class Review(models.Model):
    """A reviewer passed an item on to the approver. Never changed."""

    page = models.ForeignKey(ScamWarningPage, on_delete=models.CASCADE, related_name="reviews")
    workflow_state = models.ForeignKey(WorkflowState, on_delete=models.CASCADE, related_name="reviews")
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")
    content_hash = models.CharField(max_length=64)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Whose right was exercised, where it was delegated."""
    remark = models.TextField(blank=True)
    """For the approver."""
    passed_at = models.DateTimeField()

    class Meta:
        ordering = ["passed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workflow_state", "content_hash"], name="a_content_is_reviewed_once_a_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.reviewer}"


def review_of(state: WorkflowState, revision: Revision) -> Review | None:
    """The review of exactly this content in this round."""
    rows = Review.objects.filter(workflow_state=state, content_hash=content_hash(revision))
    return rows.select_related("reviewer", "on_behalf_of").first()


def reviewers_since_last_release(page: ScamWarningPage) -> set[int]:
    """Ids of everybody who passed some version of ``page`` on, or in whose place it was done, since its last
    release."""
    rows = Review.objects.filter(page=page)
    # A withdrawal ends nothing that waits.
    latest = page.releases.exclude(kind=Event.WITHDRAWAL.value).order_by("-number").first()
    if latest is not None:
        rows = rows.filter(passed_at__gt=latest.sealed_at)
    return _people(rows)


def reviewers_of(release: Release) -> set[int]:
    """Ids of everybody who passed some version of its warning on for ``release``, or in whose place it was done."""
    rows = Review.objects.filter(page=release.page_id, passed_at__lte=release.sealed_at)
    earlier = Release.objects.filter(page=release.page_id, number__lt=release.number)
    last = earlier.exclude(kind=Event.WITHDRAWAL.value).order_by("-number").first()
    return _people(rows.filter(passed_at__gt=last.sealed_at) if last is not None else rows)


def _people(rows: models.QuerySet[Review]) -> set[int]:
    pairs = rows.values_list("reviewer_id", "on_behalf_of_id")
    return {pk for pair in pairs for pk in pair if pk is not None}
