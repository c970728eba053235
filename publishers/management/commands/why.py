"""``manage.py why``: why a delivery was not sent yet, or what became of it."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from publishers import clock, explain
from publishers.models import Delivery

MOST = 100


class Command(BaseCommand):
    """Exit code 1 when there is no such delivery."""

    help = "Explain a delivery: by its number, or by a reference code and (part of) the name of a channel."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "delivery", help="number of a delivery, or a reference code such as CB-2026-00123"
        )
        parser.add_argument("channel", nargs="?", default="", help="part of the channel's name")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(_found(options["delivery"].strip(), options["channel"].strip())[:MOST])
        if not found:
            raise CommandError(
                _("There is no such delivery. Give its number, or a reference code and a channel.")
            )
        now = clock.now()
        for delivery in found:
            self.stdout.write(f"#{delivery.pk} {delivery.release.reference} → {delivery.channel}")
            for sentence in explain.explain(delivery, now):
                self.stdout.write(f"  - {sentence}")
            for attempt in delivery.log.order_by("-number")[:5]:
                took = f"{attempt.seconds:.2f} s" if attempt.seconds is not None else "…"
                self.stdout.write(
                    f"    {attempt.started_at:%H:%M:%S} {attempt.action} {attempt.outcome or '…'} "
                    f"{attempt.code} {took} {attempt.worker}"
                )


def _found(asked: str, channel: str) -> QuerySet[Delivery]:
    rows = Delivery.objects.select_related(
        "channel__credential", "release__page", "payload", "follows__release"
    ).order_by("pk")
    if asked.isascii() and asked.isdigit() and len(asked) < 18:
        rows = rows.filter(pk=int(asked))
    else:
        rows = rows.filter(release__reference__istartswith=asked)
    return rows.filter(channel__name__icontains=channel) if channel else rows
