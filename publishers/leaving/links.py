"""Signed links that take one address off one list, and do nothing else."""

from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from publishers.models import MailRecipient

_SALT: Final = "publishers.leaving"


def leaving_link(recipient: int) -> str:
    """The absolute address for the MailRecipient with this id.

    It never expires, because old letters are kept, is the same in every letter, and names no address.
    """
    token = signing.Signer(salt=_SALT).sign(str(recipient))
    return f"{settings.PUBLIC_URL}{reverse('leaving:leave', args=[token])}"


def recipient_of(token: str) -> MailRecipient | None:
    """Whose link this is; None when it is not ours."""
    try:
        pk = signing.Signer(salt=_SALT).unsign(token[:200])
    except signing.BadSignature:
        return None
    return MailRecipient.objects.select_related("channel").filter(pk=pk).first()
