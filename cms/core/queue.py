"""The queue engine under the tasks: Huey with signed messages instead of bare pickles."""

from typing import Any

from django.conf import settings

from huey import RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer


def _signed() -> SignedSerializer:
    return SignedSerializer(secret=settings.SECRET_KEY, salt="keng.queue")


class SignedSqliteHuey(SqliteHuey):
    """A queue in one file: no service to run."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, serializer=_signed(), **kwargs)


class SignedRedisHuey(RedisHuey):
    """The queue of a production site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, serializer=_signed(), **kwargs)
