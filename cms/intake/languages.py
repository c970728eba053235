"""The languages of the forms."""

from django.db import models


class Language(models.TextChoices):
    """In which a citizen filled in a form; each is called by its own name."""

    VIETNAMESE = "vi", "Tiếng Việt"
    ENGLISH = "en", "English"
