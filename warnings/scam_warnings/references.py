"""Reference codes: CB-2026-00123 names a warning for ever; .2, .3 … name its later releases."""

from django.db import models, transaction
from django.utils import timezone

PREFIX = "CB"


class ReferenceCounter(models.Model):
    """The last number given out in a year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


@transaction.atomic
def next_code() -> str:
    """A code never given out before, for example ``CB-2026-00123``."""
    year = timezone.localdate().year
    ReferenceCounter.objects.get_or_create(year=year)
    # The update takes the row's lock, so two callers never read the same number.
    ReferenceCounter.objects.filter(year=year).update(last=models.F("last") + 1)
    number = ReferenceCounter.objects.values_list("last", flat=True).get(year=year)
    return f"{PREFIX}-{year}-{number:05d}"


def release_reference(code: str, number: int) -> str:
    """The code in the texts of release ``number`` (counted from 1): the first one carries the bare code."""
    return code if number == 1 else f"{code}.{number}"
