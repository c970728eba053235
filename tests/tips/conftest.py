"""Forms that a person could have filled in, and a browser that keeps no cookie."""

import re
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import pytest
from pytest_django import Settings

from cms.intake import stamps
from cms.tips.models import Tip
from tests.media import pictures

STORY = "Có người tự xưng công an phường gọi điện, bắt tôi cài ứng dụng lạ để nâng cấp VNeID."
SEND, STANDING = "/phan-anh/gui/", "/phan-anh/tra-cuu/ket-qua/"


@pytest.fixture(autouse=True)
def quick_forms(tmp_path: Path, settings: Settings) -> None:
    """Nobody waits in tests but the one about waiting; finished files of one test do not reach the next."""
    settings.PORTAL_ROOT = tmp_path / "portal"
    settings.CITIZEN_FORM_SECONDS = -1


@pytest.fixture
def citizen() -> Client:
    """A browser without any cookie."""
    return Client(enforce_csrf_checks=True)


def filled(**changes: Any) -> dict[str, Any]:
    """A complete form, as the browser posts it."""
    return {"story": STORY, "agreed": "1", **changes}


def worked(stamp: str) -> str:
    """The piece of work a browser would do."""
    number = 0
    while not stamps.is_worked(stamp, str(number)):
        number += 1
    return str(number)


def photo(name: str = "anh.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    """A picture of a telephone."""
    return SimpleUploadedFile(name, data or pictures.private_jpeg(), "image/jpeg")


def hidden(answer: Any, name: str) -> list[str]:
    """The values of the hidden fields ``name`` on a page."""
    text = answer.content.decode()
    return re.findall(rf'name="{name}" value="([^"]*)"', text)


def looked_over(citizen: Client, **changes: Any) -> Any:
    """Without a script: the first form, then the page to look it over, then its button."""
    form = filled(**changes)
    page = citizen.post(SEND, form)
    assert page.status_code == 200, page.content.decode()
    form.pop("pictures", None)
    again = {**form, "seen": "1", "stamp": hidden(page, "stamp")[0], "held": hidden(page, "held")}
    return citizen.post(SEND, again)


def code_on(answer: Any) -> str:
    """The receipt code on a page."""
    found = re.search(r"PA-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", answer.content.decode())
    assert found, answer.content.decode()[:3000]
    return found[0]


def tip(citizen: Client, **changes: Any) -> Tip:
    """A tip that a citizen sent."""
    assert looked_over(citizen, **changes).status_code == 200
    return Tip.objects.order_by("-pk")[0]
