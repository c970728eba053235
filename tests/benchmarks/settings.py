"""What the benchmark's processes run with: a real queue, and the database BENCH_DATABASE names.

``sqlite`` (default) is one file below VAR_DIR; ``postgresql:NAME`` the database NAME of the local server.
"""

import os

from cms.settings.test import *  # noqa: F403
from cms.settings.test import TASKS, VAR_DIR

TASKS["delivery"] = {
    "BACKEND": "huey.contrib.djhuey.tasks_backend.HueyBackend",
    "QUEUES": [],
    "ENQUEUE_ON_COMMIT": True,
}
_where = os.environ.get("BENCH_DATABASE", "sqlite")
if _where.startswith("postgresql:"):
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _where.partition(":")[2],
            "HOST": os.environ.get("BENCH_PGHOST", "127.0.0.1"),
            "USER": os.environ.get("BENCH_PGUSER", "postgres"),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    }
    HUEY = {
        "huey_class": "cms.core.queue.SignedRedisHuey",
        "name": "keng-bench",
        "url": os.environ.get("BENCH_REDIS", "redis://127.0.0.1:6379/9"),
        "immediate": False,
        "results": False,
    }
else:
    # As the one-machine installation: the database is not the test suite's own.
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "bench.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 60,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    }
