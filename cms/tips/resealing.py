"""After a new key: everything citizens wrote is encrypted with it, so that the old one may go."""

from typing import Any

from django.db import transaction

from cms.core import sealing
from cms.tips.models import Note, Picture, Tip

_TEXTS: tuple[tuple[Any, str], ...] = ((Tip, "sealed_story"), (Tip, "sealed_contact"), (Note, "sealed"))


def reseal_all() -> tuple[int, int]:
    """Encrypt all of it with the newest key. Returns how many values were, and how many no key opens."""
    done = lost = 0
    for model, name in _TEXTS:
        for pk in model._default_manager.exclude(**{name: ""}).values_list("pk", flat=True):
            if _reseal_text(model, name, pk):
                done += 1
            else:
                lost += 1
    for pk in Picture.objects.values_list("pk", flat=True):
        if _reseal_picture(pk):
            done += 1
        else:
            lost += 1
    return done, lost


def _reseal_text(model: Any, name: str, pk: int) -> bool:
    # One row at a time, under its lock: it may be erased meanwhile, and must stay so.
    with transaction.atomic():
        row = model._default_manager.select_for_update().filter(pk=pk).exclude(**{name: ""}).first()
        if row is None:
            return True
        try:
            sealed = sealing.reseal(getattr(row, name))
        except sealing.Unreadable:
            return False
        model._default_manager.filter(pk=pk).exclude(**{name: ""}).update(**{name: sealed})
        return True


def _reseal_picture(pk: int) -> bool:
    row = Picture.objects.filter(pk=pk).first()
    if row is None:
        return True
    try:
        sealed = sealing.fernet().rotate(bytes(row.sealed))
    except sealing.InvalidToken:
        return False
    Picture.objects.filter(pk=pk).update(sealed=sealed)
    return True
