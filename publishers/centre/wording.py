"""The outcomes of calls in words a person reads; a code an installed package made up stays as it is."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OUTCOMES: Final[dict[str, Promise]] = {
    "": _("Running, or cut off"),
    "delivered": _("Taken by the channel"),
    "found": _("Found on the channel"),
    "absent": _("Not on the channel"),
    "unknown": _("Outcome unknown"),
    "late": _("Came back too late"),
    "not_called": _("Not begun"),
    "temporary": _("Not possible for now"),
    "rate_limited": _("Has to wait"),
    "auth_expired": _("Access refused"),
    "rejected": _("Content refused"),
    "channel_gone": _("The channel is gone"),
    "lookup_failed": _("Could not be looked up"),
    "cannot_look": _("Cannot be looked up here"),
    "seal_broken": _("Not what was signed"),
}
