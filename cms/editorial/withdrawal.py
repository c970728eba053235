"""«Thu hồi»: one person with the right to approve takes a published warning back, everywhere at once."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail.log_actions import log
from wagtail.models import Page

from cms.editorial.approval import ApprovalRefused, ContentChanged
from cms.editorial.forms import DECLARATION
from cms.editorial.models import ApprovalTask
from cms.editorial.stages.chain import Capacity, capacity
from publishers import plans, scheduling, seals
from publishers.centre.next_steps import Step
from publishers.models import Release
from publishers.sealing import DraftRelease, draft_withdrawal
from publishers.signing import seal_release
from scam_warnings.models import ScamWarningPage


def may_withdraw(user: Any, page: ScamWarningPage | None = None) -> bool:
    """Whether ``user`` decides on warnings, or on ``page``; being a superuser is not enough."""
    return any(task.may_decide(user, page) for task in ApprovalTask.objects.filter(active=True))


def capacity_over(user: Any, page: ScamWarningPage) -> Capacity | None:
    """By whose right ``user`` decides about what of ``page`` is signed already; None when by nobody's."""
    roles = [role for task in ApprovalTask.objects.filter(active=True) for role in task.roles()]
    # Taking back needs no four eyes: whoever wrote it may see first that it is wrong.
    return capacity(user, roles, page.unit_id, set())


def is_out(page: ScamWarningPage) -> bool:
    """Whether there is something to withdraw: a release that has begun, and not itself a withdrawal."""
    last = scheduling.begun(page.releases.all()).order_by("-number").first()
    return last is not None and last.kind != Release.Kind.WITHDRAWAL


def step(user: Any, release: Release) -> Step | None:
    """The way from the newest release of a public warning to its withdrawal, for who may decide on it."""
    page = release.page
    newest = page.releases.order_by("-number").values_list("pk", flat=True).first()
    if release.pk != newest or not is_out(page) or not may_withdraw(user, page):
        return None
    return Step(reverse("editorial:withdraw", args=[page.pk]), _("Withdraw the warning"), serious=True)


def draft(page: ScamWarningPage, note: str) -> DraftRelease:
    """What withdrawing would send now. Raises ApprovalRefused when nothing of the warning is out."""
    if not is_out(page):
        raise ApprovalRefused(_("Nothing of this warning is public, so there is nothing to withdraw."))
    return draft_withdrawal(page, note)


def withdraw(page: ScamWarningPage, user: Any, *, note: str, seen_seal: str, not_secret: bool) -> Release:
    """Seal and send exactly the notices ``seen_seal`` stands for.

    Raises ContentChanged when they would be others now, ApprovalRefused without the right, without a reason or
    without the declaration. A version that waits for approval goes on waiting.
    """
    if not not_secret:
        raise ApprovalRefused(_("Confirm that the notice is not a state secret before you withdraw."))
    with transaction.atomic():
        Page.objects.select_for_update().get(pk=page.pk)
        page = ScamWarningPage.objects.get(pk=page.pk)
        user = get_user_model().objects.get(pk=user.pk)
        if not may_withdraw(user, page):
            raise ApprovalRefused(_("You do not have permission to decide on this item."))
        # Held first: what waits cannot leave between counting what is out and cancelling what is not.
        plans.not_begun(page)
        made = draft(page, note)
        if made.gaps:
            raise ApprovalRefused(" ".join(made.gaps))
        if made.seal != seen_seal:
            raise ContentChanged(
                _("Something changed on the channels after you opened this page. Read it again, then decide.")
            )
        with override(settings.LANGUAGE_CODE):
            declaration = str(DECLARATION)
        acting = capacity_over(user, page)
        release = seal_release(
            made, approver=user, declaration=declaration, on_behalf_of=acting.described if acting else None
        )
        log(
            instance=page,
            action="keng.withdraw",
            user=user,
            data={
                "reference": release.reference,
                "seal": release.seal,
                "record": seals.record_of(release),
                "reason": note,
                **(acting.noted if acting else {}),
            },
        )
    return release
