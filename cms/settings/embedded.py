"""One machine, one command: SQLite, a file queue, no service. What `make run` uses."""

import secrets
from pathlib import Path

from cms.core.demo_accounts import DEMO_ACCOUNTS
from cms.settings import env
from cms.settings.base import *  # noqa: F403
from cms.settings.base import PRACTICE, VAR_DIR


def _own_secret(path: Path) -> str:
    """A secret made on the first start and kept beside the database, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass  # another process made it in the same moment; its secret is the one
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()


SECRET_KEY = env.text("SECRET_KEY", "") or _own_secret(VAR_DIR / "secrets" / "secret-key")
CREDENTIAL_KEYS = env.listing("CREDENTIAL_KEYS") or [_own_secret(VAR_DIR / "secrets" / "credential-key")]
AUDIT_KEYS = env.listing("AUDIT_KEYS") or [_own_secret(VAR_DIR / "secrets" / "audit-key")]
PUBLIC_SIGNING_KEYS = env.listing("PUBLIC_SIGNING_KEYS") or [
    _own_secret(VAR_DIR / "secrets" / "public-signing-key")
]
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS")
DEMO = env.boolean("KENG_DEMO", True)
# The demonstration's accounts have a known password anyway; everybody else with such a role needs two factors.
SECOND_FACTOR_EXEMPTION_ALLOWED = True
SECOND_FACTOR_EXEMPT = env.listing("SECOND_FACTOR_EXEMPT") or (
    [account.username for account in DEMO_ACCOUNTS] if DEMO else []
)

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "keng.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }
}
HUEY = {
    "huey_class": "cms.core.queue.SignedSqliteHuey",
    "name": "keng",
    "filename": str(VAR_DIR / "queue.sqlite3"),
    "immediate": False,
    "results": False,
}
_mailbox = "cms.core.mailbox.MailboxBackend"
# What the system writes to its own people leaves a practising machine as little as a warning does.
EMAIL_BACKEND = _mailbox if PRACTICE else env.text("EMAIL_BACKEND", _mailbox)
EMAIL_FILE_PATH = VAR_DIR / "mail"

# One machine and a person watching: a dead worker's calls are settled within a minute or two.
PUBLISH_CONNECT_TIMEOUT = env.seconds("PUBLISH_CONNECT_TIMEOUT", 5)
PUBLISH_READ_TIMEOUT = env.seconds("PUBLISH_READ_TIMEOUT", 15)
PUBLISH_GRACE = env.seconds("PUBLISH_GRACE", 25)
PUBLISH_LEASE = env.seconds("PUBLISH_LEASE", 45)
