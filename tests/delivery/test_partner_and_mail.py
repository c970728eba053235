"""Every way a partner's system or a mail server can fail: at most one item, and the state tells the truth."""

from datetime import timedelta

from django.utils import timezone

import pytest
import requests

from cms.core import outbound
from publishers import credentials, recipients
from publishers.contracts import ChannelGone
from publishers.models import Copy, Credential, Delivery
from publishers.states import PUBLIC, State
from tests import factories
from tests.contract import mail_sink
from tests.contract.mail_sink import MailSink
from tests.contract.partner import KEY, MODES, Partner
from tests.publishers import outbox

pytestmark = pytest.mark.django_db
CANARY = KEY


@pytest.fixture
def quick(settings):
    settings.PUBLISH_CONNECT_TIMEOUT = 0.5
    settings.PUBLISH_READ_TIMEOUT = 0.4
    settings.PUBLISH_GRACE = 2.0
    settings.PUBLISH_LEASE = 5.0
    settings.PUBLISH_BACKOFF = 1.0
    settings.OUTBOUND_ALLOW_HTTP = True
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture
def partner(quick):
    with Partner() as made:
        yield made


@pytest.fixture
def hook(partner):
    account = Credential(label="Đối tác", kind="webhook")
    credentials.store(account, {"signing_key": KEY})
    return factories.channel(
        "webhook", "Cổng phường", "phuong", credential=account, options={"url": partner.url}
    )


@pytest.fixture
def sink(quick, settings):
    made = MailSink()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
    yield made
    mail_sink.free(made)


@pytest.fixture
def mailing(sink):
    channel = factories.channel("email", "Báo chí", "bao-chi", options={"reply_to": "toasoan@example.vn"})
    recipients.add_recipients(channel, ["a@example.vn", "b@example.vn", "C@example.vn "])
    return channel


def settle(engine, rounds=12):
    for _ in range(rounds):
        engine.turn(600)


def of(delivery):
    return Delivery.objects.get(pk=delivery.pk)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("times", [1, 30], ids=["once", "always"])
def test_a_partner_gets_it_once_and_the_state_is_true(mode, times, partner, hook, engine, caplog):
    partner.plan(mode, times=times)
    delivery = outbox.delivery(hook, now=engine.now)
    settle(engine)
    row = of(delivery)
    items = partner.items()
    assert len(items) <= 1
    if row.state in PUBLIC:
        assert len(items) == 1
    elif row.state != State.AWAITING_PERSON:
        assert not items, f"{row.state}, but the partner has it"
    assert row.state not in (State.SENDING, State.UNCONFIRMED)
    assert CANARY not in caplog.text + row.error_sentence


def test_what_a_partner_gets_is_signed_and_the_same_at_every_attempt(partner, hook, engine):
    partner.plan("effect_then_error")
    partner.plan("drop")
    delivery = outbox.delivery(hook, now=engine.now)
    settle(engine, 4)
    assert of(delivery).state == State.CONFIRMED
    assert len(partner.requests) == 3
    (item,) = partner.taken.values()
    assert item["event"] == "warning.published"
    assert item["id"] == f"{delivery.release.reference}-{delivery.pk}"
    assert partner.bad_signatures == 0


def test_a_partner_that_left_pauses_the_channel(partner, hook, engine):
    partner.plan("gone")
    outbox.delivery(hook, now=engine.now)
    engine.turn()
    hook.refresh_from_db()
    assert hook.paused_reason
    assert ChannelGone.default_code == "channel_gone"


@pytest.mark.parametrize("mode", mail_sink.MODES)
def test_nobody_gets_a_letter_twice_and_the_others_get_theirs(mode, sink, mailing, engine):
    sink.faults = {"b@example.vn": mode}
    delivery = outbox.delivery(mailing, now=engine.now)
    settle(engine)
    row = of(delivery)
    got = len(sink.of("b@example.vn"))
    assert got <= 1
    assert len(sink.of("a@example.vn")) == len(sink.of("c@example.vn")) == 1
    copy = Copy.objects.get(delivery=delivery, address="b@example.vn")
    if copy.state == Copy.State.SENT:
        assert got == 1
    elif copy.state == Copy.State.REFUSED:
        assert got == 0
        assert "1" in row.notice
    else:
        assert copy.state == Copy.State.UNKNOWN
        assert row.state == State.AWAITING_PERSON
    assert row.state in (*PUBLIC, State.AWAITING_PERSON)


def test_a_letter_names_the_list_and_how_to_leave_it(sink, mailing, engine):
    delivery = outbox.delivery(mailing, now=engine.now)
    engine.turn()
    assert of(delivery).state == State.DELIVERED
    text = sink.of("a@example.vn")[0]
    for header in ("List-Id: ", "List-Unsubscribe: ", "Message-ID: ", "Reply-To: toasoan@example.vn"):
        assert header in text


def test_a_person_who_asked_around_may_have_the_unknown_sent_again(sink, mailing, engine, minh):
    from publishers import services

    sink.faults = {"b@example.vn": "drop_in_text"}
    delivery = outbox.delivery(mailing, now=engine.now)
    settle(engine)
    assert of(delivery).state == State.AWAITING_PERSON
    assert recipients.retry_unknown(delivery) == 1
    services.resend(of(delivery), minh, "Đã hỏi, chưa nhận được", looked=True)
    settle(engine, 3)
    assert [len(sink.of(a)) for a in ("a@example.vn", "b@example.vn", "c@example.vn")] == [1, 1, 1]


def test_an_empty_list_says_what_to_do(sink, engine):
    delivery = outbox.delivery(factories.channel("email", "Trống", "trong"), now=engine.now)
    engine.turn()
    assert of(delivery).error_code == "empty_list"


def test_whoever_left_the_list_gets_nothing(sink, mailing, engine):
    assert recipients.take_off(mailing, "B@example.vn", "Tự xin thôi")
    outbox.delivery(mailing, now=engine.now)
    engine.turn()
    assert not sink.of("b@example.vn")
    assert sink.of("a@example.vn")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://localhost/",
        "https://user:pass@example.vn/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "https://10.1.2.3:8443/",
        "javascript:alert(1)",
        "https://",
    ],
)
def test_no_forbidden_address_is_ever_connected(url, settings, monkeypatch):
    settings.OUTBOUND_ALLOW_HTTP = True
    settings.OUTBOUND_ALLOWED_NETWORKS = []
    opened = []
    monkeypatch.setattr("urllib3.util.connection.create_connection", lambda *a, **k: opened.append(a))
    client = outbound.OutboundClient(connect_timeout=0.5, read_timeout=0.5)
    with pytest.raises(requests.exceptions.RequestException):
        client.request("POST", url, data=b"x")
    assert opened == []


def test_the_address_that_was_checked_is_the_one_connected(partner, settings, monkeypatch):
    """A name server that answers differently the second time (DNS rebinding) changes nothing."""
    import socket

    real, asked = socket.getaddrinfo, []

    def rebinding(host, port, *args, **kwargs):
        if host != "doi-tac.example.vn":
            return real(host, port, *args, **kwargs)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "203.0.113.9", port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    client = outbound.OutboundClient(connect_timeout=0.5, read_timeout=0.5)
    url = partner.url.replace("127.0.0.1", "doi-tac.example.vn")
    headers = {"X-Keng-Timestamp": "1", "X-Keng-Signature": ""}
    assert client.request("POST", url, data=b"{}", headers=headers).status_code == 401
    assert asked == ["doi-tac.example.vn"]


def test_the_moment_of_a_delivery_is_no_part_of_what_is_sent(hook, partner, engine):
    first = outbox.delivery(hook, now=engine.now)
    engine.turn()
    bodies = [dict(item) for item in partner.taken.values()]
    assert timezone.now() - timedelta(minutes=5) < of(first).delivered_at
    assert not any("time" in key or "date" in key for key in bodies[0])
