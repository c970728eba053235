"""Secrets of the accounts: encrypted at rest, readable only here, rotated by one worker at a time."""

import base64
import hashlib
import json
import logging
import secrets as tokens
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from publishers.contracts import AuthExpired, OutcomeUnknown, PublishError, Temporary
from publishers.models import Credential

logger = logging.getLogger(__name__)

POLL = 0.1
"""Seconds between two looks at a rotation that another worker has in hand."""
LEASE_MARGIN = 2.0
_LOST = "rotation_unknown"


def store(credential: Credential, secrets: Mapping[str, str]) -> None:
    """Encrypt ``secrets`` with the newest key into ``credential`` and save it, created if new.

    This is how a person connects or reconnects an account, so everything a lost rotation left behind is
    cleared. ``expires_at`` is taken from the secret of that name (unix seconds or ISO 8601).
    """
    credential.sealed_secrets = _seal(secrets)
    credential.expires_at = _moment(secrets.get("expires_at", ""))
    credential.health = Credential.Health.OK
    credential.health_note = ""
    credential.rotation_token = ""
    credential.rotation_until = None
    credential.rotation_outcome_unknown = False
    credential.save()


def require_reconnect(credential_id: int, note: str) -> None:
    """Remember that a person must reconnect this account, and why (a sentence without secrets)."""
    Credential.objects.filter(pk=credential_id).update(
        health=Credential.Health.RECONNECT_REQUIRED, health_note=note[:300], updated_at=timezone.now()
    )


class NoCredentials:
    """The handle of a channel that needs no account."""

    def read(self) -> dict[str, str]:
        """No secrets."""
        return {}

    def rotate(self, refresh: Callable[[dict[str, str]], dict[str, str]], *, stale: str) -> dict[str, str]:
        """Nothing to renew. Raises AuthExpired."""
        raise AuthExpired(
            _("No account is chosen for this channel. Open Channels and choose one."), code="no_account"
        )


class CredentialHandle:
    """The secrets of one account as an adapter sees them (contracts.Credentials). Its repr shows none."""

    __slots__ = ("_pk",)

    def __init__(self, credential_id: int) -> None:
        self._pk = credential_id

    def __repr__(self) -> str:
        return f"<CredentialHandle {self._pk}>"

    def read(self) -> dict[str, str]:
        """The current secrets. Raises AuthExpired when no key opens them."""
        return _open(self._row().sealed_secrets)

    def rotate(self, refresh: Callable[[dict[str, str]], dict[str, str]], *, stale: str) -> dict[str, str]:
        """Replace the secrets under the account's lease; see contracts.Credentials.

        The lease is a conditional update, so no transaction is open while ``refresh`` talks to the platform.
        If the reply to a refresh is lost, OutcomeUnknown is raised and the old secrets stay: their access
        token may still live. A refresh token that may have been used is never used again: the next call
        raises AuthExpired. Raises Temporary when another worker does not finish in time, and what
        ``refresh`` raises.
        """
        patience = time.monotonic() + 2 * _lease_seconds()
        while True:
            row = self._row()
            current = _open(row.sealed_secrets)
            if current.get("access_token", "") != stale:
                return current
            if row.rotation_outcome_unknown:
                raise self._must_reconnect()
            if not row.rotation_token:
                lease = tokens.token_hex(16)
                if self._take(lease):
                    return self._refresh(refresh, lease, stale)
                continue
            if row.rotation_until is None or row.rotation_until <= timezone.now():
                self._declare_lost(row.rotation_token)
                continue
            if time.monotonic() >= patience:
                raise Temporary(
                    _(
                        "Another worker is renewing this account's access. "
                        "The system will try again by itself."
                    ),
                    code="rotation_busy",
                )
            time.sleep(POLL)

    def _row(self) -> Credential:
        return Credential.objects.get(pk=self._pk)

    def _take(self, lease: str) -> bool:
        until = timezone.now() + timedelta(seconds=_lease_seconds())
        free = Credential.objects.filter(pk=self._pk, rotation_token="", rotation_outcome_unknown=False)
        return free.update(rotation_token=lease, rotation_until=until) == 1

    def _refresh(
        self, refresh: Callable[[dict[str, str]], dict[str, str]], lease: str, stale: str
    ) -> dict[str, str]:
        row = self._row()
        current = _open(row.sealed_secrets)
        if current.get("access_token", "") != stale:
            self._give_back(lease)
            return current
        fresh: dict[str, str] = {}
        lost = ""
        try:
            fresh = {key: value for key, value in refresh(dict(current)).items() if value}
        except OutcomeUnknown as error:
            lost = error.code
        except AuthExpired as error:
            self._give_back(lease)
            require_reconnect(self._pk, error.sentence)
            raise
        except PublishError:
            self._give_back(lease)
            raise
        except Exception as error:
            # The refresh token may have been used. What was raised may quote it, so it goes no further.
            lost = type(error).__name__
        if lost or fresh.get("access_token", stale) == stale:
            raise self._lost(lease, lost or "no_new_token")
        return self._commit(current | fresh, row.sealed_secrets, lease)

    def _commit(self, renewed: dict[str, str], replaced: str, lease: str) -> dict[str, str]:
        # Also when the lease ran out meanwhile: the pair in hand is the only valid one, unless a person
        # reconnected the account in between.
        ours = Credential.objects.filter(pk=self._pk, sealed_secrets=replaced)
        stored = ours.filter(Q(rotation_token=lease) | Q(rotation_outcome_unknown=True)).update(
            sealed_secrets=_seal(renewed),
            expires_at=_moment(renewed.get("expires_at", "")),
            health=Credential.Health.OK,
            health_note="",
            rotation_token="",
            rotation_until=None,
            rotation_outcome_unknown=False,
            updated_at=timezone.now(),
        )
        return renewed if stored else self.read()

    def _lost(self, lease: str, code: str) -> OutcomeUnknown:
        logger.error("Renewing the access of account %s: outcome unknown (%s)", self._pk, code)
        self._declare_lost(lease)
        return OutcomeUnknown(
            _("Renewing this account's access was interrupted. The access so far is used while it lasts."),
            code=code,
        )

    def _declare_lost(self, lease: str) -> None:
        Credential.objects.filter(pk=self._pk, rotation_token=lease).update(
            rotation_token="", rotation_until=None, rotation_outcome_unknown=True
        )

    def _give_back(self, lease: str) -> None:
        Credential.objects.filter(pk=self._pk, rotation_token=lease).update(
            rotation_token="", rotation_until=None
        )

    def _must_reconnect(self) -> AuthExpired:
        sentence = _(
            "Renewing this account's access was interrupted, and its renewal code works only once. "
            "Open Channels → Accounts and enter the access again."
        )
        require_reconnect(self._pk, sentence)
        return AuthExpired(sentence, code=_LOST)


def _lease_seconds() -> float:
    wait: float = settings.PUBLISH_CONNECT_TIMEOUT + settings.PUBLISH_READ_TIMEOUT
    return 1.25 * wait + LEASE_MARGIN


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    derived = [base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()) for key in keys]
    return MultiFernet([Fernet(key) for key in derived])


def _seal(secrets: Mapping[str, str]) -> str:
    plain = json.dumps({key: str(value) for key, value in secrets.items()}, ensure_ascii=False)
    return _fernet(tuple(settings.CREDENTIAL_KEYS)).encrypt(plain.encode()).decode("ascii")


def _open(sealed: str) -> dict[str, str]:
    try:
        plain = _fernet(tuple(settings.CREDENTIAL_KEYS)).decrypt(sealed.encode())
    except (InvalidToken, UnicodeError):
        # Raised anew: the original must not hang on to what it failed to read.
        plain = b""
    if not plain:
        raise AuthExpired(
            _(
                "The stored access cannot be opened with the keys of this installation. "
                "Enter the account's access again."
            ),
            code="secrets_unreadable",
        )
    opened = json.loads(plain)
    return {str(key): str(value) for key, value in opened.items()}


def _moment(value: str) -> datetime | None:
    """A time given as unix seconds or ISO 8601; None for 0, nothing or nonsense."""
    text = str(value).strip()
    try:
        seconds = float(text)
    except ValueError:
        return _iso(text)
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def _iso(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    if moment is not None and timezone.is_naive(moment):
        moment = moment.replace(tzinfo=UTC)
    return moment
