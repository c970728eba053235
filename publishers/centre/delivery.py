"""One delivery: where it stands and why, its steps, its calls, its figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from publishers import clock, explain, panel, recipients
from publishers.centre.access import require_view
from publishers.models import Copy, Delivery


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything known of one delivery."""
    require_view(request)
    rows = Delivery.objects.select_related(
        "channel__credential", "release__page", "payload", "follows__release"
    )
    delivery = get_object_or_404(rows, pk=pk)
    back = reverse("publishers:delivery", args=[delivery.pk])
    context = {
        "delivery": delivery,
        "line": panel.rows([delivery], request.user, back)[0],
        "reasons": explain.explain(delivery, clock.now()),
        "transitions": delivery.transitions.all()[:200],
        "attempts": delivery.log.all()[:200],
        "copies": [(Copy.State(state).label, count) for state, count in recipients.counts(delivery).items()],
    }
    return render(request, "publishers/centre/delivery.html", context)
