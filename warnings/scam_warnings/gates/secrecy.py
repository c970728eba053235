"""Nothing in a warning carries a mark of secrecy."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.secrecy import markings, markings_in_bytes, markings_in_name
from media.metadata import notes
from scam_warnings.gates.base import Gate, Result, Subject
from scam_warnings.gates.content import label_of
from scam_warnings.gates.metadata import stored_image


class SecrecyGate(Gate):
    """No MẬT, TỐI MẬT, TUYỆT MẬT or “lưu hành nội bộ” in any text, or in the notes of the image."""

    key = "secrecy"
    label = gettext_lazy("No marks of secrecy")
    field = "title"

    def ask(self, subject: Subject) -> Result:
        found = [(item.field, item.label, mark) for item in subject.texts for mark in markings(item.text)]
        image = subject.page.image
        if image is not None:
            name = label_of("image")
            # An upload without a title of its own is called after its file.
            found += [("image", name, mark) for mark in markings_in_name(image.title)]
            found += [
                ("image", name, mark)
                for note in notes(stored_image(image))
                for mark in markings_in_bytes(note)
            ]
        if not found:
            return self.done(_("No mark of secrecy was found."))
        details = dict.fromkeys(f"{label}: “{mark}”" for _field, label, mark in found)
        return self.not_done(
            _("A mark of secrecy stands in the warning. Nothing from a protected document may be published."),
            _(
                "If the content comes from a protected document, delete it and tell the officer in charge. If it is "
                "only a word, write it differently."
            ),
            field=found[0][0],
            details=list(details),
        )
