"""A web server of its own on the test's database, and people signed in at it: real requests, real processes."""

import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client

import requests

from cms.supervisor import parts
from tests.faults.stage import ROOT, Stage, until
from tests.ports import free_port

TIMEOUT = 60.0
"""Seconds one request may take, on a busy machine too."""


@contextmanager
def web(stage: Stage, **more: str) -> Iterator[str]:
    """Two web processes on the database of ``stage``; yields their address. Gone afterwards."""
    port = free_port()
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "warnings"))),
        "WEB_WORKERS": "2",
        "WEB_THREADS": "4",
        **more,
    }
    with (stage.logs / "web.log").open("wb") as log:
        server = subprocess.Popen(
            parts.web(env, host="127.0.0.1", port=port),
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        until(lambda: server.poll() is not None or status(f"{address}/healthz") == 200, "the web answers")
        assert server.poll() is None, stage.told()
        yield address
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(30)


def status(url: str) -> int:
    """Status of a page; 0 when nobody answers in time."""
    try:
        return get(url).status_code
    except requests.RequestException:
        return 0


def get(url: str) -> requests.Response:
    """One anonymous request."""
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=TIMEOUT)


class Browser:
    """One person signed in, with a connection that stays open."""

    def __init__(self, address: str, user: Any) -> None:
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False
        signed_in = Client()
        signed_in.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        self.session.cookies.set(name, signed_in.cookies[name].value)

    def open(self, path: str) -> str:
        """The page at ``path``, after whatever it redirects to."""
        reply = self.session.get(self.address + path, timeout=TIMEOUT)
        assert reply.status_code == 200, (path, reply.status_code, reply.text[:2000])
        return reply.text

    def press(self, path: str, form: Mapping[str, Any] | Sequence[tuple[str, Any]]) -> requests.Response:
        """Post ``form``; the page one ends on."""
        return self.session.post(
            self.address + path, data=form, headers={"Referer": self.address + path}, timeout=TIMEOUT
        )


def hidden(html: str, name: str) -> str:
    """The value of the hidden field ``name`` of a page."""
    for field in re.findall(r"<input[^>]*>", html):
        if f'name="{name}"' in field:
            value = re.search(r'value="([^"]*)"', field)
            return value[1] if value else ""
    raise AssertionError(f"no field {name}")


def at_once(*calls: Callable[[], Any]) -> tuple[list[Any], float]:
    """What each of ``calls`` returned, begun in the same moment; and the seconds between first and last begin."""
    barrier = threading.Barrier(len(calls))
    answers: dict[int, Any] = {}
    begun: dict[int, float] = {}

    def run(number: int, call: Callable[[], Any]) -> None:
        barrier.wait(TIMEOUT)
        begun[number] = time.monotonic()
        answers[number] = call()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * TIMEOUT)
    assert len(answers) == len(calls), "a request failed or never ended"
    return [answers[number] for number in range(len(calls))], max(begun.values()) - min(begun.values())
