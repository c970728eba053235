"""System checks of the installation itself."""

import sysconfig
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.translation import gettext as _


@register(Tags.compatibility)
def standard_warnings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """keng.E001: the folder warnings/ became a package, and replaces the standard library's module."""
    intruder = Path(settings.BASE_DIR) / "warnings" / "__init__.py"
    standard = Path(sysconfig.get_path("stdlib")).resolve()
    loaded = Path(warnings.__file__).resolve()
    if loaded.is_relative_to(standard) and not intruder.exists():
        return []
    culprit = intruder if intruder.exists() else loaded
    return [
        Error(
            _("%(file)s replaces Python's own module “warnings” in every process started here.")
            % {"file": culprit},
            hint=_("Delete that file: warnings/ is a plain folder, the package is warnings/scam_warnings."),
            id="keng.E001",
        )
    ]
