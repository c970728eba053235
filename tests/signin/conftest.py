"""The second factor is required here, and time stands still unless a test moves it."""

import time
from collections.abc import Iterator

import pytest

from cms.users.models import User
from cms.users.roles import Role
from tests import factories
from tests.signin import people


class Clock:
    """Stands in the middle of a step of the authenticator apps."""

    def __init__(self, now: float) -> None:
        self.now = now

    def forward(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    stopped = Clock(time.time() // 30 * 30 + 15)
    monkeypatch.setattr(time, "time", lambda: stopped.now)
    return stopped


@pytest.fixture(autouse=True)
def required(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def nam(site: None) -> User:
    """An administrator."""
    return factories.user("nam", Role.ADMINISTRATOR)


@pytest.fixture
def nam_inside(nam: User, clock: Clock):
    """The administrator's browser, past both factors."""
    client = people.browser("198.51.100.7")
    people.enter(client, "nam")
    people.set_up_app(client)
    clock.forward(30)
    return client
