"""How an indicator may stand in public: enough to be recognised, not enough to be called, paid or opened."""

import re

from cms.core.disguise import undisguised
from cms.core.text import collapse, defang, nfc

_SHOWN_HEAD, _SHOWN_TAIL = 4, 3


def masked_number(value: str) -> str:
    """``"0901 234 567"`` → ``"0901***567"``; a masked number stays as it is."""
    plain = undisguised(value)
    if "*" in plain:
        return re.sub(r"\*+", "***", re.sub(r"[^\d*+]", "", plain))
    digits = re.sub(r"\D", "", plain)
    if len(digits) <= _SHOWN_HEAD + _SHOWN_TAIL:
        return digits
    return f"{digits[:_SHOWN_HEAD]}***{digits[-_SHOWN_TAIL:]}"


def masked_account(value: str) -> str:
    """``"MB Bank 0123456789"`` → ``"MB Bank ***789"``: the bank's name, and the last digits only."""
    plain = collapse(undisguised(value))
    return nfc(
        re.sub(r"[*\d](?:[ .-]?[*\d]){5,}", lambda run: f"***{re.sub(r'[^0-9]', '', run[0])[-3:]}", plain)
    )


def masked_email(value: str) -> str:
    """``"tuyen.dung@mien.example"`` → ``"tu***[@]mien[.]example"``."""
    plain = nfc(undisguised(value).replace("[@]", "@").replace("[.]", ".").replace(" ", ""))
    name, at, host = plain.partition("@")
    if not at:
        return defang(plain)
    return f"{name[:2].rstrip('*')}***[@]{host.replace('.', '[.]')}"


def masked_link(value: str) -> str:
    """``"https://ten-mien.example/x?y"`` → ``"hxxps://ten-mien[.]example/x"``: unclickable, without its query."""
    plain = nfc(re.split(r"[?#]", undisguised(value).strip(), maxsplit=1)[0].replace(" ", ""))
    scheme, mark, rest = plain.rpartition("://")
    host, slash, path = rest.partition("/")
    host = host.rpartition("@")[2].replace("[.]", ".").replace(".", "[.]")
    scheme = re.sub(r"^h(?:tt|xx)p", "hxxp", scheme, flags=re.IGNORECASE) or "hxxps"
    return f"{scheme if mark else 'hxxps'}://{host}{slash}{path}"
