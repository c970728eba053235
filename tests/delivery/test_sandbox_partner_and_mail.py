"""The sandbox's partner and mail sink as the adapters meet them: every fault, and the state tells the truth."""

import pytest

from publishers import credentials, recipients
from publishers.models import Copy, Credential, Delivery
from publishers.sandbox import world
from publishers.sandbox.server import Sandbox
from publishers.states import PUBLIC, State
from tests import factories
from tests.publishers import outbox

pytestmark = pytest.mark.django_db
PARTNER = world.NEWSPAPER
ADDRESSES = world.WARD_LEADERS.addresses


@pytest.fixture
def sandbox(settings):
    with Sandbox(mail_port=0) as running:
        settings.OUTBOUND_ALLOWED_ORIGINS = [running.base_url]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.mail_port
        settings.PUBLISH_CONNECT_TIMEOUT = 0.5
        settings.PUBLISH_READ_TIMEOUT = 0.5
        settings.PUBLISH_GRACE = 2.0
        settings.PUBLISH_LEASE = 5.0
        settings.PUBLISH_BACKOFF = 1.0
        yield running


@pytest.fixture
def hook(sandbox):
    account = Credential(label="Báo tỉnh", kind="webhook")
    credentials.store(account, {"signing_key": PARTNER.signing_key})
    options = {"url": sandbox.partner_url(PARTNER.id)}
    return factories.channel("webhook", "Báo tỉnh", PARTNER.id, credential=account, options=options)


@pytest.fixture
def mailing(sandbox):
    channel = factories.channel("email", "Tổ trưởng", world.WARD_LEADERS.id)
    recipients.add_recipients(channel, ADDRESSES)
    return channel


def settled(engine, delivery):
    for _round in range(8):
        engine.turn(600)
    return Delivery.objects.get(pk=delivery.pk)


@pytest.mark.parametrize(
    "fault",
    [
        {"mode": "refuse", "status": 429, "retry_after": 5},
        {"mode": "effect_then_error"},
        {"mode": "effect_then_timeout", "drop": True},
        {"mode": "timeout_no_effect", "seconds": 2},
        {"mode": "html_502"},
        {"mode": "empty_200", "effect": True},
        {"mode": "bad_json", "effect": True},
        {"mode": "slow", "seconds": 2},
    ],
    ids=lambda fault: fault["mode"],
)
def test_the_partner_has_it_once_whatever_went_wrong(fault, sandbox, hook, engine):
    sandbox.fault(**fault, api="partner")
    row = settled(engine, outbox.delivery(hook, now=engine.now))
    assert row.state in PUBLIC
    (item,) = sandbox.partner_items(PARTNER.id)
    assert item["reference"] == row.release.reference
    # An answer that could not be read names no item; the next version then finds it by nothing.
    assert row.remote_id in (item["id"], f"webhook:{row.release.reference}-{row.pk}")


def test_the_partner_that_changed_its_key_says_so(sandbox, hook, engine):
    sandbox.remote.state.partners[PARTNER.id].signing_key = "another-key-entirely"
    row = settled(engine, outbox.delivery(hook, now=engine.now))
    assert row.state not in PUBLIC
    assert "http 401" in row.error_code
    assert not sandbox.partner_items(PARTNER.id)


@pytest.mark.parametrize(
    ("fault", "copy_state", "got"),
    [
        ({"operation": "rcpt", "mode": "refuse"}, Copy.State.REFUSED, 0),
        ({"operation": "rcpt", "mode": "greylist"}, Copy.State.SENT, 1),
        ({"operation": "text", "mode": "effect_then_timeout", "drop": True}, Copy.State.UNKNOWN, 1),
        ({"operation": "text", "mode": "timeout_no_effect", "seconds": 5}, Copy.State.UNKNOWN, 0),
    ],
    ids=["refuse", "greylist", "drop", "hang"],
)
def test_one_address_in_trouble_costs_no_other_its_letter(fault, copy_state, got, sandbox, mailing, engine):
    first, second, third = ADDRESSES
    sandbox.fault(**fault, api="smtp", path=f"^{second}$")
    delivery = outbox.delivery(mailing, now=engine.now)
    row = settled(engine, delivery)
    assert [len(sandbox.mails(address)) for address in (first, third)] == [1, 1]
    assert len(sandbox.mails(second)) == got
    assert Copy.objects.get(delivery=delivery, address=second).state == copy_state
    expected = (State.AWAITING_PERSON,) if copy_state == Copy.State.UNKNOWN else PUBLIC
    assert row.state in expected


@pytest.mark.parametrize(
    "title",
    [
        "Lừa đảo “cho số lô, đề chắc trúng”: mất phí, mất tiền, vi phạm pháp luật",
        "A plain title of many words that is far too long for one line of a header, and therefore is folded",
        "Chữ " * 45,
        "Ngắn",
    ],
)
def test_a_subject_arrives_as_it_was_written(title, sandbox, mailing, engine):
    delivery = outbox.delivery(mailing, now=engine.now, title=title)
    engine.turn()
    assert Delivery.objects.get(pk=delivery.pk).state in PUBLIC
    (mail,) = sandbox.mails(ADDRESSES[0])
    assert mail["subject"] == " ".join(title.split())


def test_only_the_named_origin_is_trusted(sandbox, hook, engine, settings):
    settings.OUTBOUND_ALLOWED_ORIGINS = ["http://127.0.0.1:1", sandbox.base_url + ".example"]
    row = settled(engine, outbox.delivery(hook, now=engine.now))
    assert row.error_code == "forbidden_address"
    assert sandbox.requests() == []
