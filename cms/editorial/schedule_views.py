"""«Đã hẹn giờ»: what was signed and waits for its time, what missed it, and the three decisions about either."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from wagtail.admin import messages

from cms.editorial import timing
from cms.editorial.forms import ScheduleReasonForm, ScheduleTimeForm
from cms.editorial.views import CANNOT_STORE, NOT_STORED
from cms.users import scope
from publishers import clock, progress, scheduling
from publishers.models import Release, Schedule
from publishers.refusals import Refused

SEE: Final = ("publishers.view_delivery", "publishers.change_delivery")
SETTLED_SHOWN: Final = timedelta(days=14)
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One release with a time of publication."""

    schedule: Schedule
    channels: int
    verbs: tuple[str, ...] = ()
    """What the person may decide about it."""

    @property
    def title(self) -> str:
        """As it was sealed."""
        return str(self.schedule.release.snapshot.get("title", ""))


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing a person may decide about a held release."""

    title: str | Promise
    button: str | Promise
    explanation: str | Promise
    done: str | Promise
    form: type[forms.Form]
    act: Callable[[Release, Any, dict[str, Any]], Any]
    """Takes the release, the person and the form's data."""
    is_final: bool = False


DECISIONS: Final[dict[str, Decision]] = {
    timing.NOW: Decision(
        _("Publish now"),
        _("Publish now"),
        _("Exactly what was approved leaves at once, to every channel below."),
        _("It is published now; the table shows how far each channel is."),
        ScheduleReasonForm,
        lambda release, user, data: timing.publish_now(release, user, data["reason"]),
    ),
    timing.LATER: Decision(
        _("Set another time"),
        _("Set this time"),
        _("What was approved stays the same; only its time changes."),
        _("The time was changed."),
        ScheduleTimeForm,
        lambda release, user, data: timing.set_time(release, user, data["publish_at"], data["reason"]),
    ),
    timing.NEVER: Decision(
        _("Do not publish"),
        _("Do not publish"),
        _("Nothing of this version ever leaves. To publish it later, change it and submit it again."),
        _("The publication is cancelled; nothing of it leaves."),
        ScheduleReasonForm,
        lambda release, user, data: timing.cancel(release, user, data["reason"]),
        is_final=True,
    ),
}


@require_GET
def schedules(request: HttpRequest) -> HttpResponse:
    """What missed its time first, then what waits for it, then what was settled lately."""
    if not any(request.user.has_perm(name) for name in SEE):
        raise PermissionDenied
    now = clock.now()
    mine = scope.visible(Release.objects.all(), request.user, *SEE)
    rows = Schedule.objects.filter(release__in=mine).select_related("release__page", "release__approved_by")
    held = list(rows.filter(state__in=scheduling.HELD).order_by("publish_at", "pk")[:MOST])
    settled = rows.filter(settled_at__gte=now - SETTLED_SHOWN).order_by("-settled_at", "-pk")[:MOST]
    may = timing.deciding(request.user)
    figures = progress.of_releases([row.release_id for row in held])
    lines = [
        Line(
            row,
            figures.get(row.release_id, progress.Progress({})).total,
            may.verbs(row.release),
        )
        for row in held
    ]
    context = {
        "missed": [line for line in lines if line.schedule.state == Schedule.State.MISSED],
        "waiting": [line for line in lines if line.schedule.state == Schedule.State.WAITING],
        "settled": [Line(row, 0) for row in settled],
    }
    return render(request, "editorial/schedules/list.html", context)


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, release_id: int, verb: str) -> HttpResponse:
    """The page of one decision: what is held, under which seal, and why it is decided so."""
    decision = DECISIONS[verb]
    rows = scope.visible(Release.objects.select_related("page", "schedule"), request.user)
    release = get_object_or_404(rows, pk=release_id, schedule__isnull=False)
    if timing.deciding(request.user).over(release, verb) is None:
        raise PermissionDenied
    if release.schedule.state not in scheduling.HELD:
        messages.warning(request, _("This does not wait for its time any more."))
        return redirect("editorial:schedules")
    form = decision.form(request.POST or None, initial={"publish_at": release.schedule.publish_at})
    if request.method == "POST" and form.is_valid():
        try:
            decision.act(release, request.user, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except CANNOT_STORE:
            form.add_error(None, NOT_STORED)
        else:
            messages.success(request, decision.done)
            back = ("publishers:release", release.pk) if verb == timing.NOW else ("editorial:schedules",)
            return redirect(*back)
    context = {
        "decision": decision,
        "release": release,
        "schedule": release.schedule,
        "title": release.snapshot.get("title", ""),
        "payloads": release.payloads.select_related("channel").order_by("channel__sort_order", "pk"),
        "form": form,
    }
    return render(request, "editorial/schedules/decide.html", context, status=422 if form.errors else 200)
