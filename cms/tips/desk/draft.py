"""From tips to a draft: which tips, which of what they name, and under which title."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from wagtail.admin import messages

from cms.core.text import clip
from cms.tips import drafting, story
from cms.tips.desk import access
from cms.tips.models import Tip
from scam_warnings.counted import TITLE_LIMIT
from scam_warnings.indicators import IndicatorKind
from scam_warnings.taxonomy import ScamType


class DraftForm(forms.Form):
    """Title and type of the warning; the rest is written in the editor."""

    title = forms.CharField(
        label=_("Title of the warning"),
        max_length=TITLE_LIMIT,
        help_text=_("In your own words. Nothing a citizen wrote is taken over."),
        error_messages={"required": _("Give the warning a title.")},
    )
    scam_type = forms.ModelChoiceField(
        ScamType.objects.order_by("sort_order", "name"),
        required=False,
        label=_("Scam type"),
        empty_label=_("Not said"),
    )


@require_http_methods(["GET", "POST"])
@never_cache
def draft(request: HttpRequest) -> HttpResponse:
    """Choose, then write the rest in the editor."""
    access.require(request, access.CHANGE)
    if not drafting.may_draft(request.user):
        raise PermissionDenied
    asked = request.POST if request.method == "POST" else request.GET
    keys = [
        int(key)
        for key in asked.getlist("tip")[: drafting.MOST]
        if key.isascii() and key.isdigit() and len(key) < 12
    ]
    tips = list(
        access.tips(request.user, access.CHANGE).filter(pk__in=keys).select_related("scam_type", "unit")
    )
    if not tips:
        messages.warning(request, _now("Choose at least one tip."))
        return redirect("tips:inbox")
    form = DraftForm(
        request.POST if request.method == "POST" else None, initial={"scam_type": _usual_type(tips)}
    )
    marks = drafting.marks_of(tips)
    chosen = set(asked.getlist("mark")) if request.method == "POST" else {mark.digest for mark in marks}
    if request.method == "POST" and form.is_valid():
        try:
            page = drafting.draft(
                tips,
                request.user,
                timezone.now(),
                title=form.cleaned_data["title"],
                scam_type=form.cleaned_data["scam_type"],
                digests=chosen,
            )
        except ValidationError as error:
            form.add_error("title", error.message_dict["title"])
        else:
            messages.success(
                request, _now("The draft is made. Write what happens, the signs and the advice.")
            )
            return redirect("wagtailadmin_pages:edit", page.pk)
    kinds = dict(IndicatorKind.choices)
    context: dict[str, Any] = {
        "form": form,
        "tips": [(tip, _beginning(tip)) for tip in tips],
        "marks": [(mark, kinds.get(mark.kind, mark.kind), mark.digest in chosen) for mark in marks],
    }
    return render(request, "tips/desk/draft.html", context, status=422 if form.errors else 200)


def _usual_type(tips: list[Tip]) -> int | None:
    kinds = [tip.scam_type_id for tip in tips if tip.scam_type_id]
    return max(kinds, key=kinds.count) if kinds else None


def _beginning(tip: Tip) -> str:
    told = story.of(tip)
    return clip(" ".join(told.text.split()), 160) if told is not None else ""
