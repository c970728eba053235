"""The service worker's script: worker.js with what this installation has to tell it."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from cms.portal.offline import addresses, saved

_SCRIPT = Path(__file__).with_name("worker.js")


def script() -> str:
    """The script. It changes with the files it keeps, and then browsers take the new one."""
    code = _SCRIPT.read_text(encoding="utf-8")
    told: dict[str, Any] = {
        "files": saved.files(),
        "page": addresses.PAGE,
        "saved": addresses.SAVED,
        "style": saved.files()[2],
        "offline": _("You are reading without a network."),
        "savedAt": _("Saved on this device"),
        "mayHaveChanged": _("Since then the warning may have been corrected or withdrawn."),
    }
    told["version"] = hashlib.sha256((code + json.dumps(told)).encode()).hexdigest()[:12]
    return f"const TOLD = {json.dumps(told, ensure_ascii=False)};\n{code}"
