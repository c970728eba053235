"""One click leaves an e-mail list (RFC 8058): over real HTTP, without a cookie, for releases under way too."""

import re
from email import message_from_string, policy
from urllib.parse import urlparse

import pytest
import requests

from publishers import recipients
from publishers.models import Copy, Delivery, MailRecipient
from publishers.states import PUBLIC
from tests import factories
from tests.contract import mail_sink
from tests.contract.mail_sink import MailSink
from tests.publishers import outbox
from tests.serving import serving

A, B, C = "a@example.vn", "b@example.vn", "c@example.vn"


@pytest.fixture
def sink(live_db, settings):
    made = MailSink()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
    settings.PUBLISH_CONNECT_TIMEOUT = settings.PUBLISH_READ_TIMEOUT = 5.0
    yield made
    mail_sink.free(made)


@pytest.fixture
def mailing(sink):
    channel = factories.channel("email", "Báo chí", "bao-chi", options={"reply_to": "toasoan@example.vn"})
    recipients.add_recipients(channel, [A, B, C])
    return channel


@pytest.fixture
def site_url(mailing, settings):
    with serving() as address:
        settings.PUBLIC_URL = address
        yield address


def letter_for(sink, address):
    return message_from_string(sink.of(address)[-1], policy=policy.default)


def link_in(letter):
    return re.match(r"<(https?://[^>]+)>, <mailto:", letter["List-Unsubscribe"])[1]


def click(link):
    """What the mail program does: the post of RFC 8058, without cookies."""
    return requests.post(link, data={"List-Unsubscribe": "One-Click"}, timeout=20)


def test_every_letter_carries_a_link_of_its_own(sink, mailing, site_url, engine):
    outbox.delivery(mailing, now=engine.now)
    engine.turn()
    raw = sink.of(A)[0]
    assert re.search(r"^List-Unsubscribe: <http://\S+>, <mailto:\S+>$", raw, re.M)
    letters = [letter_for(sink, address) for address in (A, B, C)]
    assert {letter["List-Unsubscribe-Post"] for letter in letters} == {"List-Unsubscribe=One-Click"}
    links = {link_in(letter) for letter in letters}
    assert len(links) == 3
    assert all(link.startswith(site_url) and "example.vn" not in urlparse(link).path for link in links)


def test_a_post_leaves_without_a_question_and_nothing_more_comes(sink, mailing, site_url, engine):
    outbox.delivery(mailing, now=engine.now)
    engine.turn()
    link = link_in(letter_for(sink, B))
    reply = click(link)
    assert (reply.status_code, reply.history) == (200, [])
    assert "Set-Cookie" not in reply.headers
    assert "no-store" in reply.headers["Cache-Control"]
    assert "Bạn đã thôi nhận" in reply.text
    gone = MailRecipient.objects.get(address=B)
    assert gone.left_at is not None
    assert gone.left_because == recipients.LEFT_BY_LINK
    assert click(link).status_code == 200
    assert MailRecipient.objects.get(address=B).left_at == gone.left_at
    second = outbox.delivery(mailing, now=engine.now)
    engine.turn(60)
    assert [len(sink.of(address)) for address in (A, B, C)] == [2, 1, 2]
    assert not Copy.objects.filter(delivery=second, address=B).exists()


def test_a_get_changes_nothing_and_shows_one_button(sink, mailing, site_url, engine):
    outbox.delivery(mailing, now=engine.now)
    engine.turn()
    link = link_in(letter_for(sink, B))
    for ask in (requests.get, requests.head):
        reply = ask(link, timeout=20)
        assert (reply.status_code, "Set-Cookie" in reply.headers) == (200, False)
    page = requests.get(link, timeout=20).text
    assert page.count("<button") == 1
    assert B in page
    assert "Báo chí" in page
    assert MailRecipient.objects.get(address=B).left_at is None
    # The button of the page posts an empty form to the same address.
    assert "Bạn đã thôi nhận" in requests.post(link, timeout=20).text
    assert MailRecipient.objects.get(address=B).left_at


def test_who_leaves_while_a_release_is_under_way_gets_no_letter_of_it(sink, mailing, site_url, engine):
    outbox.delivery(mailing, now=engine.now)
    engine.turn()
    link = link_in(letter_for(sink, B))
    sink.faults = {B: "greylist_recipient"}
    second = outbox.delivery(mailing, now=engine.now)
    engine.turn(60)
    assert Copy.objects.get(delivery=second, address=B).state == Copy.State.PENDING
    click(link)
    assert Copy.objects.get(delivery=second, address=B).state == Copy.State.LEFT
    for _ in range(4):
        engine.turn(600)
    assert [len(sink.of(address)) for address in (A, B, C)] == [2, 1, 2]
    assert Delivery.objects.get(pk=second.pk).state in PUBLIC


def test_who_leaves_between_the_list_and_the_letter_is_left_out(sink, mailing, engine):
    delivery = outbox.delivery(mailing, now=engine.now)
    Delivery.objects.filter(pk=delivery.pk).update(lease_token="mine")
    mine = recipients.DeliveryRecipients(delivery, "mine")
    assert list(mine.pending()) == [A, B, C]
    # As if the list had been read in the moment before: the copy is still waiting.
    MailRecipient.objects.filter(address=B).update(left_at=engine.now)
    assert not mine.begin(B)
    assert mine.begin(A)
    assert list(mine.pending()) == [C]


@pytest.mark.parametrize("token", ["1:x", "x", "%00", "1", "9" * 300, "1%3A%2e%2e"])
def test_a_made_up_link_leaves_nothing(mailing, site_url, token):
    assert click(f"{site_url}/thoi-nhan-thu/{token}/").status_code == 404
    assert not MailRecipient.objects.filter(left_at__isnull=False).exists()


def test_staff_see_who_left_and_when(sink, mailing, site_url, engine, client):
    outbox.delivery(mailing, now=engine.now)
    engine.turn()
    click(link_in(letter_for(sink, B)))
    client.force_login(factories.user("quantri", superuser=True))
    page = client.get(f"/admin/phat-hanh/kenh/{mailing.pk}/dia-chi/").content.decode()
    assert "bằng liên kết trong thư" in page
    assert page.count(B) == 1
