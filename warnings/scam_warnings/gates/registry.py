"""The gates in the order people read them, and the questions the product asks of all of them."""

from typing import Any, Final

from django.core.exceptions import ValidationError

from scam_warnings.gates.alternative_text import AlternativeTextGate
from scam_warnings.gates.base import Gate, Result, State, Subject
from scam_warnings.gates.complete import CompleteGate
from scam_warnings.gates.english import EnglishGate
from scam_warnings.gates.lengths import LengthsGate
from scam_warnings.gates.metadata import MetadataGate
from scam_warnings.gates.private_data import PrivateDataGate
from scam_warnings.gates.readability import ReadabilityGate
from scam_warnings.gates.review_date import ReviewDateGate
from scam_warnings.gates.secrecy import SecrecyGate
from scam_warnings.gates.similarity import SimilarityGate
from scam_warnings.gates.source import SourceGate
from scam_warnings.models import ScamWarningPage

GATES: Final[tuple[Gate, ...]] = (
    CompleteGate(),
    EnglishGate(),
    SourceGate(),
    SecrecyGate(),
    PrivateDataGate(),
    LengthsGate(),
    AlternativeTextGate(),
    MetadataGate(),
    ReviewDateGate(),
    SimilarityGate(),
    ReadabilityGate(),
)
_ORDER: Final = (State.NOT_DONE, State.HINT, State.DONE)


def checklist(page: ScamWarningPage, *, viewer: Any = None) -> list[Result]:
    """The answer of every gate about ``page``, for a person to read: what is not done first, then the hints."""
    subject = Subject(page, viewer)
    return sorted((gate.ask(subject) for gate in GATES), key=lambda answer: _ORDER.index(answer.state))


def obstacles(page: ScamWarningPage) -> list[Result]:
    """The gates that are not done. Asked before every submission and every signature."""
    subject = Subject(page)
    answers = [gate.ask(subject) for gate in GATES if not gate.advisory]
    return [answer for answer in answers if answer.state is State.NOT_DONE]


def require_open(page: ScamWarningPage) -> None:
    """Raise ValidationError, by field, for every gate of ``page`` that is not done."""
    errors: dict[str, list[str]] = {}
    for answer in obstacles(page):
        for name, sentences in answer.errors.items():
            errors.setdefault(name, []).extend(sentences)
    if errors:
        raise ValidationError(errors)
