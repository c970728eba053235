"""Signed stamps: when a form was begun, and that a browser worked a little for it.

The form itself is a finished file and the same for everybody, so it cannot carry one. A script fetches a stamp
while the citizen types and does a small piece of work over it. Without a script the answer to the form is a page
to look everything over, and the stamp stands there. Either way a program that only posts gets nowhere: it has to
read a page of ours first, wait, and pay with work or with its hourly allowance.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction

from cms.intake.models import SpentStamp

MOST: Final = timedelta(hours=12)
BITS: Final = 13
"""Leading zero bits a piece of work shows: some 8,000 digests, well below a second on an old telephone."""
_LONGEST: Final = 300
_SALT: Final = "cms.intake.stamps"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is known of a form that came back."""

    nonce: str
    is_ripe: bool
    """Not sooner after it was given out than a person needs."""
    is_worked: bool
    """The browser did the piece of work."""


def issue(purpose: str) -> str:
    """A new stamp for one form."""
    return signing.TimestampSigner(salt=f"{_SALT}.{purpose}").sign(secrets.token_urlsafe(15))


def read(purpose: str, text: str, work: str = "") -> Stamp | None:
    """What ``text`` says; None when it is not ours, too old or for another form."""
    if not text or len(text) > _LONGEST:
        return None
    signer = signing.TimestampSigner(salt=f"{_SALT}.{purpose}")
    try:
        nonce = signer.unsign(text, max_age=MOST)
    except signing.BadSignature:
        return None
    try:
        signer.unsign(text, max_age=timedelta(seconds=settings.CITIZEN_FORM_SECONDS))
        ripe = False
    except signing.SignatureExpired:
        ripe = True
    return Stamp(nonce, ripe, is_worked(text, work))


def is_worked(text: str, work: str) -> bool:
    """Whether SHA-256 of ``text:work`` begins with BITS zero bits."""
    if not work or len(work) > 20 or not work.isascii():
        return False
    digest = hashlib.sha256(f"{text}:{work}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0


def spend(nonce: str, now: datetime) -> bool:
    """Use the stamp up; False when somebody did already."""
    try:
        with transaction.atomic():
            SpentStamp.objects.create(nonce=nonce, at=now)
    except IntegrityError:
        return False
    return True
