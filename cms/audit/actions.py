"""The acts the trail knows by itself, and the words for all of them."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wagtail.log_actions import registry


class Action:
    """Keys of acts; those of Wagtail's own log keep Wagtail's keys."""

    CREATE: Final = "audit.create"
    CHANGE: Final = "audit.change"
    DELETE: Final = "audit.delete"
    SIGN_IN: Final = "audit.sign_in"
    SIGN_IN_FAILED: Final = "audit.sign_in_failed"
    SIGN_OUT: Final = "audit.sign_out"
    DOWNLOAD: Final = "audit.download"
    EXPORT: Final = "audit.export"
    LOSS_ACCEPTED: Final = "audit.loss_accepted"


LABELS: Final[dict[str, Promise]] = {
    Action.CREATE: _("Added"),
    Action.CHANGE: _("Changed"),
    Action.DELETE: _("Deleted"),
    Action.SIGN_IN: _("Signed in"),
    Action.SIGN_IN_FAILED: _("Sign-in failed"),
    Action.SIGN_OUT: _("Signed out"),
    Action.DOWNLOAD: _("Downloaded a file"),
    Action.EXPORT: _("Exported a list"),
    Action.LOSS_ACCEPTED: _("Accepted the loss of entries"),
}


def label(action: str) -> str:
    """What a person reads for ``action``; the key itself for acts of a version that is gone."""
    if action in LABELS:
        return str(LABELS[action])
    registry.scan_for_actions()
    return str(registry.get_action_label(action)) if registry.action_exists(action) else action


def choices() -> list[tuple[str, str]]:
    """Every act with its words, for a filter."""
    ours = [(key, str(words)) for key, words in LABELS.items()]
    return ours + sorted(((key, str(words)) for key, words in registry.get_choices()), key=lambda c: c[1])
