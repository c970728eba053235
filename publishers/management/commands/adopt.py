"""``manage.py adopt``: after a database was restored, take over what is out already, before sending goes on."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from publishers import registry, services
from publishers.connect import message_for, publisher_for
from publishers.contracts import Operation, PublishError
from publishers.models import Delivery
from publishers.states import State


class Command(BaseCommand):
    """Sends nothing. Run it while PUBLISH_HALTED is set; exit code 0 when every channel could be read."""

    help = "Look on the channels for posts of deliveries that wait, and record those that are there."

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = Delivery.objects.filter(state__in=[State.SCHEDULED, State.DUE, State.FAILED], remote_id="")
        rows = waiting.select_related("channel", "payload__release", "payload__channel", "release", "follows")
        adopted = unreadable = 0
        for delivery in rows.order_by("pk").iterator(chunk_size=200):
            if not registry.capabilities(delivery.channel.kind).read_back:
                continue
            try:
                found = publisher_for(delivery.channel).find(
                    message_for(delivery, Operation.CREATE), delivery.release.sealed_at
                )
            except PublishError as error:
                unreadable += 1
                self.stderr.write(f"{delivery.channel}: {error.sentence}")
                continue
            if found is not None and services.adopt(delivery, found, "adopt"):
                adopted += 1
        self.stdout.write(
            _(
                "%(adopted)d posts were out already and are on record now; %(unreadable)d could not be looked for."
            )
            % {"adopted": adopted, "unreadable": unreadable}
        )
        if unreadable:
            raise SystemExit(1)
