"""Write, submit, review, pass on, approve or return a warning without a browser, under the same rules."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from wagtail.models import TaskState

from cms.editorial import approval
from cms.editorial.drafting import create_warning
from scam_warnings.models import ScamWarningPage


class Command(BaseCommand):
    help = (
        "create | submit | review | pass | approve | return a warning as a given user; see docs/operators.md"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="a new draft from a JSON file ('-' reads standard input)")
        create.add_argument("file")
        for verb in ("submit", "review", "pass", "approve", "return"):
            verbs.add_parser(verb).add_argument("code", help="reference code, for example CB-2026-00123")
        for name, sub in verbs.choices.items():
            sub.add_argument("--user", required=True, help="user name of whoever does this")
            if name in {"pass", "approve"}:
                sub.add_argument("--seal", required=True, help="the seal that 'review' printed")
            if name in {"submit", "approve"}:
                sub.add_argument(
                    "--not-secret", action="store_true", help="declare: the content is not a state secret"
                )
            if name == "pass":
                sub.add_argument("--remark", default="", help="for the approver")
            if name == "return":
                sub.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        user = get_user_model().objects.filter(username=options["user"], is_active=True).first()
        with translation.override("vi"):
            if user is None:
                raise CommandError(_("There is no active user named “%s”.") % options["user"])
            try:
                getattr(self, f"_{options['verb']}")(user, options)
            except ValidationError as error:
                raise CommandError(_described(error)) from error
            except PermissionDenied as error:
                raise CommandError(str(error)) from error

    def _create(self, user: Any, options: dict[str, Any]) -> None:
        source = options["file"]
        try:
            text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
            data = json.loads(text)
        except (OSError, ValueError) as error:
            raise CommandError(_("Cannot read the warning: %s") % error) from error
        if not isinstance(data, dict):
            raise CommandError(_("The file must hold one JSON object."))
        page, _revision = create_warning(data, user)
        self.stdout.write(page.code or "")

    def _submit(self, user: Any, options: dict[str, Any]) -> None:
        approval.submit(_page(options["code"]), user, not_secret=options["not_secret"])
        self.stdout.write(_("Submitted for approval."))

    def _review(self, user: Any, options: dict[str, Any]) -> None:
        state = _waiting(options["code"])
        if not state.task.specific.may_decide(user, _page(options["code"])):
            raise PermissionDenied(_("You do not have permission to decide on this item."))
        draft = approval.under_review(state)
        for payload in draft.payloads:
            self.stdout.write(f"── {payload.channel} [{payload.hash}]")
            self.stdout.write(payload.text or payload.link)
            if payload.problem:
                self.stdout.write(f"!! {payload.problem}")
        self.stdout.write(f"seal: {draft.seal}")

    def _pass(self, user: Any, options: dict[str, Any]) -> None:
        approval.pass_on(_waiting(options["code"]), user, seen_seal=options["seal"], remark=options["remark"])
        self.stdout.write(_("Passed on to the approver."))

    def _approve(self, user: Any, options: dict[str, Any]) -> None:
        release = approval.approve(
            _waiting(options["code"]), user, seen_seal=options["seal"], not_secret=options["not_secret"]
        )
        self.stdout.write(release.reference)

    def _return(self, user: Any, options: dict[str, Any]) -> None:
        approval.return_for_changes(_waiting(options["code"]), user, options["reason"])
        self.stdout.write(_("Returned to the author."))


def _page(code: str) -> ScamWarningPage:
    page = ScamWarningPage.objects.filter(code=code).first()
    if page is None:
        raise CommandError(_("There is no warning with the code %s.") % code)
    return page


def _waiting(code: str) -> TaskState:
    state = _page(code).current_workflow_task_state
    if state is None:
        raise CommandError(_("The warning %s does not wait for approval.") % code)
    return state


def _described(error: ValidationError) -> str:
    if hasattr(error, "message_dict"):
        return "\n".join(f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items())
    return "\n".join(error.messages)
