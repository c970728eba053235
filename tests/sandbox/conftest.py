"""A running sandbox with a clock that stands still, and sessions that speak to it as a client would."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from PIL import Image

from publishers.sandbox import world
from publishers.sandbox.server import Sandbox

NOW = 1_795_000_000.0  # 2026-11-18T11:06:40Z


@dataclass
class Clock:
    """Time as the tests say it is."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass
class GraphClient:
    """Calls the Graph API with the province page's token unless told otherwise."""

    sandbox: Sandbox
    http: requests.Session
    token: str = world.PROVINCE_PAGE.access_token
    version: str = "v25.0"

    def call(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        fields = kwargs.setdefault("params" if method in ("GET", "DELETE") else "data", {})
        fields.setdefault("access_token", self.token)
        return self.http.request(
            method, f"{self.sandbox.graph_url}{self.version}/{path}", timeout=5, **kwargs
        )

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.call("GET", path, params=params)

    def post(self, path: str, files: Any = None, **data: Any) -> requests.Response:
        return self.call("POST", path, data=data, files=files)

    def publish(self, message: str, **data: Any) -> str:
        """A feed post that must succeed; its id."""
        reply = self.post(f"{world.PROVINCE_PAGE.id}/feed", message=message, **data)
        assert reply.status_code == 200, reply.text
        return str(reply.json()["id"])

    def upload(self, data: bytes) -> str:
        """An unpublished photo that must succeed; its id."""
        path = f"{world.PROVINCE_PAGE.id}/photos"
        reply = self.post(path, files={"source": ("a.jpg", data)}, published="false")
        assert reply.status_code == 200, reply.text
        return str(reply.json()["id"])


@dataclass
class ZaloClient:
    """Calls the OA API and its token endpoint with the seeded credentials."""

    sandbox: Sandbox
    http: requests.Session
    token: str = world.ZALO_ACCESS_TOKEN
    group: str = world.PROVINCE_GROUP.id
    extra: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **params: Any) -> requests.Response:
        headers = {"access_token": self.token, **self.extra}
        return self.http.get(
            f"{self.sandbox.zalo_openapi_url}/{path}", params=params, headers=headers, timeout=5
        )

    def post(self, path: str, **kwargs: Any) -> requests.Response:
        headers = {"access_token": self.token, **self.extra}
        return self.http.post(f"{self.sandbox.zalo_openapi_url}/{path}", headers=headers, timeout=5, **kwargs)

    def send(self, message: dict[str, Any], group: Any = None) -> dict[str, Any]:
        body = {"recipient": {"group_id": self.group if group is None else group}, "message": message}
        reply = self.post("v3.0/oa/group/message", json=body)
        assert reply.status_code == 200
        return dict(reply.json())

    def conversation(self, count: int = 50) -> list[dict[str, Any]]:
        reply = self.get("v3.0/oa/group/conversation", group_id=self.group, offset=0, count=count).json()
        assert int(reply["error"]) == 0, reply
        return list(reply["data"])

    def upload(self, kind: str, name: str, data: bytes) -> dict[str, Any]:
        return dict(self.post(f"v2.0/oa/upload/{kind}", files={"file": (name, data)}).json())

    def oauth(self, secret: str = world.ZALO_SECRET_KEY, **form: str) -> requests.Response:
        return self.http.post(
            f"{self.sandbox.zalo_oauth_url}/v4/oa/access_token",
            headers={"secret_key": secret},
            data={"app_id": world.ZALO_APP_ID, **form},
            timeout=5,
        )

    def refresh(self, token: str = world.ZALO_REFRESH_TOKEN) -> requests.Response:
        return self.oauth(grant_type="refresh_token", refresh_token=token)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as running:
        yield running


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def graph(sandbox: Sandbox, http: requests.Session) -> GraphClient:
    return GraphClient(sandbox, http)


@pytest.fixture
def zalo(sandbox: Sandbox, http: requests.Session) -> ZaloClient:
    return ZaloClient(sandbox, http)


@pytest.fixture
def picture() -> Callable[..., bytes]:
    """Makes small pictures: ``picture("JPEG", colour="red")``; ``pad`` appends bytes after the picture."""

    def make(
        form: str = "JPEG", colour: str = "red", size: tuple[int, int] = (60, 40), pad: int = 0
    ) -> bytes:
        out = io.BytesIO()
        Image.new("RGB", size, colour).save(out, form)
        return out.getvalue() + b"\0" * pad

    return make
