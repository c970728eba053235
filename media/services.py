"""What the rest of the product asks of the image library."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from cms.core.text import collapse
from cms.users import units
from media.models import WarningImage
from media.uploads import CleanUpload, clean


def add_image(
    data: bytes, *, title: str, alt: str, credit: str, user: AbstractBaseUser | None = None
) -> WarningImage:
    """Store ``data`` (JPEG, PNG or WebP) as a new image under the same rules as an upload in the admin.

    Raises ValidationError: for the file with a code of ``media.uploads``; for a text that is missing or over
    255 characters, under the name of its field.
    """
    image = WarningImage(
        title=collapse(title), description=collapse(alt), credit=collapse(credit), uploaded_by_user=user
    )
    unit = getattr(user, "unit", None)
    if unit is not None:
        image.collection = units.shelve(unit)
    image.full_clean(exclude=["file", "width", "height"])
    # Cleaned before it is assigned: assigning makes Django measure the file.
    image.file = CleanUpload(clean(data))  # type: ignore[assignment]
    image._set_image_file_metadata()
    with transaction.atomic():
        image.save()
    return image
