"""``manage.py deliveries``: what became of a warning, channel by channel, without a browser."""

import argparse
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from publishers import panel
from publishers.models import Delivery
from scam_warnings.models import ScamWarningPage


class Command(BaseCommand):
    """Prints a table; exit code 1 when there is no such warning."""

    help = "Show the deliveries of a warning: channel, state, attempts, time, link, cause."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("warning", help="reference code such as CB-2026-00123, or the id of the page")

    def handle(self, *args: Any, **options: Any) -> None:
        page = _find(options["warning"].strip())
        lines = [panel.row(delivery, may_change=False, back="") for delivery in panel.of_page(page.pk)]
        if not lines:
            self.stdout.write(_("“%s” was not approved yet, so nothing was sent.") % page.title)
            return
        head = [
            _("Release"),
            _("Channel"),
            _("State"),
            _("Attempts"),
            _("Time"),
            _("Post"),
            _("Cause and next step"),
        ]
        self.stdout.write(_table([head, *(_cells(line) for line in lines)]))


def _find(asked: str) -> ScamWarningPage:
    pages = ScamWarningPage.objects.all()
    found = (
        pages.filter(code=asked.upper()).first()
        or pages.filter(releases__reference=asked.upper()).first()
        or (
            pages.filter(pk=int(asked)).first()
            if asked.isascii() and asked.isdigit() and len(asked) < 18
            else None
        )
    )
    if found is None:
        raise CommandError(
            _("There is no warning “%s”. Give its reference code or the id of its page.") % asked
        )
    return found


def _cells(line: panel.Row) -> list[str]:
    delivery: Delivery = line.delivery
    return [
        delivery.release.reference,
        str(delivery.channel),
        line.label,
        str(delivery.attempts),
        localtime(line.time).strftime("%H:%M:%S %d/%m/%Y") if line.time else "",
        delivery.remote_url or delivery.remote_id,
        " ".join(line.notes),
    ]


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
        for row in rows
    )
