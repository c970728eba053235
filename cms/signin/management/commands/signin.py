"""Help with signing in where no administrator can: at the machine itself."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.signin import custody, factors


class Command(BaseCommand):
    help = "unlock | sign-out | reset-factors a user, or reseal all secrets; see docs/operators.md"

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, about in (
            ("unlock", "forget the wrong guesses for this user"),
            ("sign-out", "end every session of this user"),
            ("reset-factors", "remove the second factors: new ones are set up at the next sign-in"),
        ):
            verbs.add_parser(verb, help=about).add_argument("username")
        verbs.add_parser("reseal", help="encrypt the secrets of second factors with the newest key")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("vi"):
            if options["verb"] == "reseal":
                done = factors.reseal_all()
                self.stdout.write(
                    ngettext("%(count)d secret resealed.", "%(count)d secrets resealed.", done)
                    % {"count": done}
                )
                return
            user = get_user_model().objects.filter(username=options["username"]).first()
            if user is None:
                raise CommandError(_("There is no user named “%(name)s”.") % {"name": options["username"]})
            custody.at_the_machine(options["verb"], user)
            self.stdout.write(_("Done, and kept in the record."))
