"""Template helpers for sealed pictures."""

from django import template
from django.conf import settings

from scam_warnings.snapshot import Picture

register = template.Library()
_SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@register.filter
def sealed_url(picture: Picture) -> str:
    """Address of a sealed picture below /media/sealed/."""
    return f"{settings.MEDIA_URL}sealed/{picture.sha256[:2]}/{picture.sha256}.{_SUFFIX[picture.mime]}"
