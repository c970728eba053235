"""The form as it came, and what is wrong with it."""

from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from cms.intake import choices
from cms.intake.languages import Language
from cms.intake.posts import Posted
from cms.subscriptions import addresses
from cms.subscriptions.models import Subscriber
from cms.subscriptions.subscribing import Wish, wish_of
from scam_warnings.enums import Severity
from scam_warnings.taxonomy import ScamType

MOST_TYPES: Final = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """What to mend, and at which field."""

    field: str
    words: str


@dataclass(slots=True)
class SubscriptionForm:
    """One form."""

    email: str = ""
    least: str = Severity.INFO
    place: str = ""
    types: list[str] = field(default_factory=list)
    agreed: bool = False
    language: str = Language.VIETNAMESE
    """Of the letters."""
    problems: list[Problem] = field(default_factory=list)

    @property
    def problem_fields(self) -> set[str]:
        """The fields something is wrong with."""
        return {problem.field for problem in self.problems}

    def wish(self) -> Wish:
        """What they choose; keys that do not exist are left out."""
        types = tuple(ScamType.objects.filter(key__in=self.types))
        return Wish(Severity(self.least), choices.place(self.place), types, Language(self.language))


def read(posted: Posted, language: str, *, with_address: bool = True) -> SubscriptionForm:
    """The form in ``posted``, judged. Letters come in ``language`` unless another one is chosen in it."""
    least, chosen = posted.one("least"), posted.one("language")
    form = SubscriptionForm(
        email=posted.one("email"),
        least=least if least in Severity.values else Severity.INFO,
        place=posted.one("place"),
        types=posted.many("types")[:MOST_TYPES],
        agreed=posted.one("agreed") == "1",
        language=chosen if chosen in Language.values and not with_address else language,
    )
    if not posted.is_whole:
        form.problems.append(Problem("", _("The form did not arrive completely. Please send it again.")))
        return form
    if with_address and not addresses.normal(form.email):
        form.problems.append(Problem("email", _("Enter one e-mail address, for example name@example.com.")))
    if form.place and choices.place(form.place) is None:
        form.problems.append(Problem("noi-o", _("Choose the commune or ward from the list.")))
    if with_address and not form.agreed:
        form.problems.append(
            Problem("dong-y", _("Tick the box to say that you agree. Without it we may not write to you."))
        )
    return form


def of(subscriber: Subscriber) -> SubscriptionForm:
    """The form as it stands for somebody who gets warnings already."""
    wish = wish_of(subscriber)
    return SubscriptionForm(
        least=wish.least,
        place=str(wish.unit.pk) if wish.unit else "",
        types=[one.key for one in wish.types],
        language=wish.language,
    )
