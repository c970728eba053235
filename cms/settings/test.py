"""The test suite: no service, nothing outside a temporary folder."""

import os
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlparse

# One folder a test process; the child processes it starts inherit VAR_DIR.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
_folder = os.environ.get("VAR_DIR") or tempfile.mkdtemp(prefix="keng-test-")
if _worker and not _folder.endswith(_worker):
    _folder = f"{_folder}-{_worker}"
os.environ["VAR_DIR"] = _folder
VAR = Path(_folder)
VAR.mkdir(parents=True, exist_ok=True)

from cms.settings import env  # noqa: E402
from cms.settings.base import *  # noqa: E402, F403

SECRET_KEY = "only-for-the-tests"  # noqa: S105
CREDENTIAL_KEYS = ["only-for-the-tests"]
AUDIT_KEYS = ["only-for-the-tests"]
PUBLIC_SIGNING_KEYS = ["only-for-the-tests"]
ALLOWED_HOSTS = ["*"]
DEMO = env.boolean("KENG_DEMO", False)
# Tests sign in with client.force_login; tests/signin turns the requirement on.
SECOND_FACTOR_REQUIRED = False
SECOND_FACTOR_EXEMPTION_ALLOWED = True

# One database a test process: a file, or with TEST_DATABASE_URL a PostgreSQL database (README.md).
_server = urlparse(os.environ.get("TEST_DATABASE_URL", ""))
if _server.scheme in {"postgres", "postgresql"}:
    _database = f"{unquote(_server.path.lstrip('/')) or 'keng_test'}_{_worker or 'main'}"
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ.get("TEST_DATABASE_NAME", _database),
            "USER": unquote(_server.username or ""),
            "PASSWORD": unquote(_server.password or ""),
            "HOST": _server.hostname or "",
            "PORT": str(_server.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "keng.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    }
HUEY = {
    "huey_class": "cms.core.queue.SignedSqliteHuey",
    "name": "keng",
    "filename": str(VAR / "queue.sqlite3"),
    "immediate": False,
    "results": False,
}
# Wagtail's own tasks run at once; deliveries are driven by the tests, or by a real worker process.
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "ENQUEUE_ON_COMMIT": False},
    "delivery": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "ENQUEUE_ON_COMMIT": False},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
(VAR / "static").mkdir(exist_ok=True)
