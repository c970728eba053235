"""The form as it came, what is wrong with it, and what it says when nothing is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cms.intake import choices
from cms.intake.languages import Language
from cms.intake.posts import Posted
from cms.tips import pictures
from cms.tips.receiving import Told

SHORTEST: Final = 10
LONGEST: Final = 4000
LONGEST_TRACES: Final = 600
LONGEST_CONTACT: Final = 120
_FIELDS: Final = ("chuyen-gi", "dau-vet", "hinh-thuc", "noi-xay-ra", "hinh-anh", "lien-he", "dong-y")
"""What can be wrong, in the order of the page."""
_HARMED: Final = {"co": True, "chua": False}


@dataclass(frozen=True, slots=True)
class Problem:
    """What to mend, and at which field."""

    field: str
    words: str


@dataclass(slots=True)
class TipForm:
    """One form. ``problems`` is empty when it may be kept."""

    story: str = ""
    traces: str = ""
    kind: str = ""
    place: str = ""
    harmed: str = ""
    contact: str = ""
    agreed: bool = False
    language: str = Language.VIETNAMESE
    """Of the form itself."""
    held: Sequence[str] = ()
    fresh: list[pictures.Clean] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def problem_fields(self) -> set[str]:
        """The fields something is wrong with."""
        return {problem.field for problem in self.problems}

    def told(self) -> Told:
        """The form as a tip."""
        return Told(
            story=self.story.strip(),
            traces=self.traces.strip(),
            scam_type=choices.scam_type(self.kind),
            unit=choices.place(self.place),
            is_harmed=_HARMED.get(self.harmed),
            contact=" ".join(self.contact.split()),
            held=self.held,
            fresh=self.fresh,
            language=Language(self.language),
        )

    def hold_pictures(self, now: datetime) -> None:
        """Keep the pictures that came with this form for the next time it comes."""
        held = pictures.hold(self.fresh, now)
        if len(held) < len(self.fresh):
            self.problems.append(
                Problem("hinh-anh", _("The pictures could not be kept. Please choose them again."))
            )
        self.held, self.fresh = [*self.held, *held], []


def read(posted: Posted, language: str, now: datetime) -> TipForm:
    """The form in ``posted``, which was filled in in ``language``, judged."""
    dropped = set(posted.many("drop"))
    if dropped:
        pictures.drop(dropped)
    form = TipForm(
        story=posted.one("story"),
        traces=posted.one("traces"),
        kind=posted.one("kind"),
        place=posted.one("place"),
        harmed=posted.one("harmed"),
        contact=posted.one("contact"),
        agreed=posted.one("agreed") == "1",
        language=language,
        held=pictures.held([token for token in posted.many("held") if token not in dropped], now),
    )
    if not posted.is_whole:
        form.problems.append(
            Problem(
                "",
                _(
                    "The form was too large or did not arrive completely. Leave out the pictures or make them smaller."
                ),
            )
        )
        return form
    _judge(form)
    _judge_pictures(form, posted)
    # The list above the form is read from top to bottom, as the form is.
    form.problems.sort(key=lambda problem: _FIELDS.index(problem.field))
    return form


def _judge(form: TipForm) -> None:
    def wrong(field: str, words: str) -> None:
        form.problems.append(Problem(field, words))

    length = len(form.story.strip())
    if length < SHORTEST:
        wrong("chuyen-gi", _("Write in a few words what happened."))
    elif length > LONGEST:
        wrong(
            "chuyen-gi",
            _("Your story has %(length)d characters; the limit is %(limit)d. Please shorten it a little.")
            % {"length": length, "limit": LONGEST},
        )
    if len(form.traces.strip()) > LONGEST_TRACES:
        wrong(
            "dau-vet",
            _("That is too long: write the most important numbers and addresses, one on each line."),
        )
    if form.kind and choices.scam_type(form.kind) is None:
        wrong("hinh-thuc", _("Choose the kind of scam from the list."))
    if form.place and choices.place(form.place) is None:
        wrong("noi-xay-ra", _("Choose the commune or ward from the list."))
    if len(form.contact.strip()) > LONGEST_CONTACT:
        wrong("lien-he", _("Write one phone number or e-mail address only."))
    if not form.agreed:
        wrong("dong-y", _("Tick the box to say that you agree. Without it we may not keep what you write."))


def _judge_pictures(form: TipForm, posted: Posted) -> None:
    files: list[Any] = [file for file in posted.files.get("pictures", []) if file.name]
    room = pictures.MOST - len(form.held)
    if len(files) > room:
        form.problems.append(Problem("hinh-anh", _("At most three pictures can be sent.")))
    said: set[str] = set()
    for file in files[: max(room, 0)]:
        try:
            form.fresh.append(pictures.judge(file))
        except ValidationError as error:
            said.add(error.messages[0])
    form.problems += [Problem("hinh-anh", words) for words in sorted(said)]
