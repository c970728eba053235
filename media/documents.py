"""The words in an uploaded document, as far as they can be read quickly and within bounds: for looking, not showing."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final

from cms.core.secrecy import markings, markings_in_bytes, markings_in_name

_MOST_BYTES: Final = 20 * 1024 * 1024
_MOST_PARTS: Final = 200
_MOST_PART: Final = 4 * 1024 * 1024
_MOST_TEXT: Final = 12 * 1024 * 1024
_WORDS_IN: Final = re.compile(
    r"(?:word|xl|ppt)/(?:[\w-]+/)?[\w-]+\.xml|docProps/\w+\.xml|content\.xml|meta\.xml|styles\.xml"
)
_END_OF_BLOCK: Final = re.compile(r"</(?:w:p|a:p|text:p|text:h|si|row)>|<w:(?:br|tab)\b[^>]*>")
_TAG: Final = re.compile(r"<[^>]*>")


def document_markings(name: str, data: bytes) -> list[str]:
    """Marks of secrecy in the name, the text and the properties of a document.

    Read are the Office and OpenDocument formats and plain text; of anything else, such as a PDF, what stands in it
    uncompressed: its properties mostly.
    """
    found = markings_in_name(name)
    for text in _texts(data[:_MOST_BYTES]):
        found += markings(text)
    return list(dict.fromkeys(found or markings_in_bytes(data)))


def _texts(data: bytes) -> Iterator[str]:
    if not data.startswith(b"PK"):
        return
    left = _MOST_TEXT
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.infolist()[:_MOST_PARTS]:
                if left <= 0 or not _WORDS_IN.fullmatch(part.filename):
                    continue
                with archive.open(part) as file:
                    # Never more than this, whatever the archive says its size is.
                    content = file.read(min(_MOST_PART, left))
                left -= len(content)
                markup = content.decode("utf-8", "ignore")
                yield _TAG.sub("", _END_OF_BLOCK.sub("\n", markup))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        # Damaged or encrypted: nothing can be read, and nothing is shown from it either.
        return
