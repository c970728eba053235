"""The queue engine under the tasks: Huey with signed messages instead of bare pickles."""

from typing import Any, Final

from django.conf import settings

from huey import RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer
from huey.storage import SqliteStorage

BUSY_SECONDS: Final = 1
"""For how long a page waits for a file that another holds. A lost task is made up for by the hourly renewal."""


def _signed() -> SignedSerializer:
    return SignedSerializer(secret=settings.SECRET_KEY, salt="keng.queue")


class PatientSqliteStorage(SqliteStorage):
    """A queue in one file that another process may hold for as long as it likes.

    Huey takes the file for itself to create its tables each time a process starts. A process that is stopped
    while it holds the file would then keep every other from starting: the web server too. Reading needs no lock.
    """

    def initialize_schema(self) -> None:
        """Create the tables, unless they are there."""
        with self.db(close=True) as cursor:
            cursor.execute("select name from sqlite_master where type = 'table'")
            present = {name for (name,) in cursor.fetchall()}
        if not {"kv", "schedule", "task", "counter"} <= present:
            super().initialize_schema()


class SignedSqliteHuey(SqliteHuey):
    """A queue in one file: no service to run."""

    storage_class = PatientSqliteStorage

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("timeout", BUSY_SECONDS)
        super().__init__(*args, serializer=_signed(), **kwargs)


class SignedRedisHuey(RedisHuey):
    """The queue of a production site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, serializer=_signed(), **kwargs)
