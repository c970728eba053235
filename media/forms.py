"""The image form of every admin view (WAGTAILIMAGES_IMAGE_FORM_BASE)."""

from typing import Any

from wagtail.images.forms import BaseImageForm

from media.fields import replace_upload_field


class WarningImageForm(BaseImageForm):
    """Wagtail's image form with our upload rules."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        replace_upload_field(self)
