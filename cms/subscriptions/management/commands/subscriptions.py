"""``manage.py subscriptions``: figures, erasing an address, sending unknown letters again."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cms.subscriptions import addresses, erasing, outbox
from cms.subscriptions.models import Letter, Subscriber


class Command(BaseCommand):
    """Look after warnings by e-mail."""

    help = "status | erase ADDRESS | terms | retry-unknown | reseal"

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("status", help="how many subscribe, and how many letters wait")
        verbs.add_parser("erase", help="erase the subscription of an address").add_argument("address")
        verbs.add_parser("terms", help="erase what has reached its term, now")
        verbs.add_parser("reseal", help="encrypt the addresses with the newest key")
        verbs.add_parser("retry-unknown", help="send letters whose outcome is unknown once more")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            verb = options["verb"]
            words = _erase(options["address"]) if verb == "erase" else _VERBS[verb]()
        self.stdout.write(words)


def _status() -> str:
    confirmed = Subscriber.objects.filter(confirmed_at__isnull=False).count()
    return _("Subscribers: %(confirmed)d. Letters waiting: %(waiting)d, unknown: %(unknown)d.") % {
        "confirmed": confirmed,
        "waiting": Letter.objects.filter(state=Letter.State.PENDING).count(),
        "unknown": Letter.objects.filter(state=Letter.State.UNKNOWN).count(),
    }


def _terms() -> str:
    return _("Addresses erased that were never confirmed: %(count)d.") % {
        "count": erasing.run(timezone.now())
    }


def _retry() -> str:
    return _("Letters sent again: %(count)d.") % {"count": outbox.retry_unknown()}


def _erase(address: str) -> str:
    erasing.forget(address)
    return _("There is no subscription of that address any more.")


def _reseal() -> str:
    done, lost = addresses.reseal_all()
    return _("Encrypted anew: %(done)d. No key opens: %(lost)d.") % {"done": done, "lost": lost}


_VERBS = {"status": _status, "terms": _terms, "retry-unknown": _retry, "reseal": _reseal}
