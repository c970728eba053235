"""The two things that are remembered of a visitor, for as long as they are needed against abuse."""

from django.db import models


class Knock(models.Model):
    """Somebody used a form. ``who`` is a keyed digest of the network address that changes every day."""

    door = models.CharField(max_length=40)
    who = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["door", "who", "at"], name="knocks_of_one"),
            models.Index(fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.at:%Y-%m-%d %H:%M}"


class SpentStamp(models.Model):
    """A stamp that was used: it opens nothing a second time."""

    nonce = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.nonce
