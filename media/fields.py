"""The image field on the model and in the forms: both let only clean images through."""

from typing import Any

from django import forms
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.forms.fields import FileField
from django.utils.translation import gettext_lazy as _

from wagtail.images.fields import WagtailImageField as WagtailImageFormField
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile

import willow

from media import uploads


class CleanImageFieldFile(WagtailImageFieldFile):
    """Stores what ``uploads.clean`` made of the content, never the content itself."""

    def save(self, name: str, content: File[bytes], save: bool = True) -> None:
        """Clean ``content`` and store it under a random name; ValidationError when it may not enter."""
        if not isinstance(content, uploads.CleanUpload):
            content.seek(0)
            data = content.read(uploads.MAX_BYTES + 1)
            uploads.refuse_marked(name, data)
            content = uploads.CleanUpload(uploads.clean(data))
        super().save(content.name, content, save)


class CleanImageField(WagtailImageField):
    """Every way to a stored image ends here: form, multi-upload, chooser, import, code."""

    attr_class = CleanImageFieldFile

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "media.fields.CleanImageField", args, kwargs


class CleanImageFormField(WagtailImageFormField):
    """The upload field of the admin forms; its errors stand beside it, in words a person can act on."""

    # The name of the uploaded file is thrown away, so its extension proves nothing.
    default_validators: list[Any] = []

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.help_text = _("JPEG, PNG or WebP, at most 10 MB and 40 million pixels.")
        self.error_messages["invalid_image_extension"] = uploads.refusal("type").message
        self.error_messages["file_too_large_unknown_size"] = uploads.refusal("too_large").message
        self.error_messages["empty"] = uploads.refusal("empty").message

    def to_python(self, data: UploadedFile | None) -> File[bytes] | None:
        """The clean image of an upload; ValidationError with one of the codes of ``media.uploads``."""
        upload = FileField.to_python(self, data)
        if upload is None or isinstance(upload, uploads.CleanUpload):
            return upload
        if "\x00" in (upload.name or ""):
            raise uploads.refusal("name")
        if (upload.size or 0) > uploads.MAX_BYTES:
            raise uploads.refusal("too_large")
        upload.seek(0)
        content = upload.read(uploads.MAX_BYTES + 1)
        uploads.refuse_marked(upload.name or "", content)
        image = uploads.clean(content)
        _overwrite(upload, image.data)
        clean = uploads.CleanUpload(image)
        # Wagtail reads the format and size of an accepted upload from here.
        clean.image = willow.Image.open(clean)
        return clean


def _overwrite(upload: File[bytes], data: bytes) -> None:
    """Put ``data`` in place of what was uploaded.

    While the texts of an image are still missing, Wagtail's multi-upload keeps the request's own file object
    below MEDIA_ROOT: it must not hold the original with its position data.
    """
    upload.seek(0)
    upload.truncate()
    upload.write(data)
    upload.seek(0)
    upload.size = len(data)


def replace_upload_field(form: forms.ModelForm) -> None:
    """Exchange the ``file`` field Wagtail gave ``form`` for ours, with the same label and widget."""
    given = form.fields.get("file")
    if given is not None:
        form.fields["file"] = CleanImageFormField(
            label=given.label, required=given.required, widget=given.widget
        )
