"""Template tags of the channels and deliveries."""

from typing import Any

from django import template

from publishers import panel
from publishers.centre.wording import OUTCOMES
from publishers.models import Attempt
from publishers.pictures import may_show

register = template.Library()


@register.inclusion_tag("publishers/deliveries_panel.html", takes_context=True)
def deliveries_panel(context: dict[str, Any], page_id: int) -> dict[str, Any]:
    """The deliveries of a warning, for those who may see them."""
    request = context["request"]
    if not (
        request.user.has_perm("publishers.view_delivery")
        or request.user.has_perm("publishers.change_delivery")
    ):
        return {"hidden": True}
    return panel.context(page_id, request.user, request.get_full_path())


@register.filter
def outcome_words(attempt: Attempt) -> str:
    """What came of a call."""
    return str(OUTCOMES.get(attempt.outcome, attempt.outcome))


@register.filter
def showable_picture(url: object) -> str:
    """``url`` if a page of the admin may load a picture from there, else nothing."""
    return url if isinstance(url, str) and may_show(url) else ""
