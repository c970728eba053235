"""Secrets of the accounts: encrypted at rest, readable only here, rotated by one worker at a time."""

import json
import logging
import secrets as tokens
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from cryptography.fernet import InvalidToken

from cms.core.sealing import fernet
from publishers import clock
from publishers.contracts import AuthExpired, OutcomeUnknown, PublishError, Temporary
from publishers.models import Credential
from publishers.prepared import Prepared

logger = logging.getLogger(__name__)

POLL = 0.1
"""Seconds between two looks at a rotation that another worker has in hand."""
LEASE_MARGIN = 2.0
TRIES = 50
"""How often a change is tried again when another one came first."""
_LOST = "rotation_unknown"
_ACCESS = ("access_token", "page_token")
_RENEWAL = "refresh_token"
_ENDS = ("expires_at", "reconnect_by")


def store(credential: Credential, secrets: Mapping[str, str]) -> None:
    """Encrypt ``secrets`` with the newest key into ``credential`` and save it, created if new.

    They replace everything, so everything a lost rotation left behind is cleared. The columns
    ``expires_at`` and ``reconnect_by`` are taken from the secrets of these names (unix seconds or ISO 8601).
    """
    values = _columns(secrets) | {
        "health": Credential.Health.OK,
        "health_note": "",
        "rotation_token": "",
        "rotation_until": None,
        "rotation_outcome_unknown": False,
    }
    for name, value in values.items():
        setattr(credential, name, value)
    # Of a stored account nothing else is written: pace.py moves its other columns meanwhile.
    named = [*values, "label", "kind", "updated_at"] if credential.pk else None
    credential.save(update_fields=named)


def enter(credential: Credential, entered: Mapping[str, str], *, drop: Iterable[str] = ()) -> None:
    """Put what a person entered, or a platform granted, into the stored secrets of ``credential``.

    An empty value keeps what is stored; ``drop`` names secrets to forget. A new access forgets the ends of
    the old one; a new renewal code ends whatever a lost rotation left behind. One conditional update: a
    rotation that runs meanwhile neither overwrites a pair entered here, nor is its pair overwritten by an
    entry that holds none. Raises Temporary when others keep changing the account.
    """
    given = {name: value.strip() for name, value in entered.items() if value.strip()}
    for _number in range(TRIES):
        row = Credential.objects.get(pk=credential.pk)
        kept = _readable(row.sealed_secrets)
        changed = {name for name, value in given.items() if kept.get(name) != value}
        if changed.intersection(_ACCESS):
            kept = {name: value for name, value in kept.items() if name not in _ENDS}
        merged = {name: value for name, value in (kept | given).items() if name not in set(drop)}
        values = _columns(merged) | _after_entry(row, changed, merged)
        unchanged = Credential.objects.filter(
            pk=row.pk,
            sealed_secrets=row.sealed_secrets,
            rotation_token=row.rotation_token,
            rotation_outcome_unknown=row.rotation_outcome_unknown,
        )
        if unchanged.update(**values, updated_at=clock.now()) == 1:
            credential.refresh_from_db()
            return
    raise Temporary(_("This account is being changed at the same moment. Try again."), code="entry_busy")


def reseal_all() -> int:
    """Encrypt every account's secrets anew with the newest key; how many were. Nothing else changes.

    After it no older key is needed. Secrets that no key opens stay as they are, and are logged.
    """
    done = 0
    for pk in Credential.objects.values_list("pk", flat=True).order_by("pk"):
        done += _reseal(pk)
    return done


def seal(secrets: Mapping[str, str]) -> str:
    """``secrets`` as a text that only this installation opens, for keeping them between two requests."""
    return _seal(secrets)


def unseal(sealed: str) -> dict[str, str]:
    """What ``seal`` sealed; nothing for a text that no key opens."""
    return _readable(sealed)


def require_reconnect(credential_id: int, note: str, *, sealed: str | None = None) -> bool:
    """Remember that a person must reconnect this account, and why (a sentence without secrets).

    With ``sealed``, only if these still are its secrets. False when nothing was changed.
    """
    rows = Credential.objects.filter(pk=credential_id)
    if sealed is not None:
        rows = rows.filter(sealed_secrets=sealed)
    required = Credential.Health.RECONNECT_REQUIRED
    return rows.update(health=required, health_note=note[:300], updated_at=clock.now()) == 1


_by_key = Prepared(lambda _now, keys: Credential.objects.filter(pk__in=keys))


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
            if row.rotation_until is None or row.rotation_until <= clock.now():
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
        found: list[Credential] = _by_key.models(clock.now(), keys=[self._pk])
        if not found:
            raise Credential.DoesNotExist
        return found[0]

    def _take(self, lease: str) -> bool:
        until = clock.now() + timedelta(seconds=_lease_seconds())
        free = Credential.objects.filter(pk=self._pk, rotation_token="", rotation_outcome_unknown=False)
        return free.update(rotation_token=lease, rotation_until=until) == 1

    def _refresh(
        self, refresh: Callable[[dict[str, str]], dict[str, str]], lease: str, stale: str
    ) -> dict[str, str]:
        current = self.read()
        if current.get("access_token", "") != stale:
            self._give_back(lease)
            return current
        fresh: dict[str, str] = {}
        lost = ""
        try:
            renewed = refresh(dict(current))
            # Only what is new: the rest may be changed by a person meanwhile.
            fresh = {key: value for key, value in renewed.items() if value and current.get(key) != value}
        except OutcomeUnknown as error:
            lost = error.code
        except AuthExpired as error:
            self._give_back(lease)
            replaced = self._refused(current, error.sentence)
            if replaced is not None:
                return replaced
            raise
        except PublishError:
            self._give_back(lease)
            raise
        except Exception as error:
            # The refresh token may have been used. What was raised may quote it, so it goes no further.
            lost = type(error).__name__
        if lost or fresh.get("access_token", stale) == stale:
            raise self._lost(lease, lost or "no_new_token")
        return self._commit(fresh, used=current, lease=lease)

    def _refused(self, used: dict[str, str], sentence: str) -> dict[str, str] | None:
        """Ask for a person, unless one entered another pair meanwhile: then that pair."""
        for _number in range(TRIES):
            row = self._row()
            current = _open(row.sealed_secrets)
            if any(current.get(name) != used.get(name) for name in ("access_token", _RENEWAL)):
                return current
            if require_reconnect(self._pk, sentence, sealed=row.sealed_secrets):
                break
        return None

    def _commit(self, fresh: dict[str, str], *, used: dict[str, str], lease: str) -> dict[str, str]:
        """Store the pair in ``fresh``, the only valid one: also when the lease ran out meanwhile.

        What a person entered meanwhile stays, but never beside the renewal code that was used up.
        """
        for _number in range(TRIES):
            try:
                done = self._try_commit(fresh, used)
            except OperationalError:
                # A locked or restarting database: the pair exists nowhere but here.
                time.sleep(POLL)
                continue
            if done is not None:
                self._give_back(lease)
                return done
        raise self._lost(lease, "not_stored")

    def _try_commit(self, fresh: dict[str, str], used: dict[str, str]) -> dict[str, str] | None:
        """The secrets as they stand afterwards; None when the row changed at that moment."""
        row = self._row()
        current = _open(row.sealed_secrets)
        values: dict[str, Any] = {
            "rotation_token": "",
            "rotation_until": None,
            "rotation_outcome_unknown": False,
        }
        if current.get(_RENEWAL) != used.get(_RENEWAL):
            return current
        if current.get("access_token") == used.get("access_token"):
            renewed = current | fresh
            values |= {"health": Credential.Health.OK, "health_note": ""}
        else:
            renewed = current | {name: fresh[name] for name in (_RENEWAL, "reconnect_by") if name in fresh}
        unchanged = Credential.objects.filter(pk=self._pk, sealed_secrets=row.sealed_secrets)
        values |= {**_columns(renewed), "updated_at": clock.now()}
        return renewed if unchanged.update(**values) == 1 else None

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


def _columns(secrets: Mapping[str, str]) -> dict[str, Any]:
    """``secrets`` as the columns of an account."""
    ends = {name: _moment(secrets.get(name, "")) for name in _ENDS}
    return {"sealed_secrets": _seal(secrets), **ends}


def _after_entry(row: Credential, changed: set[str], merged: Mapping[str, str]) -> dict[str, Any]:
    """What an entry changes of the account's health and of a rotation under way or lost."""
    renewable = bool(merged.get(_RENEWAL))
    values: dict[str, Any] = {}
    if _RENEWAL in changed or (changed.intersection(_ACCESS) and not renewable):
        values = {"rotation_token": "", "rotation_until": None, "rotation_outcome_unknown": False}
    burnt = row.rotation_outcome_unknown and not values
    if not burnt or changed.intersection(_ACCESS):
        values |= {"health": Credential.Health.OK, "health_note": ""}
    return values


def _reseal(pk: int) -> bool:
    for _number in range(TRIES):
        sealed = Credential.objects.values_list("sealed_secrets", flat=True).filter(pk=pk).first()
        if sealed is None:
            return False
        try:
            anew = fernet().rotate(sealed.encode()).decode("ascii")
        except (InvalidToken, UnicodeError):
            logger.warning("No key opens the secrets of account %s", pk)
            return False
        if Credential.objects.filter(pk=pk, sealed_secrets=sealed).update(sealed_secrets=anew) == 1:
            return True
    return False


def _seal(secrets: Mapping[str, str]) -> str:
    plain = json.dumps({key: str(value) for key, value in secrets.items()}, ensure_ascii=False)
    return fernet().encrypt(plain.encode()).decode("ascii")


def _open(sealed: str) -> dict[str, str]:
    try:
        plain = fernet().decrypt(sealed.encode())
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


def _readable(sealed: str) -> dict[str, str]:
    """What ``sealed`` holds; nothing if no key opens it: what cannot be read is replaced as a whole."""
    try:
        return _open(sealed)
    except AuthExpired:
        return {}


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
