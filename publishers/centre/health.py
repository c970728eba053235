"""The health page: channels, accounts, workers, and what does not fit what was approved."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from wagtail.admin import messages

from cms.users import scope
from publishers import beats, clock
from publishers.centre.access import require, require_view
from publishers.models import Channel, Credential, Delivery, Discrepancy, WorkerBeat
from publishers.states import State
from publishers.watch import deadman

MOST = 300


@dataclass(frozen=True, slots=True)
class Countdown:
    """How long an account's access lasts, in words and a tone."""

    text: str
    tone: str


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Everything that needs somebody, first; ``?all=1`` shows the healthy channels too."""
    require_view(request)
    now = clock.now()
    everything = request.GET.get("all") == "1"
    mine = scope.visible(Channel.objects.all(), request.user)
    channels = mine.select_related("credential").annotate(
        open_discrepancies=Count("discrepancies", filter=Q(discrepancies__resolved_at__isnull=True))
    )
    ill = (
        ~Q(paused_reason="")
        | ~Q(check_error="")
        | Q(refusals__gt=0)
        | Q(open_at__gt=now + timedelta(minutes=1))
        | Q(open_discrepancies__gt=0)
        | Q(credential__health=Credential.Health.RECONNECT_REQUIRED)
    )
    shown = channels if everything else channels.filter(ill, is_active=True)
    due = scope.visible(Delivery.objects.filter(state=State.DUE, next_attempt_at__lte=now), request.user)
    workers = list(WorkerBeat.objects.all()[:50])
    context: dict[str, Any] = {
        "now": now,
        "everything": everything,
        "channels": shown[:MOST],
        "total": mine.filter(is_active=True).count(),
        "accounts": [
            (account, countdown(account, now))
            for account in scope.visible(Credential.objects.all(), request.user)[:MOST]
        ],
        "discrepancies": scope.visible(
            Discrepancy.objects.filter(resolved_at__isnull=True), request.user
        ).select_related("channel", "release")[:MOST],
        "workers": [(beat, beats.silence(beat.beat_at, now)) for beat in workers],
        "nobody_sends": not any(beat.role == "worker" for beat in workers),
        "oldest": due.aggregate(oldest=Min("next_attempt_at"))["oldest"],
        "due": due.count(),
        "alarm": deadman.alarm(),
        "may_check": request.user.has_perm("publishers.change_channel"),
        "may_reconnect": request.user.has_perm("publishers.change_credential"),
        "may_close": request.user.has_perm("publishers.change_discrepancy"),
    }
    return render(request, "publishers/centre/health.html", context)


def countdown(account: Credential, now: datetime) -> Countdown:
    """Until when ``account`` works without a person."""
    if account.health != Credential.Health.OK:
        return Countdown(str(account.get_health_display()), "failed")
    if account.reconnect_by is None:
        return Countdown(_("No end known"), "done")
    days = (account.reconnect_by - now).days
    if days < 0:
        return Countdown(_("Ended"), "failed")
    text = ngettext("Ends in %(days)d day", "Ends in %(days)d days", days) % {"days": days}
    return Countdown(text, "failed" if days < 7 else "person" if days < 30 else "done")


@require_POST
def close_discrepancy(request: HttpRequest, pk: int) -> HttpResponse:
    """A person looked at it and settles it, with a reason."""
    require(request, "publishers.change_discrepancy")
    found = get_object_or_404(Discrepancy, pk=pk, resolved_at__isnull=True)
    reason = " ".join(request.POST.get("reason", "").split())[:300]
    if not reason:
        messages.error(request, _("Say why this is closed: the reason is kept."))
        return redirect("publishers:health")
    found.resolved_at = clock.now()
    found.closed_by, found.closed_reason = str(request.user)[:120], reason
    found.save(update_fields=["resolved_at", "closed_by", "closed_reason"])
    messages.success(request, _("The discrepancy is closed."))
    return redirect("publishers:health")
