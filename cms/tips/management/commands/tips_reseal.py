"""``manage.py tips_reseal``: after a new key was put first in CREDENTIAL_KEYS, before the old one goes."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from cms.tips import resealing


class Command(BaseCommand):
    """Encrypt what citizens wrote with the newest key."""

    help = "encrypt tips, notes and pictures with the newest key"

    def handle(self, *args: Any, **options: Any) -> None:
        done, lost = resealing.reseal_all()
        with translation.override(settings.LANGUAGE_CODE):
            words = _("Encrypted anew: %(done)d. No key opens: %(lost)d.") % {"done": done, "lost": lost}
        self.stdout.write(words)
