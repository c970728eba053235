"""What a follow-up review found wrong goes to those who can mend it."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.editorial.letters import send_once
from cms.editorial.stages import follow_ups
from cms.editorial.stages.follow_ups import FollowUp
from cms.users import memberships
from cms.users.roles import Role


def tell(row: FollowUp) -> int:
    """Tell authors and approvers of the unit what came out of ``row``; how many letters left."""
    now = timezone.now()
    page = row.release.page
    wanted = {user.pk for user in memberships.people_over(page.unit_id, Role.APPROVER, now=now)}
    wanted |= set(row.involved.values_list("pk", flat=True))
    people = get_user_model().objects.filter(pk__in=wanted - {row.done_by_id}, is_active=True).order_by("pk")
    withdraws = row.outcome == FollowUp.Outcome.WITHDRAWAL
    with override(settings.LANGUAGE_CODE):
        where = _where(row, withdraws)
        subject = _("To be withdrawn: %s") if withdraws else _("To be corrected: %s")
        return sum(
            send_once(
                person,
                f"follow-up:done:{row.pk}",
                now,
                subject=subject % row.title,
                template="editorial/letters/follow_up_done",
                context={"row": row, "withdraws": withdraws, "link": f"{settings.PUBLIC_URL}{where}"},
            )
            for person in people
        )


def _where(row: FollowUp, withdraws: bool) -> str:
    page = row.release.page_id
    if not withdraws:
        return reverse("wagtailadmin_pages:edit", args=[page])
    if follow_ups.is_held(row):
        return reverse("editorial:schedules")
    return reverse("editorial:withdraw", args=[page])
