"""Subscribers, and releases the portal shows."""

import re
from pathlib import Path
from typing import Any

from django.core import mail
from django.test import Client
from django.utils import timezone

import pytest
from pytest_django import Settings

from cms.subscriptions import notices, outbox
from cms.subscriptions.models import Subscriber
from tests.tips.conftest import hidden

ASK = "/theo-doi/dang-ky/"


@pytest.fixture(autouse=True)
def quick_forms(tmp_path: Path, settings: Settings) -> None:
    settings.PORTAL_ROOT = tmp_path / "portal"
    settings.SEALED_ROOT = tmp_path / "sealed"
    settings.SEALED_ROOT.mkdir()
    settings.CITIZEN_FORM_SECONDS = -1


@pytest.fixture
def citizen() -> Client:
    """A browser without any cookie."""
    return Client(enforce_csrf_checks=True)


def ask(citizen: Client, email: str = "dan@example.vn", **changes: Any) -> Any:
    """Fill in the form without a script, look it over, and press the button."""
    form = {"email": email, "least": "info", "agreed": "1", **changes}
    page = citizen.post(ASK, form)
    assert page.status_code == 200, page.content.decode()
    return citizen.post(ASK, {**form, "seen": "1", "stamp": hidden(page, "stamp")[0]})


def send() -> list[Any]:
    """Let the watch do one round; the letters that left."""
    before = len(mail.outbox)
    notices.write_down(timezone.now())
    outbox.send(timezone.now())
    return mail.outbox[before:]


def link(letter: Any, word: str) -> str:
    """The path of the link with ``word`` in a letter."""
    found = re.search(rf"https?://[^/\s]+(/theo-doi/{word}/\S+/)", letter.body)
    assert found, letter.body
    return found[1]


def subscriber(citizen: Client, email: str = "dan@example.vn", **changes: Any) -> Subscriber:
    """Somebody who asked and confirmed."""
    ask(citizen, email, **changes)
    letters = [letter for letter in send() if letter.to == [email]]
    citizen.post(link(letters[-1], "xac-nhan"))
    found = Subscriber.objects.order_by("-pk")[0]
    assert found.confirmed_at
    return found
