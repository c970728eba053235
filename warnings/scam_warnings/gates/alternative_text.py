"""Whoever cannot see the image is told what it shows."""

import re
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.text import fold
from scam_warnings.gates.base import Gate, Result, Subject

_FILE_NAME: Final = re.compile(
    r"(?:img|dsc|image|photo|screenshot|anh|hinh)?[\W_]*\d*(?:\.\w{3,4})?|\S+\.(?:jpe?g|png|webp)"
)
_SHORTEST: Final = 10


class AlternativeTextGate(Gate):
    """The image has a description that describes."""

    key = "alternative_text"
    label = gettext_lazy("Image description")
    field = "image"

    def ask(self, subject: Subject) -> Result:
        image = subject.page.image
        if image is None:
            return self.done(_("The warning has no image of its own."))
        text = (image.description or "").strip()
        if len(text) >= _SHORTEST and not _FILE_NAME.fullmatch(fold(text)):
            return self.done(_("The image has a description: “%s”.") % text)
        return self.not_done(
            _("The image has no description for people who cannot see it."),
            _("Edit the image and say in one sentence what it shows."),
        )
