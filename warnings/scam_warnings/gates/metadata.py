"""The stored image holds pixels and nothing else: no position, no camera, no author."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media.metadata import notes
from media.uploads import MAX_BYTES
from scam_warnings.gates.base import Gate, Result, Subject


def stored_image(image: Any) -> bytes:
    """The bytes of ``image`` as stored; none when the file is missing, which sealing reports by itself."""
    try:
        with image.file.open("rb") as file:
            return file.read(MAX_BYTES)
    except (OSError, ValueError):
        return b""


class MetadataGate(Gate):
    """EXIF with its position, XMP, IPTC and comments are gone."""

    key = "metadata"
    label = gettext_lazy("Photo data removed")
    field = "image"

    def ask(self, subject: Subject) -> Result:
        if subject.page.image is None:
            return self.done(_("The warning has no image of its own."))
        if not any(True for _note in notes(stored_image(subject.page.image))):
            return self.done(_("The image holds no position, camera or author data."))
        return self.not_done(
            _("The stored image still holds data about where and by whom it was taken."),
            _("Upload the image again: this data is removed as it enters."),
        )
