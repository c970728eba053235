"""What the province sees: how many subscribe, what they were told, and what needs a person. Never an address."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from wagtail.admin import messages

from cms.audit.recording import record
from cms.core import practice
from cms.subscriptions import erasing, outbox
from cms.subscriptions.models import Letter, Notice, Subscriber
from cms.users import scope

SEE: Final = "subscriptions.view_notice"
CHANGE: Final = "subscriptions.change_subscriber"
NOTICES: Final = 30


def _require(request: HttpRequest, permission: str) -> None:
    if not scope.everywhere(request.user, permission):
        raise PermissionDenied


@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """Figures, the last notices, and what is unknown."""
    _require(request, SEE)
    confirmed = Subscriber.objects.filter(confirmed_at__isnull=False)
    counts = {
        f"{state}_count": Count("letters", filter=Q(letters__state=state)) for state in Letter.State.values
    }
    written = Notice.objects.filter(Exists(Letter.objects.filter(notice=OuterRef("pk"))))
    notices = written.select_related("release__page").annotate(**counts)
    by_place = confirmed.order_by().values("unit__name").annotate(count=Count("pk"))
    context: dict[str, Any] = {
        "confirmed": confirmed.count(),
        "unconfirmed": Subscriber.objects.filter(confirmed_at__isnull=True).count(),
        "places": sorted(by_place, key=lambda row: (-row["count"], row["unit__name"] or ""))[:40],
        "notices": notices[:NOTICES],
        "unknown": Letter.objects.filter(state=Letter.State.UNKNOWN).count(),
        "may_change": scope.everywhere(request.user, CHANGE),
        "is_practice": practice.is_on(),
    }
    return render(request, "subscriptions/desk.html", context)


@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Erase a subscription for somebody who asks by letter, by phone or in person."""
    _require(request, CHANGE)
    # The log keeps that it was done, not for which address.
    if erasing.forget(request.POST.get("address", "")[:300]):
        record(
            "keng.subscriber_erased",
            kind="subscriptions.subscriber",
            label=_("Subscriber"),
            user=request.user,
        )
    messages.success(request, _("There is no subscription of that address any more."))
    return redirect("subscriptions:desk")


@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Send again what is unknown: somebody looked at the mail server."""
    _require(request, CHANGE)
    count = outbox.retry_unknown()
    record(
        "keng.letters_retried",
        kind="subscriptions.letter",
        label=_("Letters"),
        user=request.user,
        details={"count": count},
    )
    messages.success(
        request,
        ngettext("%(count)d letter is sent again.", "%(count)d letters are sent again.", count)
        % {"count": count},
    )
    return redirect("subscriptions:desk")
