"""What is Zalo's own: rotating tokens, handles, mentions, the connection check."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from publishers.adapters.base import Endpoint
from publishers.adapters.zalo_group import oauth
from publishers.adapters.zalo_group.adapter import ZaloGroupPublisher
from publishers.contracts import (
    AuthExpired,
    ChannelGone,
    OutcomeUnknown,
    PublishError,
    Rejected,
    Temporary,
)
from publishers.kit.credentials import MemoryCredentials
from publishers.kit.dispatcher import Verdict, send
from publishers.kit.parrot import Parrot
from publishers.kit.remote import HOLD_SECONDS
from publishers.kit.sample import message
from publishers.sandbox import world
from publishers.sandbox.server import Sandbox
from tests.contract.driver import Rig, zalo_rig

Check = Callable[[BaseException], None]
SOON = (datetime.now(UTC) + timedelta(hours=1)).isoformat()


@pytest.fixture
def group(sandbox: Sandbox) -> Rig:
    return zalo_rig(sandbox)


def _lose_refresh(sandbox: Sandbox, mode: str, **options: object) -> None:
    sandbox.fault(mode, api="zalo_oauth", seconds=HOLD_SECONDS, **options)


def test_a_token_near_its_end_is_renewed_first_and_the_new_pair_is_kept(
    sandbox: Sandbox, no_secrets: Check
) -> None:
    rig = zalo_rig(sandbox, expires_at=SOON)
    rig.publisher().send(message())
    kept = rig.credentials.read()
    assert kept["access_token"] != world.ZALO_ACCESS_TOKEN
    assert kept["refresh_token"] != world.ZALO_REFRESH_TOKEN
    life = datetime.fromisoformat(kept["expires_at"]) - datetime.now(UTC)
    assert timedelta(hours=24) < life <= timedelta(hours=25)
    rig.publisher().send(message("CB-2026-00124"))
    assert rig.calls("access_token") == 1
    assert len(rig.items()) == 2


@pytest.mark.parametrize("expires", ["", "tomorrow", "2126-01-01T00:00:00"])
def test_a_token_of_unknown_end_is_just_used(sandbox: Sandbox, expires: str) -> None:
    rig = zalo_rig(sandbox, expires_at=expires)
    rig.publisher().send(message())
    assert rig.calls("access_token") == 0


def test_an_end_given_in_unix_seconds_is_read_too(sandbox: Sandbox) -> None:
    rig = zalo_rig(sandbox, expires_at=str(int(datetime.now(UTC).timestamp()) + 3600))
    rig.publisher().send(message())
    assert rig.calls("access_token") == 1


@pytest.mark.parametrize("how", ["killed", "expired"])
@pytest.mark.parametrize("with_image", [False, True])
def test_a_refused_token_is_renewed_once_and_the_message_sent_once(
    group: Rig, jpeg: bytes, how: str, with_image: bool
) -> None:
    group.sandbox.token(zalo=True, **({"kill": True} if how == "killed" else {"expires_in": -5}))
    group.publisher().send(message(image=jpeg if with_image else b""))
    assert group.calls("access_token") == 1
    assert len(group.items()) == 1


@pytest.mark.parametrize("code", [-216, -220, -124])
def test_a_token_refused_again_stops_the_account(group: Rig, code: int) -> None:
    group.fault("refuse", code=code, times=0)
    with pytest.raises(AuthExpired):
        group.publisher().send(message())
    assert group.calls("access_token") == 1
    assert group.calls(group.publish) == 2
    assert group.items() == []


def test_reading_back_and_checking_renew_too(group: Rig) -> None:
    group.sandbox.token(zalo=True, kill=True)
    assert group.publisher().find(message(), datetime.now(UTC)) is None
    group.sandbox.token(zalo=True, kill=True)
    assert group.publisher().check().name == world.PROVINCE_GROUP.name
    assert group.credentials.rotations == 2


@pytest.mark.parametrize("mode", ["timeout_no_effect", "html_502", "empty_200", "bad_json", "refuse"])
def test_a_renewal_that_came_to_nothing_leaves_the_old_token_to_try(sandbox: Sandbox, mode: str) -> None:
    """Ahead of its end the old token still lives: the warning goes out."""
    rig = zalo_rig(sandbox, expires_at=SOON)
    _lose_refresh(sandbox, mode, times=0)
    assert send(rig, message()).verdict is Verdict.OUT
    assert rig.credentials.read()["access_token"] == world.ZALO_ACCESS_TOKEN
    assert len(rig.items()) == 1


@pytest.mark.parametrize(
    "mode", ["effect_then_timeout", "effect_then_error", "html_502", "empty_200", "bad_json"]
)
def test_a_lost_new_pair_ends_in_reconnecting_with_nothing_sent(
    sandbox: Sandbox, mode: str, no_secrets: Check
) -> None:
    """The pair was minted, its reply lost: the old token is dead and the refresh token is spent."""
    rig = zalo_rig(sandbox, expires_at=SOON)
    _lose_refresh(sandbox, mode, effect=True, code=-1)
    with pytest.raises(AuthExpired) as caught:
        rig.publisher().send(message())
    no_secrets(caught.value)
    assert rig.items() == []


def test_a_spent_refresh_token_is_answered_with_nothing(group: Rig) -> None:
    old = group.credentials.read()
    group.sandbox.token(zalo=True, kill=True)
    group.publisher().send(message())
    with pytest.raises(OutcomeUnknown):
        oauth.refresh(old, group.endpoint)


def test_two_workers_renew_once_and_both_send(sandbox: Sandbox) -> None:
    rig = zalo_rig(sandbox, expires_at=SOON)
    start = threading.Barrier(2)
    errors: list[BaseException] = []

    def work(reference: str) -> None:
        start.wait(5)
        try:
            rig.publisher(read_timeout=5.0).send(message(reference))
        except PublishError as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(f"CB-2026-0000{n}",)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert errors == []
    assert rig.credentials.rotations == 1
    assert len(rig.items()) == 2


def test_another_machine_that_took_the_pair_away_ends_in_reconnecting(group: Rig) -> None:
    ours = MemoryCredentials(group.credentials.read())
    group.sandbox.token(zalo=True, kill=True)
    group.publisher().send(message())
    with pytest.raises(AuthExpired):
        ZaloGroupPublisher(group.remote_id, group.endpoint, ours).send(message("CB-2026-00124"))
    assert len(group.items()) == 1


def test_an_unreachable_token_endpoint_with_a_dead_token_is_tried_again_later(group: Rig) -> None:
    group.sandbox.token(zalo=True, kill=True)
    with pytest.raises(Temporary):
        group.publisher(token_url="http://127.0.0.1:9").send(message())
    assert group.items() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("secret_key", "wrong"), ("app_id", "1"), ("refresh_token", "unknown"), ("refresh_token", "")],
)
def test_a_definite_refusal_of_the_renewal(sandbox: Sandbox, field: str, value: str) -> None:
    rig = zalo_rig(sandbox, **{field: value})
    with pytest.raises(AuthExpired) as caught:
        oauth.refresh(rig.credentials.read(), rig.endpoint)
    assert value == "" or value not in caught.value.sentence
    assert sandbox.state()["zalo_tokens"]["minted"] == 0


@pytest.mark.parametrize(
    "reply",
    [
        "{}",
        '{"error": 0}',
        '{"access_token": ""}',
        '{"access_token": 5}',
        '{"access_token": "a\\nb"}',
        "[]",
        "",
        "x",
    ],
)
def test_a_renewal_without_a_token_is_an_unknown_outcome(group: Rig, parrot: Parrot, reply: str) -> None:
    parrot.body = reply.encode()
    endpoint = Endpoint("", parrot.url, "", 1.0, 1.0)
    with pytest.raises(OutcomeUnknown):
        oauth.refresh(group.credentials.read(), endpoint)


@pytest.mark.parametrize(
    "rest",
    ["", ', "refresh_token": null', ', "expires_in": "soon"', ', "expires_in": -1', ', "expires_in": "1e9"'],
)
def test_a_new_access_token_is_kept_whatever_comes_with_it(group: Rig, parrot: Parrot, rest: str) -> None:
    """It has killed the old one, so dropping it would lose the account."""
    parrot.body = f'{{"access_token": "new"{rest}}}'.encode()
    renewed = oauth.refresh(group.credentials.read(), Endpoint("", parrot.url, "", 1.0, 1.0))
    assert (renewed["access_token"], renewed["refresh_token"]) == ("new", world.ZALO_REFRESH_TOKEN)
    life = datetime.fromisoformat(renewed["expires_at"]) - datetime.now(UTC)
    assert timedelta(hours=24) < life <= timedelta(hours=25)


def test_one_delivery_renews_a_refused_token_once_only(group: Rig, jpeg: bytes) -> None:
    group.fault("refuse", group.upload, code=-216)
    group.fault("refuse", code=-216)
    with pytest.raises(AuthExpired):
        group.publisher().send(message(image=jpeg))
    assert group.credentials.rotations == 1
    assert group.items() == []


def test_the_oauth_error_may_come_as_text(sandbox: Sandbox) -> None:
    sandbox.settings(zalo_oauth_error_as_string=True, zalo_error_as_string=True)
    rig = zalo_rig(sandbox, refresh_token="unknown")
    with pytest.raises(AuthExpired):
        oauth.refresh(rig.credentials.read(), rig.endpoint)
    assert send(rig, message()).verdict is Verdict.OUT
    with pytest.raises(Rejected):
        ZaloGroupPublisher(rig.remote_id, rig.endpoint, rig.credentials).send(
            message(text="[@x] CB-2026-00123")
        )


def test_the_proof_goes_with_every_call(group: Rig, jpeg: bytes) -> None:
    group.sandbox.settings(zalo_require_proof=True)
    group.publisher().check()
    group.publisher().send(message(image=jpeg))
    assert len(group.items()) == 1


def test_an_expired_picture_is_uploaded_again_and_the_message_sent_once(group: Rig, jpeg: bytes) -> None:
    group.fault("refuse", code=-100)
    group.publisher().send(message(image=jpeg))
    assert group.calls(group.upload) == 2
    assert group.calls(group.publish) == 2
    assert len(group.items()) == 1


def test_a_picture_that_keeps_expiring_is_left_for_later(group: Rig, jpeg: bytes) -> None:
    group.fault("refuse", code=-100, times=0)
    with pytest.raises(Temporary):
        group.publisher().send(message(image=jpeg))
    assert group.calls(group.publish) == 2
    assert group.items() == []


@pytest.mark.parametrize("mention", [f"[@{world.PROVINCE_GROUP.id}]", "[@4310000000000000001]", "[@"])
def test_a_mention_never_reaches_the_group(group: Rig, mention: str) -> None:
    with pytest.raises(Rejected) as caught:
        group.publisher().send(message(text=f"{mention} Mã: CB-2026-00123"))
    assert caught.value.code == "mention"
    assert group.sandbox.requests() == []
    assert group.sandbox.state()["pinged_all"] is False


def test_a_defused_mention_goes_out_and_rings_nobody(group: Rig) -> None:
    group.publisher().send(message(text=f"[ @{world.PROVINCE_GROUP.id}] Mã: CB-2026-00123"))
    assert group.items()[0]["pinged"] == []
    assert group.sandbox.state()["pinged_all"] is False


def test_check_names_the_group_and_its_account(group: Rig) -> None:
    identity = group.publisher().check()
    assert identity.name == world.PROVINCE_GROUP.name
    assert identity.picture_url.startswith(group.sandbox.base_url)
    assert world.ZALO_OA_NAME in identity.detail
    assert str(world.PROVINCE_GROUP.total_member) in identity.detail


def test_check_does_without_the_account_when_that_is_not_permitted(group: Rig) -> None:
    group.fault("refuse", "get_oa", code=-212)
    assert group.publisher().check().name == world.PROVINCE_GROUP.name


@pytest.mark.parametrize("changes", [{"status": "disabled"}, {"oa_member": False}])
def test_a_group_that_is_closed_to_us(group: Rig, changes: dict[str, object]) -> None:
    group.sandbox.group(group.remote_id, **changes)
    with pytest.raises(ChannelGone):
        group.publisher().check()
    with pytest.raises(ChannelGone):
        group.publisher().send(message())


def test_without_a_token_nothing_is_tried(group: Rig) -> None:
    publisher = ZaloGroupPublisher(
        group.remote_id, Endpoint(group.sandbox.zalo_openapi_url), MemoryCredentials({})
    )
    with pytest.raises(AuthExpired):
        publisher.send(message())
    assert group.sandbox.requests() == []


def test_the_longest_text_goes_out_whole(group: Rig) -> None:
    text = "Mã: CB-2026-00123 " + "ế" * (1800 - 18)
    group.publisher().send(message(text=text))
    assert group.items()[0]["text"] == text
    with pytest.raises(Rejected):
        group.publisher().send(message(text=text + "x"))
