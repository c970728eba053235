"""One decision for many deliveries of a release: retry what surely is not out, cancel what waits."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from wagtail.admin import messages

from publishers import services
from publishers.centre.access import require
from publishers.centre.releases import ChannelFilterForm, chosen
from publishers.models import Delivery, Release
from publishers.refusals import Refused
from publishers.states import State

MOST = 5000
_STATES = {"retry": (State.FAILED,), "cancel": (State.SCHEDULED, State.DUE, State.FAILED)}
"""What each verb may touch: never a delivery of which something may be out."""


class BulkForm(forms.Form):
    """What is done with the chosen deliveries, and why."""

    verb = forms.ChoiceField(choices=[("retry", "retry"), ("cancel", "cancel")], widget=forms.HiddenInput)
    filter = forms.CharField(required=False, widget=forms.HiddenInput, max_length=500)
    chosen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=60_000)
    """Ids with commas between; empty: everything the filter shows."""
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("It goes into the history of the warning."),
        widget=forms.Textarea({"rows": 3}),
    )


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """First ask for the reason, saying how many it is about; then do it and say what came of it."""
    require(request, "publishers.change_delivery")
    release = get_object_or_404(Release.objects.select_related("page"), pk=pk)
    back = reverse("publishers:release", args=[release.pk])
    data = request.POST.copy()
    if not data.get("chosen"):
        data["chosen"] = ",".join(request.POST.getlist("delivery"))
    form = BulkForm(data)
    verb = data.get("verb", "")
    if verb not in _STATES:
        messages.error(request, _("Choose what to do with the deliveries."))
        return redirect(back)
    rows = _rows(release, data, verb)
    if not rows:
        messages.warning(
            request, _("None of these deliveries can be treated so now: only what surely is not out.")
        )
        return redirect(back)
    if data.get("confirmed") and form.is_valid():
        _do(request, rows, verb, form.cleaned_data["reason"])
        return redirect(back)
    shown = form if data.get("confirmed") else BulkForm(initial={**data.dict(), "confirmed": True})
    context = {"release": release, "form": shown, "count": len(rows), "verb": verb, "back": back}
    return render(
        request, "publishers/centre/bulk.html", context, status=422 if data.get("confirmed") else 200
    )


def _rows(release: Release, data: Any, verb: str) -> list[Delivery]:
    rows = chosen(release, ChannelFilterForm(QueryDict(data.get("filter", "")[:500])))
    ids = [int(part) for part in data.get("chosen", "").split(",") if part.isascii() and part.isdigit()][
        :MOST
    ]
    if ids:
        rows = rows.filter(pk__in=ids)
    return list(rows.filter(state__in=_STATES[verb], remote_id="")[:MOST])


def _do(request: HttpRequest, rows: list[Delivery], verb: str, reason: str) -> None:
    done, refused = 0, ""
    user: Any = request.user
    for delivery in rows:
        try:
            if verb == "retry":
                services.resend(delivery, user, reason)
            else:
                services.cancel(delivery, user, reason)
        except Refused as refusal:
            refused = str(refusal)
        else:
            done += 1
    if verb == "retry":
        text = ngettext("%(count)d delivery is sent again.", "%(count)d deliveries are sent again.", done)
    else:
        text = ngettext("%(count)d delivery is cancelled.", "%(count)d deliveries are cancelled.", done)
    messages.success(request, text % {"count": done})
    if done < len(rows):
        left = len(rows) - done
        messages.warning(
            request, _("%(count)d were left as they are: %(why)s") % {"count": left, "why": refused}
        )
