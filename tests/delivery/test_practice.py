"""Practice mode: everything works against the sandbox, and no other address hears anything."""

import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import reverse

import pytest
import requests

from cms.core import practice
from cms.core.http import HttpClient
from cms.core.outbound import ForbiddenAddress, OutboundClient
from publishers import credentials, recipients
from publishers.models import Credential
from publishers.states import PUBLIC, State
from publishers.watch import probes
from tests import factories
from tests.delivery.conftest import of, sign

pytestmark = pytest.mark.django_db


class Canary:
    """A listener that counts who knocks."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.knocks = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                visitor, _address = self._socket.accept()
            except OSError:
                return
            self.knocks += 1
            visitor.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    made = Canary()
    yield made
    made.close()


@pytest.fixture
def practising(settings, sandbox):
    """This installation practises, and its sandbox runs."""
    settings.PRACTICE = True
    parts = urlsplit(sandbox.graph_url)
    settings.SANDBOX_URL = f"{parts.scheme}://{parts.netloc}"
    settings.SANDBOX_MAIL = "127.0.0.1:1"
    return sandbox


def test_everything_works_against_the_sandbox(practising, settings, fanpage, engine, lan, minh):
    release = sign(factories.warning(lan, channels=[fanpage.name]), lan, minh)
    engine.turn()
    engine.turn(60)
    assert of(release, fanpage).state in PUBLIC
    assert len(practising.remote.state.posts) == 1


def test_a_real_platform_is_not_called_although_its_token_is_there(
    practising, settings, canary, fanpage, group, engine, lan, minh
):
    settings.FACEBOOK_GRAPH_URL = f"{canary.url}/"
    settings.ZALO_OPENAPI_URL = settings.ZALO_OAUTH_URL = canary.url
    release = sign(factories.warning(lan, channels=[fanpage.name, group.name]), lan, minh)
    engine.turn()
    engine.turn(600)
    for channel in (fanpage, group):
        delivery = of(release, channel)
        assert (delivery.state, delivery.error_code) == (State.FAILED, "practice")
        assert "diễn tập" in delivery.error_sentence
    probes.probe(engine.now)
    assert canary.knocks == 0


def test_a_partner_and_a_mail_server_elsewhere_are_not_called(
    practising, settings, canary, site, engine, lan, minh
):
    settings.OUTBOUND_ALLOW_HTTP = True
    settings.OUTBOUND_ALLOWED_ORIGINS = [canary.url]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", canary.port
    account = Credential(label="Đối tác", kind="webhook")
    credentials.store(account, {"signing_key": "k" * 40})
    hook = factories.channel(
        "webhook", "Cổng phường", "phuong", credential=account, options={"url": f"{canary.url}/x"}
    )
    mail = factories.channel("email", "Bản tin", "ban-tin")
    recipients.add_recipients(mail, ["a@example.vn"])
    release = sign(factories.warning(lan, channels=[hook.name, mail.name]), lan, minh)
    engine.turn()
    engine.turn(600)
    for channel in (hook, mail):
        delivery = of(release, channel)
        assert (delivery.state, delivery.error_code) == (State.FAILED, "practice"), channel.name
    assert canary.knocks == 0


@pytest.mark.parametrize(
    "disguise", ["{url}", "http://127.0.0.1:{port}@{sandbox}", "http://{sandbox}@127.0.0.1:{port}", "//x"]
)
def test_no_client_opens_another_address(disguise, practising, settings, canary):
    sandbox = urlsplit(settings.SANDBOX_URL).netloc
    url = disguise.format(url=canary.url, port=canary.port, sandbox=sandbox)
    assert not practice.reaches(url)
    with pytest.raises(practice.OutsidePractice):
        HttpClient(connect_timeout=1, read_timeout=1).request("GET", url)
    with pytest.raises((ForbiddenAddress, requests.RequestException)):
        OutboundClient(connect_timeout=1, read_timeout=1).request("GET", url)
    assert canary.knocks == 0


def test_without_a_sandbox_nothing_is_reached(settings):
    settings.PRACTICE, settings.SANDBOX_URL = True, ""
    assert not practice.reaches("http://127.0.0.1:8090")
    assert not practice.reaches_mail("127.0.0.1", 25)


def test_every_page_says_so(practising, client, settings):
    factories.site()
    portal = client.get("/").content.decode()
    assert "Diễn tập" in portal
    assert 'content="noindex' in portal
    for page in (client.get(reverse("wagtailadmin_login")), client.get("/khong-co/")):
        assert "Diễn tập" in page.content.decode()
    settings.PRACTICE = False
    assert "Diễn tập" not in client.get(reverse("wagtailadmin_login")).content.decode()
