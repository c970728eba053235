"""Accounts without a browser: the first people of an installation, whom nobody could invite yet."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from cms.signin import invitations
from cms.signin.desk import InviteForm
from cms.signin.models import Invitation
from cms.users import memberships, units
from cms.users.roles import Role


class Command(BaseCommand):
    help = "open an account, with a role over the province, and print its link; see docs/operators.md"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--last-name", default="", help="family and middle name")
        parser.add_argument("--first-name", default="", help="given name")
        parser.add_argument("--email", default="")
        parser.add_argument("--role", choices=Role.values, action="append", default=[])
        parser.add_argument(
            "--again", action="store_true", help="a new link for an invited person who is not in yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            if options["again"]:
                self._say(_again(options["username"]))
                return
            names = ("username", "last_name", "first_name", "email")
            form = InviteForm({name: options[name] for name in names})
            if not form.is_valid():
                raise CommandError("\n".join(_sentences(form)))
            with transaction.atomic():
                invitation = invitations.invite(**form.cleaned_data, by=None)
                for role in options["role"]:
                    memberships.record(invitation.user, role, units.province())
            self._say(invitation)

    def _say(self, invitation: Invitation) -> None:
        self.stdout.write(
            _(
                "The account “%(name)s” is made. Hand this link to the person alone: it works once, for "
                "%(hours)d hours, and lets them choose the password."
            )
            % {"name": invitation.user.get_username(), "hours": settings.INVITATION_HOURS}
        )
        self.stdout.write(invitations.link(invitation))


def _again(username: str) -> Invitation:
    found = Invitation.objects.filter(user__username=username).first()
    try:
        if found is not None:
            return invitations.invite_again(found.pk, None)
    except invitations.BadInvitation:
        pass
    raise CommandError(_("Nobody with the name “%s” waits for an invitation.") % username)


def _sentences(form: InviteForm) -> list[str]:
    return [
        f"{form.fields[name].label if name in form.fields else name}: {sentence}"
        for name, errors in form.errors.as_data().items()
        for error in errors
        for sentence in ValidationError(error).messages
    ]
