"""Roles without a browser: the first people of an installation, when nobody can confirm anybody yet."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from cms.users import memberships, units
from cms.users.models import Membership, Unit
from cms.users.refusals import Refused
from cms.users.roles import Role


class Command(BaseCommand):
    help = "grant | revoke a role in a unit, or show who holds which; see docs/operators.md"

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb in ("grant", "revoke"):
            sub = verbs.add_parser(verb)
            sub.add_argument("username")
            sub.add_argument("role", choices=Role.values)
            sub.add_argument("--unit", default="", help="name or code; without it: the province")
        verbs.add_parser("list", help="everybody's roles")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            try:
                getattr(self, f"_{options['verb']}")(options)
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal

    def _grant(self, options: dict[str, Any]) -> None:
        user, unit = memberships.person(options["username"]), _unit(options["unit"])
        memberships.record(user, options["role"], unit)
        self._say(
            _("Given on the command line: %(who)s is %(role)s in “%(unit)s”."), user, options["role"], unit
        )

    def _revoke(self, options: dict[str, Any]) -> None:
        user, unit = memberships.person(options["username"]), _unit(options["unit"])
        held = Membership.objects.filter(
            user=user, unit=unit, role=options["role"], ended_at__isnull=True
        ).first()
        if held is None:
            raise CommandError(_("This person does not hold the role in this unit."))
        memberships.end(held)
        self._say(
            _("Ended on the command line: %(who)s is no longer %(role)s in “%(unit)s”."),
            user,
            options["role"],
            unit,
        )

    def _list(self, options: dict[str, Any]) -> None:
        rows = Membership.objects.filter(ended_at__isnull=True).select_related("user", "unit")
        for row in rows.order_by("unit__path", "role", "user__username"):
            self.stdout.write(f"{row.unit}\t{row.role}\t{row.user.get_username()}")

    def _say(self, words: str, user: Any, role: str, unit: Unit) -> None:
        self.stdout.write(words % {"who": user.get_username(), "role": Role(role).label, "unit": unit})


def _unit(named: str) -> Unit:
    if not named:
        return units.province()
    found = (
        Unit.objects.existing().filter(name=named).first()
        or Unit.objects.existing().filter(code=named).first()
    )
    if found is None:
        raise Refused(_("There is no unit with the name or code “%s”.") % named)
    return found
