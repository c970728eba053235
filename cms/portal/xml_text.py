"""Text that may stand in XML."""

import re

from cms.core.text import nfc

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """``text`` without the characters XML 1.0 has no place for: one of them would cost the whole file."""
    return nfc(_NO_XML.sub("", text))
