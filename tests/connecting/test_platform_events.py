"""Zalo's webhook: who may speak, what is kept, and what an event can do."""

import hashlib
import json
from datetime import timedelta

from django.utils import timezone

import pytest

from publishers.credentials import store
from publishers.models import Channel, Credential, Delivery, PlatformEvent
from publishers.states import State
from tests.publishers import outbox

pytestmark = pytest.mark.django_db

URL = "/webhooks/zalo/"
APP, OA, KEY, GROUP = "4100", "4200", "webhook-key-CANARY", "f414c8f76fa586fbdfb4"


@pytest.fixture
def account() -> Credential:
    made = Credential(label="Zalo tỉnh", kind="zalo_oa")
    store(made, {"app_id": APP, "oa_id": OA, "webhook_key": KEY})
    return made


@pytest.fixture
def group(account) -> Channel:
    return Channel.objects.create(name="Nhóm", kind="zalo_group", remote_id=GROUP, credential=account)


def event(name: str = "oa_send_group_text", text: str = "", **values) -> dict:
    base = {"event_name": name, "app_id": APP, "oa_id": OA, "timestamp": "1796000000123"}
    base |= {"sender": {"id": OA}, "recipient": {"id": GROUP}, "group_id": GROUP}
    return base | {"message": {"msg_id": "m-1", "text": text}} | values


def mac(raw: bytes, first: str = APP, stamp: str = "1796000000123", key: str = KEY) -> str:
    return hashlib.sha256(first.encode() + raw + stamp.encode() + key.encode()).hexdigest()


def post(client, body, *, signature: str | None = None, **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    given = {"X-ZEvent-Signature": f"mac={mac(raw)}" if signature is None else signature, **headers}
    given = {name: value for name, value in given.items() if value}
    return client.post(URL, raw, content_type="application/json", headers=given)


def waiting(channel: Channel, **values) -> Delivery:
    later = timezone.now() + timedelta(hours=1)
    base = {"state": State.UNCONFIRMED, "next_attempt_at": later, "first_sent_at": timezone.now()}
    return outbox.delivery(channel, **base | values)


def test_the_consoles_unsigned_probe_is_answered_and_does_nothing(client, account):
    assert post(client, b"{}", signature="").status_code == 200
    assert post(client, b" {} ", signature="").status_code == 200
    assert not PlatformEvent.objects.exists()


def test_it_takes_only_posts_and_needs_no_token_of_ours(account):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    assert client.get(URL).status_code == 405
    assert client.get(URL)["Allow"] == "POST"
    assert post(client, event()).status_code == 200


@pytest.mark.parametrize("form", ["mac={}", "mac = {}", "{}", "MAC={}"])
@pytest.mark.parametrize("first", [APP, OA])
def test_every_known_form_of_the_signature_is_taken(client, account, form, first):
    raw = json.dumps(event()).encode()
    assert post(client, raw, signature=form.format(mac(raw, first))).status_code == 200
    assert PlatformEvent.objects.count() == 1


def test_the_timestamp_may_stand_in_the_header(client, account):
    body = event()
    del body["timestamp"]
    raw = json.dumps(body).encode()
    headers = {"X-ZEvent-Timestamp": "1796000000999"}
    assert post(client, raw, signature=mac(raw, stamp="1796000000999"), **headers).status_code == 200


@pytest.mark.parametrize(
    "signature", ["", "mac=", "mac=" + "0" * 64, "0" * 63, "mac=zz", "mac=" + "٠" * 64, "\x00"]
)
def test_a_wrong_signature_is_refused_without_a_reason(client, account, signature):
    answer = post(client, event(), signature=signature)
    assert (answer.status_code, answer.content) == (403, b"")
    assert not PlatformEvent.objects.exists()


def test_the_raw_bytes_count_not_their_meaning(client, account):
    raw = json.dumps(event()).encode()
    assert post(client, raw + b" ", signature=mac(raw)).status_code == 403


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"\xff", b"[" * 5000, b"null"])
def test_a_body_that_is_no_object_is_refused(client, account, body):
    assert post(client, body).status_code == 403
    assert post(client, body, signature="").status_code == 403


def test_without_a_key_nobody_can_sign(client):
    made = Credential(label="Zalo", kind="zalo_oa")
    store(made, {"app_id": APP})
    raw = json.dumps(event()).encode()
    assert post(client, raw, signature=mac(raw, key="")).status_code == 403


def test_a_huge_body_is_refused_unread(client, account):
    assert post(client, b"{" + b" " * (256 * 1024) + b"}").status_code == 413


@pytest.mark.parametrize("state", [State.UNCONFIRMED, State.DELIVERED])
def test_our_echo_makes_the_next_look_due_and_leaves_the_state(client, group, state):
    proof = {"remote_id": "r", "delivered_at": timezone.now()} if state == State.DELIVERED else {}
    delivery = waiting(group, state=state, **proof)
    post(client, event(text=f"Cảnh báo. Mã: {delivery.release.reference}."))
    delivery.refresh_from_db()
    assert delivery.state == state
    assert delivery.next_attempt_at <= timezone.now()
    kept = PlatformEvent.objects.get()
    assert (kept.channel, kept.detail["message_id"]) == (group, "m-1")
    assert kept.detail["delivery"] == str(delivery.pk)


def test_the_echo_of_a_longer_code_or_in_another_group_moves_nothing(client, group):
    delivery = waiting(group)
    reference = delivery.release.reference
    post(client, event(text=f"Mã: {reference}7"))
    post(client, event(text=f"Mã: {reference}", group_id="other", message={"msg_id": "2"}))
    delivery.refresh_from_db()
    assert delivery.next_attempt_at > timezone.now()


def test_the_group_of_an_account_that_did_not_sign_is_out_of_reach(client, account, group):
    other = Credential(label="Zalo khác", kind="zalo_oa")
    store(other, {"app_id": "4999", "webhook_key": "other-key"})
    delivery = waiting(group)
    raw = json.dumps(event(text=f"Mã: {delivery.release.reference}", app_id="4999")).encode()
    assert post(client, raw, signature=mac(raw, "4999", key="other-key")).status_code == 200
    delivery.refresh_from_db()
    assert delivery.next_attempt_at > timezone.now()
    assert PlatformEvent.objects.get().channel is None


def test_repeats_and_disorder_do_no_harm(client, group):
    delivery = waiting(group)
    body = event(text=f"Mã: {delivery.release.reference}")
    later = body | {"timestamp": "1700000000000"}
    post(client, body)
    Delivery.objects.update(next_attempt_at=timezone.now() + timedelta(hours=1))
    for again in (body, later, body):
        raw = json.dumps(again, ensure_ascii=False).encode()
        assert post(client, raw, signature=mac(raw, stamp=again["timestamp"])).status_code == 200
    delivery.refresh_from_db()
    assert PlatformEvent.objects.count() == 1
    assert delivery.next_attempt_at > timezone.now()


@pytest.mark.parametrize("name", ["delete_group", "update_group_info"])
def test_a_changed_group_is_checked_next(client, group, name):
    Channel.objects.update(checked_at=timezone.now())
    post(client, event(name, message={}))
    group.refresh_from_db()
    assert group.checked_at is None


def test_nothing_that_a_citizen_wrote_is_kept(client, group):
    waiting(group)
    post(client, event("user_send_group_text", text="số tài khoản của tôi CANARY"))
    assert not PlatformEvent.objects.exists()
    post(client, event(text="CANARY do cán bộ gõ tay"))
    assert "CANARY" not in str(PlatformEvent.objects.values().get())


@pytest.mark.parametrize("value", [None, 5, [], {}, "x" * 5000, "\x00"])
def test_odd_values_are_no_error(client, group, value):
    bodies = [event(message=value), event(group_id=value), event(text=value), event(event_name=value)]
    for body in [*bodies, event(sender=value, recipient=value, oa_id=value)]:
        assert post(client, body).status_code == 200


def test_the_fitting_form_goes_to_the_log_and_no_key_does(client, account, caplog):
    import logging

    with caplog.at_level(logging.DEBUG, logger="publishers"):
        post(client, event())
        post(client, event(), signature="0" * 64)
    assert "app_id first, timestamp of the body" in caplog.text
    assert "CANARY" not in caplog.text
