"""Pictures of a tip: judged, made clean and small, encrypted; held for a while until the form is sent."""

import hashlib
import io
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from PIL import Image

from cms.core import sealing
from cms.tips import identity
from cms.tips.models import HeldPicture, Picture, Tip
from media import uploads

MOST: Final = 3
MOST_BYTES: Final = 8 * 1024 * 1024
LONGEST_SIDE: Final = 1600
HELD_FOR: Final = timedelta(hours=2)
MOST_HELD: Final = 600
"""Of all visitors together; then forms with a mistake ask for their pictures again."""
_TOKEN: Final = 16


@dataclass(frozen=True, slots=True)
class Clean:
    """A picture that may be kept."""

    data: bytes
    width: int
    height: int


def judge(file: UploadedFile) -> Clean:
    """``file`` without everything but its pixels. Raises ValidationError with the sentence for the citizen."""
    if (file.size or 0) > MOST_BYTES:
        raise ValidationError(_("One picture is larger than 8 MB. Choose a smaller one, or a screenshot."))
    try:
        cleaned = uploads.clean(file.read())
    except ValidationError as error:
        raise ValidationError(_refusals().get(error.code or "", error.messages[0])) from error
    with Image.open(io.BytesIO(cleaned.data)) as image:
        if identity.looks_like_identity(image):
            raise ValidationError(
                _(
                    "One picture looks like an identity card. It was not kept: please never send such pictures."
                )
            )
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=82, optimize=True)
        return Clean(out.getvalue(), image.width, image.height)


def hold(pictures: Iterable[Clean], now: datetime) -> list[str]:
    """Keep ``pictures`` until the form comes back; the tokens by which it names them."""
    tokens = []
    for picture in pictures:
        if HeldPicture.objects.count() >= MOST_HELD:
            break
        token = secrets.token_urlsafe(_TOKEN)
        HeldPicture.objects.create(
            token_digest=_digest(token),
            sealed=seal(picture.data),
            width=picture.width,
            height=picture.height,
            at=now,
        )
        tokens.append(token)
    return tokens


def held(tokens: Iterable[str], now: datetime) -> list[str]:
    """Those of ``tokens`` behind which there still is a picture, each once."""
    wanted = {_digest(token): token for token in list(tokens)[: 2 * MOST]}
    rows = HeldPicture.objects.filter(token_digest__in=wanted, at__gt=now - HELD_FOR).order_by("pk")
    return [wanted[digest] for digest in rows.values_list("token_digest", flat=True)]


def drop(tokens: Iterable[str]) -> None:
    """The citizen took these pictures off the form again."""
    HeldPicture.objects.filter(
        token_digest__in=[_digest(token) for token in list(tokens)[: 2 * MOST]]
    ).delete()


def take(tip: Tip, tokens: Iterable[str], fresh: Iterable[Clean], now: datetime) -> None:
    """Hand what was held, and what came with the last press of the button, to ``tip``."""
    digests = [_digest(token) for token in tokens]
    rows = HeldPicture.objects.filter(token_digest__in=digests, at__gt=now - HELD_FOR).order_by("pk")
    kept = [Picture(tip=tip, sealed=row.sealed, width=row.width, height=row.height) for row in rows]
    kept += [Picture(tip=tip, sealed=seal(item.data), width=item.width, height=item.height) for item in fresh]
    Picture.objects.bulk_create(kept[:MOST])
    HeldPicture.objects.filter(token_digest__in=digests).delete()


def forget_held(now: datetime) -> int:
    """Delete pictures of forms that were never sent. Returns how many."""
    return HeldPicture.objects.filter(at__lt=now - HELD_FOR).delete()[0]


def seal(data: bytes) -> bytes:
    """``data``, encrypted."""
    return sealing.fernet().encrypt(data)


def unseal(picture: Picture) -> bytes:
    """The JPEG. Raises sealing.Unreadable."""
    try:
        return sealing.fernet().decrypt(bytes(picture.sealed))
    except sealing.InvalidToken:
        pass
    raise sealing.Unreadable


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _refusals() -> dict[str, str]:
    """Words for citizens where those for staff would not fit."""
    return {
        "empty": _("One file is empty. Choose the picture again."),
        "too_large": _("One picture is larger than 8 MB. Choose a smaller one, or a screenshot."),
        "type": _(
            "One file is not a picture that can be opened here. Send JPEG, PNG or WebP, for example a screenshot."
        ),
        "too_many_pixels": _("One picture has too many pixels. Take a screenshot of it and send that."),
        "animated": _("Animated pictures are not accepted. Send a still picture."),
        "damaged": _(
            "One picture is damaged or did not arrive completely. Choose it again, or send a screenshot."
        ),
    }
