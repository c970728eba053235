"""Images of warnings, and the sizes Wagtail makes of them."""

import secrets
from pathlib import PurePosixPath

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail.images.models import AbstractImage, AbstractRendition, get_upload_to
from wagtail.search import index

from media.fields import CleanImageField
from media.uploads import EXTENSIONS


class WarningImage(AbstractImage):
    """An image with a description for those who cannot see it, and the name of whoever made it."""

    file = CleanImageField(
        verbose_name=_("image file"), upload_to=get_upload_to, width_field="width", height_field="height"
    )
    # Wagtail shows this one as the alternative text wherever the image stands.
    description = models.CharField(
        _("image description"),
        max_length=255,
        help_text=_(
            "What the image shows, in one sentence, for people who hear the page instead of seeing it."
        ),
    )
    credit = models.CharField(
        _("credit"),
        max_length=255,
        help_text=_("Who made the image or holds its rights, for example “Photo: Provincial police”."),
    )

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = [*AbstractImage.search_fields, index.SearchField("credit")]

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]

    def get_upload_to(self, filename: str) -> str:
        """A path nobody can guess, in safe ASCII; of ``filename`` only a known extension is kept."""
        path = PurePosixPath(filename)
        extension = path.suffix.lower().lstrip(".")
        if extension not in EXTENSIONS.values():
            extension = "bin"
        return f"original_images/{secrets.token_hex(16)}.{extension}"


class WarningRendition(AbstractRendition):
    """One size of a WarningImage."""

    image = models.ForeignKey(
        WarningImage, verbose_name=_("image"), related_name="renditions", on_delete=models.CASCADE
    )

    class Meta:
        verbose_name = _("image size")
        verbose_name_plural = _("image sizes")
        constraints = [
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="media_unique_rendition"
            )
        ]
