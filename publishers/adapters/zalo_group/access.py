"""The access token of one delivery: renewed ahead of its end, and once more if Zalo calls it dead."""

from datetime import datetime, timedelta

from django.utils import timezone

from publishers.adapters import replies
from publishers.adapters.base import Endpoint
from publishers.adapters.verdict import Step, verdict
from publishers.adapters.zalo_group import oauth
from publishers.adapters.zalo_group.errors import TOKEN
from publishers.contracts import Credentials, OutcomeUnknown, PublishError

AHEAD = timedelta(hours=2)


class Access:
    """Reads the account's secrets, and rotates them under the account's lock when needed."""

    def __init__(self, credentials: Credentials, endpoint: Endpoint) -> None:
        self._credentials = credentials
        self._endpoint = endpoint
        self._secrets = credentials.read()
        self._renewed = False

    @property
    def token(self) -> str:
        """The access token to use now. Raises AuthExpired when there is none."""
        token = self._secrets.get("access_token", "")
        if not oauth.is_token(token):
            raise verdict(TOKEN, Step.PREPARE, code="no_token")
        return token

    @property
    def secret_key(self) -> str:
        """The app's secret key, for the proof; empty if unknown."""
        return self._secrets.get("secret_key", "")

    def freshen(self) -> None:
        """Renew a token that ends in less than AHEAD.

        A renewal that fails is no reason to stop while the old token may live: Zalo will say if it is dead.
        Raises a PublishError only when the old one is past its end and nothing came of the renewal.
        """
        end = _moment(self._secrets.get("expires_at", ""))
        if end is None or end - timezone.now() > AHEAD:
            return
        try:
            self._rotate()
        except OutcomeUnknown:
            return
        except PublishError:
            if end <= timezone.now():
                raise

    def renew(self) -> None:
        """Get another token after Zalo refused this one; once only.

        Raises AuthExpired when it recurs or the renewal's outcome is unknown, Temporary when the token
        endpoint could not be reached.
        """
        if self._renewed:
            raise verdict(TOKEN, Step.PREPARE, code="token_refused_again")
        self._renewed = True
        try:
            self._rotate()
        except OutcomeUnknown as error:
            raise verdict(TOKEN, Step.PREPARE, code="token_dead_refresh_lost") from error

    def _rotate(self) -> None:
        self._secrets = self._credentials.rotate(
            lambda secrets: oauth.refresh(secrets, self._endpoint), stale=self.token
        )


def _moment(text: str) -> datetime | None:
    """An end given in ISO 8601 or, where a person pasted it so, in unix seconds; None if unreadable."""
    if text.isascii() and text.isdigit():
        return replies.moment_from_ms(f"{text}000")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_default_timezone())
