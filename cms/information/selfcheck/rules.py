"""What must hold of a self-check, each fault with the place where it is mended."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from cms.information.selfcheck.blocks import Verdict
from cms.information.selfcheck.composing import ADVICE, Check
from cms.portal.search.words import folded_words

MOST_QUESTIONS: Final = 4
"""Questions somebody who is being pressed answers at most."""
RESERVED: Final = frozenset({"tin-nhan"})
"""Stand below /kiem-tra/ already."""

_QUOTED: Final = re.compile(r"“[^”]*”|\"[^\"]*\"")
_CLAUSE: Final = re.compile(r"[.,;:!?\n–—]+")
_NEGATION: Final = re.compile(r"\b(không|chưa|chẳng|đừng)\b")
_PURPOSE: Final = re.compile(r"\b(giữ|để|cho|bảo đảm|đảm bảo)( được)?$")
_CLAIM: Final = re.compile(
    r"\b(an toàn|yên tâm|an tâm|đáng tin|tin được|vô hại|"
    r"không (phải )?(là )?lừa đảo|không phải (là )?(trò )?lừa|"
    r"không nguy hiểm|không (có )?(gì )?đáng (lo|ngại)|không sao)\b"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """``message`` belongs to field ``field`` of block ``block`` in ``part``; to its answer or line ``row``, if any."""

    part: str
    message: str
    block: int | None = None
    field: str = ""
    row: int | None = None


def faults(check: Check) -> Iterator[Fault]:
    """Everything that is wrong with ``check``."""
    questions, outcomes = check["questions"], check["outcomes"]
    if not questions:
        yield Fault("questions", _("Add the first question."))
    yield from _keys(check)
    yield from _ways(check)
    yield from _verdicts(outcomes)
    yield from _claims(check)
    for number, sign in enumerate(check["signs"]):
        if any(not folded_words(phrase) for phrase in sign["phrases"]) or not sign["phrases"]:
            yield Fault("signs", _("Each line needs at least one word."), number, "phrases")


def claims_safety(text: str) -> str:
    """The words of ``text`` that say something is safe or is no scam; empty when it does not."""
    for clause in _CLAUSE.split(_QUOTED.sub(" ", text.casefold())):
        for found in _CLAIM.finditer(clause):
            before = clause[: found.start()].rstrip()
            if not _NEGATION.search(before) and not _PURPOSE.search(before):
                return found[0]
    return ""


def _keys(check: Check) -> Iterator[Fault]:
    used = Counter(row["key"] for part in ("questions", "outcomes") for row in check[part])
    seen: set[str] = set()
    for part in ("questions", "outcomes"):
        for number, row in enumerate(check[part]):
            if row["key"] in RESERVED:
                yield Fault(
                    part, _("The portal uses this address itself. Choose another one."), number, "key"
                )
            elif used[row["key"]] > 1 and row["key"] in seen:
                yield Fault(
                    part, _("Another question or outcome has this name. Choose another one."), number, "key"
                )
            seen.add(row["key"])


def _ways(check: Check) -> Iterator[Fault]:
    """Answers that lead nowhere or back, what nobody reaches, and ways that are too long."""
    questions = {row["key"]: (number, row) for number, row in reversed(list(enumerate(check["questions"])))}
    known = questions.keys() | {row["key"] for row in check["outcomes"]}
    ahead: dict[str, list[str]] = {key: [] for key in questions}
    in_circles = False
    for key, (number, row) in questions.items():
        for place, choice in enumerate(row["choices"]):
            if choice["to"] not in known:
                message = _("No question or outcome has this name. Choose one from the list.")
                yield Fault("questions", message, number, "leads_to", place)
                continue
            ahead[key].append(choice["to"])
            if key in _reached(choice["to"], questions):
                in_circles = True
                message = _("This leads in a circle: from there the reader comes back to this question.")
                yield Fault("questions", message, number, "leads_to", place)
    if not check["questions"]:
        return
    start = check["questions"][0]["key"]
    reached = _reached(start, questions)
    for part in ("questions", "outcomes"):
        for number, row in enumerate(check[part]):
            if row["key"] not in reached:
                message = _("No answer leads here. Let one lead here, or remove it.")
                yield Fault(part, message, number, "key")
    depth = {} if in_circles else _depths(start, ahead)
    for key, (number, _row) in questions.items():
        if depth.get(key, 0) > MOST_QUESTIONS:
            message = _("Before this question the reader has answered %d already: that is too many.")
            yield Fault("questions", message % MOST_QUESTIONS, number, "question")


def _reached(start: str, questions: dict[str, tuple[int, Check]]) -> set[str]:
    """Every key the answers lead to from ``start``, which is one of them."""
    ahead, seen = [start], set()
    while ahead:
        key = ahead.pop()
        if key not in seen:
            seen.add(key)
            ahead += [choice["to"] for choice in questions[key][1]["choices"]] if key in questions else []
    return seen


def _depths(start: str, ahead: dict[str, list[str]]) -> dict[str, int]:
    """Key → number of questions on the longest way to it, itself counted; ``ahead`` has no circles."""
    depth = {start: 1}
    for _round in ahead:
        for key, targets in ahead.items():
            for target in targets if key in depth else ():
                depth[target] = max(depth.get(target, 0), depth[key] + 1)
    return depth


def _verdicts(outcomes: list[Check]) -> Iterator[Fault]:
    missing = [verdict for verdict in Verdict if verdict not in {row["verdict"] for row in outcomes}]
    for verdict in missing:
        yield Fault("outcomes", _("No outcome has the verdict “%s”. Add one.") % verdict.label)


def _claims(check: Check) -> Iterator[Fault]:
    message = _("“%s” sounds as if it were safe. The check never says that. Write what is not known instead.")
    for number, row in enumerate(check["outcomes"]):
        for field in ("title", "text"):
            if words := claims_safety(row[field]):
                yield Fault("outcomes", message % words, number, field)
        for place, line in enumerate(row["do"]):
            if words := claims_safety(line):
                yield Fault("outcomes", message % words, number, "do", place)
    for name in ADVICE:
        if words := claims_safety(check["advice"][name]):
            yield Fault(f"advice_{name}", message % words)
