"""The whole self-check on one page, for those who decide on it: the answers lead from place to place."""

from typing import Any

from cms.portal.selfcheck import content, views


def whole(sealed: dict[str, Any]) -> dict[str, Any]:
    """The context of ``information/self_check.html`` for ``sealed``, the content of an edition or a draft."""
    said = sealed["vi"]
    check = content.read(said["title"], said["summary"], sealed["check"])
    return {
        "check": check,
        "victim": _place(check.victim) if check.victim else "",
        "questions": [views.question(check, asked, _place) for asked in check.questions.values()],
        "outcomes": [views.outcome(found) for found in check.outcomes.values()],
    }


def _place(key: str) -> str:
    return f"#{key}"
