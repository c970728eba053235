"""The secrets of an account, without a database."""

import threading
from collections.abc import Callable, Mapping


class MemoryCredentials:
    """Secrets in memory, rotated under a lock: what publishers.credentials does with a table row."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = dict(secrets)
        self._lock = threading.Lock()
        self.rotations = 0

    def read(self) -> dict[str, str]:
        """The current secrets."""
        return dict(self._secrets)

    def rotate(self, refresh: Callable[[dict[str, str]], dict[str, str]], *, stale: str) -> dict[str, str]:
        """Replace the secrets, unless somebody already replaced the access token ``stale``."""
        with self._lock:
            if self._secrets["access_token"] == stale:
                self._secrets = refresh(dict(self._secrets))
                self.rotations += 1
            return dict(self._secrets)
