"""``manage.py audit verify | export | accept-loss``: check, take out and mend the audit trail."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from cms.audit import exporting, linking, loss, verifying
from cms.audit.actions import Action
from cms.audit.recording import record


class Command(BaseCommand):
    """Exit code 1 when something is wrong."""

    help = "Verify the audit trail, export it, or accept what a restored backup lost."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser(
            "verify", help="check every link and every entry; exit code 1 if anything was changed"
        )
        export = what.add_parser("export", help="write the trail as lines of JSON")
        export.add_argument("--from", dest="begin", metavar="YYYY-MM-DD", help="first day")
        export.add_argument("--to", dest="end", metavar="YYYY-MM-DD", help="last day, included")
        export.add_argument("--output", metavar="FILE", help="instead of the standard output")
        accept = what.add_parser(
            "accept-loss", help="after a restored backup: go on from where the chain ends"
        )
        accept.add_argument("--user", required=True, help="who accepts it")
        accept.add_argument("--reason", required=True, help="what happened; it stands in the trail")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['what'].replace('-', '_')}")(options)

    def _verify(self, options: dict[str, Any]) -> None:
        result = verifying.verify()
        if not result.head_known and result.links:
            self.stderr.write(
                _(
                    "There is no file that keeps the end of the chain, so nobody can tell whether its end was cut off."
                )
            )
        if result.ok:
            self.stdout.write(_("The audit trail is complete and unaltered: %d entries.") % result.links)
            return
        for problem in result.problems:
            self.stderr.write(f"{_numbered(problem)}")
        raise CommandError(
            _("The audit trail was altered. First place: %s") % _numbered(result.problems[0]), returncode=1
        )

    def _export(self, options: dict[str, Any]) -> None:
        begin, end = _day(options["begin"]), _day(options["end"], after=True)
        record(Action.EXPORT, label="audit export", details={"from": options["begin"], "to": options["end"]})
        linking.link_pending()
        if options["output"]:
            try:
                with Path(options["output"]).open("w", encoding="utf-8") as file:
                    file.writelines(f"{line}\n" for line in exporting.lines(begin, end))
            except OSError as error:
                raise CommandError(f"{options['output']}: {error.strerror}") from error
            return
        for line in exporting.lines(begin, end):
            self.stdout.write(line)

    def _accept_loss(self, options: dict[str, Any]) -> None:
        user = get_user_model().objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(_("There is no active user “%s”.") % options["user"])
        try:
            loss.accept_loss(user, options["reason"])
        except loss.NothingLost as refusal:
            raise CommandError(str(refusal)) from None
        except ValueError:
            raise CommandError(_("Say what happened: the reason stands in the trail.")) from None
        self.stdout.write(_("The loss stands in the trail, signed. The chain goes on from here."))


def _numbered(problem: verifying.Problem) -> str:
    if problem.sequence is None:
        return problem.sentence
    return _("number %(sequence)d: %(sentence)s") % {
        "sequence": problem.sequence,
        "sentence": problem.sentence,
    }


def _day(text: str | None, *, after: bool = False) -> datetime | None:
    if text is None:
        return None
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(_("“%s” is no date; write YYYY-MM-DD.") % text)
    return make_aware(datetime.combine(found + timedelta(days=1 if after else 0), time.min))
