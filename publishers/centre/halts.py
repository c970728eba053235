"""«Dừng tất cả» and «Tiếp tục gửi»."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from wagtail.admin import messages

from publishers import halt
from publishers.centre.access import require_everywhere
from publishers.models import Delivery
from publishers.refusals import Refused
from publishers.states import State


class HaltForm(forms.Form):
    """Why everything is stopped."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("Everybody who works here sees it."),
        widget=forms.Textarea({"rows": 3}),
    )


@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest) -> HttpResponse:
    """Say what stopping means, ask why, and stop."""
    require_everywhere(request, "publishers.add_halt")
    form = HaltForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            halt.begin(request.user, form.cleaned_data["reason"])
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.warning(
                request, _("Everything is stopped. Nothing leaves until somebody lets it go on.")
            )
        return redirect("publishers:releases")
    waiting = Delivery.objects.filter(state__in=[State.SCHEDULED, State.DUE]).count()
    context = {"form": form, "waiting": waiting, "halt": halt.standing()}
    return render(request, "publishers/centre/halt.html", context, status=422 if form.errors else 200)


@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Let everything go on."""
    require_everywhere(request, "publishers.add_halt")
    try:
        halt.end(request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Sending goes on."))
    return redirect("publishers:releases")
