"""The image and document forms of every admin view (WAGTAILIMAGES_IMAGE_FORM_BASE, WAGTAILDOCS_DOCUMENT_FORM_BASE)."""

from typing import Any

from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from media import uploads
from media.documents import document_markings
from media.fields import replace_upload_field


class WarningImageForm(BaseImageForm):
    """Wagtail's image form with our upload rules."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        replace_upload_field(self)


class CheckedDocumentForm(BaseDocumentForm):
    """Wagtail's document form; what carries a mark of secrecy does not enter."""

    def clean_file(self) -> Any:
        """The upload. Raises ValidationError (marked)."""
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data:
            file.seek(0)
            data = file.read()
            file.seek(0)
            if document_markings(file.name or "", data):
                raise uploads.refusal("marked")
        return file
