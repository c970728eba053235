"""System checks of signing in."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.translation import gettext as _


@register(Tags.security)
def nobody_is_exempt(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """keng.E010: a real site that lets accounts in with a password alone."""
    if settings.SECOND_FACTOR_EXEMPTION_ALLOWED:
        return []
    found: list[CheckMessage] = []
    if settings.SECOND_FACTOR_EXEMPT:
        found.append(
            Error(
                _("SECOND_FACTOR_EXEMPT names accounts that enter without a second factor."),
                hint=_("Remove the variable: it is for demonstrations, and has no effect here."),
                id="keng.E010",
            )
        )
    if not settings.SECOND_FACTOR_REQUIRED:
        found.append(
            Error(
                _("SECOND_FACTOR_REQUIRED is off: approvers would sign with a password alone."),
                id="keng.E011",
            )
        )
    return found
