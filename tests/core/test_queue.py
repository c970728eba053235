"""A queue that is locked or gone keeps no page from being saved, and no process from starting."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

from django.urls import reverse

import pytest

from cms.users.roles import Role
from scam_warnings.agency import AgencySettings
from tests import factories

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def held(file):
    """Another process that stopped in the middle of a write."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def locked(huey):
    """Held by another; nobody waits long for it here."""
    huey.storage.close()
    before, huey.storage._timeout = huey.storage._timeout, 0.05
    with held(huey.storage.filename):
        yield
    huey.storage.close()
    huey.storage._timeout = before


@contextmanager
def taken_away(huey):
    """Its folder is gone, as on a disk that is no longer there."""
    huey.storage.close()
    before, huey.storage.filename = huey.storage.filename, "/nonexistent/queue.sqlite3"
    yield
    huey.storage.filename = before


@contextmanager
def emptied(huey):
    """Somebody deleted the file; the next to open it finds no table."""
    huey.storage.close()
    Path(huey.storage.filename).unlink()
    yield
    huey.storage.close()
    huey.storage.initialize_schema()


@pytest.mark.parametrize("broken", [locked, taken_away, emptied])
def test_the_agency_is_saved_whatever_the_queue_does(broken, live_db, huey, client, caplog):
    factories.site()
    client.force_login(factories.user("quantri", Role.ADMINISTRATOR))
    agency = AgencySettings.load()
    agency.save()
    huey.flush()
    url = reverse("wagtailsettings:edit", args=["scam_warnings", "agencysettings", agency.pk])
    form = client.get(url).context["form"]
    values = {name: value for name, value in form.initial.items() if value is not None}
    with broken(huey):
        answer = client.post(url, values | {"name": "Công an tỉnh Bình Minh"}, follow=True)
    assert answer.status_code == 200
    assert AgencySettings.load().name == "Công an tỉnh Bình Minh"
    assert "the pages are renewed within the hour" in caplog.text
    # Once it is back, the next change is told again.
    client.post(url, values | {"name": "Công an tỉnh"})
    assert huey.pending_count() == 1


def test_a_process_starts_while_another_holds_the_queue(tmp_path):
    command = "from huey.contrib.djhuey import HUEY; print('waiting:', HUEY.pending_count())"
    environ = {**os.environ, "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "cms.settings.test"}
    environ.pop("PYTEST_XDIST_WORKER", None)

    def start():
        return subprocess.run(
            [sys.executable, "-c", f"import django; django.setup(); {command}"],
            cwd=ROOT,
            env=environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    first = start()
    assert first.stdout == "waiting: 0\n", first.stderr
    with held(tmp_path / "queue.sqlite3"):
        second = start()
    assert second.stdout == "waiting: 0\n", second.stderr
