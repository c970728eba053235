"""A sandbox for each test, both platforms as rigs, and a watch that no secret gets out."""

from __future__ import annotations

import hashlib
import hmac
import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from publishers.kit import leaks
from publishers.kit import parrot as parrots
from publishers.sandbox import world
from publishers.sandbox.server import Sandbox
from tests.contract.driver import RIGS, Rig


def _proof(token: str, secret: str) -> str:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


CANARIES = (
    world.PROVINCE_PAGE.access_token,
    world.FACEBOOK_APP_SECRET,
    _proof(world.PROVINCE_PAGE.access_token, world.FACEBOOK_APP_SECRET),
    world.ZALO_ACCESS_TOKEN,
    world.ZALO_REFRESH_TOKEN,
    world.ZALO_SECRET_KEY,
    _proof(world.ZALO_ACCESS_TOKEN, world.ZALO_SECRET_KEY),
    "sandbox-access-",
    "sandbox-refresh-",
)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Its own for each test: a request still held at the end cannot act in the next one."""
    with Sandbox() as running:
        yield running


@pytest.fixture(params=sorted(RIGS))
def rig(request: pytest.FixtureRequest, sandbox: Sandbox) -> Rig:
    """Each platform in turn."""
    return RIGS[request.param](sandbox)


@pytest.fixture
def parrot() -> Iterator[parrots.Parrot]:
    """A server for replies no sandbox gives."""
    with parrots.running() as told:
        yield told


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (60, 30), "#b3261e").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def no_secrets() -> Iterator[Callable[[BaseException], None]]:
    """Check an error and all it hangs on for secrets; at the end the log of the test, debug lines too."""
    with leaks.watching(CANARIES) as watch:
        yield watch.error
