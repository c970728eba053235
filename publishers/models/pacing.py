"""What may only be called so often: channels, accounts, platforms."""

from django.db import models


class Paced(models.Model):
    """A row that is open from ``open_at`` on; pace.py moves that time with every message (GCRA)."""

    open_at = models.DateTimeField(null=True, editable=False)
    """The next message may leave from here on; null: no message left yet. Times in the past are credit."""

    class Meta:
        abstract = True
