"""What an edition keeps of a self-check, and how its changes are told to an approver."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from cms.core.text import collapse, nfc, slug
from cms.information.selfcheck.blocks import Verdict
from scam_warnings.taxonomy import ScamType

Check = dict[str, Any]
ADVICE = ("clear", "unsure", "none")


def compose(draft: Any) -> Check:
    """The sealed form of the draft ``draft`` (models.SelfCheck); the same draft gives the same bytes."""
    names = dict(ScamType.objects.values_list("key", "name"))
    return {
        "questions": [
            {
                "key": child.value["key"],
                "question": _line(child.value["question"]),
                "help": _line(child.value["help"]),
                "choices": [
                    {"label": _line(row["label"]), "to": row["leads_to"]} for row in child.value["answers"]
                ],
            }
            for child in draft.questions
        ],
        "outcomes": [
            {
                "key": child.value["key"],
                "verdict": child.value["verdict"],
                "title": _line(child.value["title"]),
                "text": _line(child.value["text"]),
                "do": [_line(line) for line in child.value["do"]],
                "types": [{"key": key, "name": names.get(key, key)} for key in child.value["types"]],
            }
            for child in draft.outcomes
        ],
        "signs": [
            {
                "key": slug(child.value["label"] or "", limit=60),
                "label": _line(child.value["label"]),
                "weight": int(child.value["weight"] or 1),
                "phrases": [
                    line for raw in (child.value["phrases"] or "").splitlines() if (line := _line(raw))
                ],
            }
            for child in draft.signs
        ],
        "advice": {name: _line(getattr(draft, f"advice_{name}")) for name in ADVICE},
    }


def lines(check: Check) -> Iterator[str]:
    """Everything in ``check`` that can change, a line each: also where an answer leads."""
    names = {row["key"]: row["question"] for row in check["questions"]}
    names |= {row["key"]: row["title"] for row in check["outcomes"]}
    for row in check["questions"]:
        yield _("Question (%(key)s): %(text)s") % {"key": row["key"], "text": row["question"]}
        if row["help"]:
            yield row["help"]
        for choice in row["choices"]:
            yield f"{choice['label']} → {names.get(choice['to'], choice['to'])}"
    for row in check["outcomes"]:
        yield _("Outcome (%(key)s): %(text)s") % {"key": row["key"], "text": row["title"]}
        yield str(Verdict(row["verdict"]).label) if row["verdict"] in Verdict.values else row["verdict"]
        yield row["text"]
        yield from row["do"]
        if row["types"]:
            yield _("Warnings of: %s") % ", ".join(kind["name"] for kind in row["types"])
    for name in ADVICE:
        yield f"{Verdict(name).label}: {check['advice'][name]}"
    for row in check["signs"]:
        yield _("Sign (%(weight)d): %(text)s") % {"weight": row["weight"], "text": row["label"]}
        yield ", ".join(row["phrases"])


def _line(text: str | None) -> str:
    return collapse(nfc(text or ""))
