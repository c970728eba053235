"""«Đã rà soát, còn đúng»: a person looked at a public warning again."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from wagtail.admin import messages

from cms.editorial import content_review
from cms.users import scope
from scam_warnings.review_date import usual_review_date


class ReviewedForm(forms.Form):
    """The next day on which somebody looks, and what was found."""

    next_on = forms.DateField(
        label=_("Next review on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": _("Choose the day of the next review.")},
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("What you compared it with. It goes into the log of the warning."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_next_on(self) -> date:
        chosen: date = self.cleaned_data["next_on"]
        today = timezone.localdate()
        if chosen <= today:
            raise forms.ValidationError(_("Choose a day after today."))
        if chosen > today + content_review.LONGEST:
            raise forms.ValidationError(_("Choose a day within a year."))
        return chosen


@require_http_methods(["GET", "POST"])
def review_content(request: HttpRequest, page_id: int) -> HttpResponse:
    """What is public now, and the two ways on: it still holds, or it is changed."""
    page = get_object_or_404(scope.visible(content_review.public(), request.user), pk=page_id)
    if not content_review.may_review(request.user, page):
        raise PermissionDenied
    usual = usual_review_date(page.published.severity, timezone.localdate())
    form = ReviewedForm(request.POST or None, initial={"next_on": usual})
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = form.cleaned_data
        content_review.confirm(page, request.user, next_on=said["next_on"], note=said["note"])
        messages.success(
            request, _("On record: reviewed, and it still holds. The public page stays as it is.")
        )
        return redirect("wagtailadmin_home")
    context = {
        "page": page,
        "warning": page.published,
        "snapshot": page.published.content(),
        "due_on": page.due_on,
        "today": timezone.localdate(),
        "form": form,
        "reviews": page.content_reviews.select_related("reviewed_by")[:10],
    }
    return render(request, "editorial/review_content.html", context, status=422 if form.errors else 200)
