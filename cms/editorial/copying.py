"""A copied warning keeps its authors: whoever wrote the words cannot approve them in the copy either."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest

from wagtail.models import Page, Revision

from cms.users import memberships
from cms.users.roles import Role
from scam_warnings.models import Contribution, ScamWarningPage


def require_place(request: HttpRequest) -> None:
    """Raise BadRequest for a form that names no page to copy to: Wagtail's view looks it up before it is checked."""
    if request.method != "POST":
        return
    try:
        place = Page.objects.filter(pk=request.POST.get("new_parent_page")).exists()
    except (ValueError, OverflowError):
        place = False
    if not place:
        raise BadRequest("No page to copy to.")


def keep_authors(source: Page, copy: Page) -> None:
    """Record everybody who wrote ``source`` as an author of ``copy``."""
    source, copy = source.specific, copy.specific
    if not isinstance(source, ScamWarningPage) or not isinstance(copy, ScamWarningPage):
        return
    authors = set(source.contributions.values_list("user_id", flat=True))
    authors |= set(Revision.objects.for_instance(source).values_list("user_id", flat=True))
    latest = copy.latest_revision_created_at or copy.latest_revision.created_at
    for author in authors - {None}:
        Contribution.objects.update_or_create(page=copy, user_id=author, defaults={"latest_at": latest})


def give_to_unit_of(user: Any, copy: Page) -> None:
    """A copy stays in the unit of its source only where ``user`` writes; else it belongs to where they do."""
    page = copy.specific
    if not isinstance(page, ScamWarningPage) or user.is_superuser:
        return
    if memberships.holds_over(user, Role.EDITOR, unit_id=page.unit_id):
        return
    home = next(iter(memberships.units_of(user, Role.EDITOR)), None)
    ScamWarningPage.objects.filter(pk=page.pk).update(unit=home)
