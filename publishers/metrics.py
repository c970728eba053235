"""Figures for Prometheus, read from the database in a handful of queries whenever they are asked for."""

import hmac
import ipaddress
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from publishers import beats, clock, halt
from publishers.health import queue_age
from publishers.models import Attempt, Credential, Delivery, Discrepancy
from publishers.states import State

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Deliveries(Collector):
    """The state of the outbox at one moment."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Every figure; no label holds a name, an address or a secret."""
        yield from self._deliveries()
        yield from self._attempts()
        yield from self._accounts()
        yield from self._watching()

    def _deliveries(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(
            "keng_deliveries", "Deliveries by state and kind.", labels=["state", "kind"]
        )
        rows = Delivery.objects.order_by().values_list("state", "channel__kind").annotate(count=Count("pk"))
        for state, kind, count in rows:
            family.add_metric([state, kind], count)
        yield family
        yield _gauge("keng_queue_age_seconds", "Age of the oldest due delivery.", queue_age(self._now))
        doubt = Delivery.objects.filter(state=State.UNCONFIRMED).aggregate(oldest=Min("first_sent_at"))[
            "oldest"
        ]
        age = (self._now - doubt).total_seconds() if doubt else 0.0
        yield _gauge("keng_oldest_unconfirmed_seconds", "Age of the oldest unknown outcome.", age)

    def _attempts(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(
            "keng_attempts_last_hour", "Calls that began in the last hour.", labels=["action", "outcome"]
        )
        recent = Attempt.objects.filter(started_at__gt=self._now - timedelta(hours=1))
        for action, outcome, count in (
            recent.order_by().values_list("action", "outcome").annotate(count=Count("pk"))
        ):
            family.add_metric([action, outcome or "running"], count)
        yield family

    def _accounts(self) -> Iterator[Metric]:
        family = GaugeMetricFamily("keng_accounts", "Accounts by health.", labels=["kind", "health"])
        for kind, health, count in (
            Credential.objects.order_by().values_list("kind", "health").annotate(count=Count("pk"))
        ):
            family.add_metric([kind, health], count)
        yield family
        end = Credential.objects.aggregate(first=Min("reconnect_by"))["first"]
        if end is not None:
            days = (end - self._now).total_seconds() / 86_400
            yield _gauge(
                "keng_first_reconnection_days", "Days until the first account must be reconnected.", days
            )

    def _watching(self) -> Iterator[Metric]:
        family = GaugeMetricFamily("keng_discrepancies", "Open discrepancies by kind.", labels=["kind"])
        rows = Discrepancy.objects.filter(resolved_at__isnull=True).order_by()
        for kind, count in rows.values_list("kind").annotate(count=Count("pk")):
            family.add_metric([kind], count)
        yield family
        signs = GaugeMetricFamily(
            "keng_heartbeat_age_seconds", "Since the last sign of life.", labels=["role"]
        )
        for role in ("worker", "watch"):
            seen = beats.last(role)
            if seen is not None:
                signs.add_metric([role], (self._now - seen).total_seconds())
        yield signs
        yield _gauge("keng_halted", "1 while everything is stopped.", float(halt.standing() is not None))


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For METRICS_ALLOWED networks or the bearer of METRICS_TOKEN; for everybody else there is no such page."""
    if not _permitted(request):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Deliveries(clock.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE)


def _permitted(request: HttpRequest) -> bool:
    token: str = settings.METRICS_TOKEN
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if token and scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode()):
        return True
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    # Behind the shipped proxy every request comes from it: there the token is the way.
    if request.headers.get("X-Forwarded-For"):
        return False
    return any(address in ipaddress.ip_network(network) for network in settings.METRICS_ALLOWED)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
