"""The error tables: every code has a class, a Vietnamese sentence, and does over HTTP what the table says."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.translation import override

import pytest

from publishers.adapters.facebook_page import errors as facebook
from publishers.adapters.facebook_page.graph import GraphFailure
from publishers.adapters.verdict import Meaning, Rule, Step, error_class
from publishers.adapters.zalo_group import errors as zalo
from publishers.adapters.zalo_group import oauth
from publishers.adapters.zalo_group.oa import OaFailure
from publishers.contracts import (
    AuthExpired,
    ChannelGone,
    LookupFailed,
    OutcomeUnknown,
    PublishError,
    RateLimited,
    Rejected,
    Temporary,
)
from publishers.kit.sample import message
from publishers.sandbox.server import Sandbox
from tests.contract.driver import facebook_rig, zalo_rig

# (code, subcode) → class on the guarded call: channel-by-channel reading of the vendors' tables.
FACEBOOK: dict[tuple[int, int | None], type[PublishError]] = {
    **{(code, None): RateLimited for code in (4, 17, 32, 341, 613, 80001, 80000, 80014)},
    **{(code, None): OutcomeUnknown for code in (1, 2, 506, 104, 2500, 99999)},
    **{(190, subcode): AuthExpired for subcode in (None, 458, 459, 460, 463, 464, 467, 492, 9)},
    **{(code, None): AuthExpired for code in (3, 10, 102, 200, 210, 299, 368)},
    **{(100, subcode): Rejected for subcode in (None, 1366046, 2061006, 1609005, 1609008, 2069019)},
    (368, 1390008): RateLimited,
    (368, 1404112): AuthExpired,
    (368, 4854002): AuthExpired,
    (200, 1404078): AuthExpired,
    (368, 1346003): Rejected,
    (368, 1404102): Rejected,
    (100, 1366051): OutcomeUnknown,
    (100, 1363047): OutcomeUnknown,
    (100, 1609010): OutcomeUnknown,
    (100, 33): ChannelGone,
}
ZALO: dict[int, type[PublishError]] = {
    -32: RateLimited,
    **dict.fromkeys((-211, -218, -144, -147, -234, -133), RateLimited),
    **dict.fromkeys((-200, -999, -1340, 7), OutcomeUnknown),
    **dict.fromkeys((-204, -205, -209, -212, -219, -221, -223, -224, -242, -320, -321), AuthExpired),
    **dict.fromkeys((-237, -403, -213, -227, -217, -244), ChannelGone),
    **dict.fromkeys((-201, -210, -233, -248), Rejected),
}
RULES: list[Rule] = list(
    {
        id(rule): rule
        for rule in [
            *facebook.SUBCODES.values(),
            *facebook.CODES.values(),
            facebook.UNREACHED,
            facebook.AMBIGUOUS,
            *zalo.CODES.values(),
            zalo.UNREACHED,
            zalo.AMBIGUOUS,
            *oauth.CODES.values(),
            oauth.LOST,
            *(rule for rule in vars(facebook).values() if isinstance(rule, Rule)),
        ]
    }.values()
)


@pytest.mark.parametrize(("code", "subcode"), sorted(FACEBOOK, key=str))
def test_facebook_code_on_the_post(sandbox: Sandbox, code: int, subcode: int | None) -> None:
    rig = facebook_rig(sandbox)
    rig.fault("refuse", code=code, subcode=subcode, status=400)
    with pytest.raises(PublishError) as caught:
        rig.publisher().send(message())
    assert type(caught.value) is FACEBOOK[code, subcode]
    assert caught.value.code == (f"{code}/{subcode}" if subcode else str(code))
    assert rig.items() == []


@pytest.mark.parametrize("code", sorted(ZALO))
def test_zalo_code_on_the_message(sandbox: Sandbox, code: int) -> None:
    rig = zalo_rig(sandbox)
    rig.fault("refuse", code=code)
    with pytest.raises(PublishError) as caught:
        rig.publisher().send(message())
    assert type(caught.value) is ZALO[code]
    assert caught.value.code == str(code)
    assert rig.items() == []


@pytest.mark.parametrize("code", sorted({code for code, _subcode in FACEBOOK}))
def test_a_server_error_with_any_code_is_an_unknown_outcome(sandbox: Sandbox, code: int) -> None:
    """Code 2 on HTTP 500 was seen on posts that stood; no code is trusted there."""
    rig = facebook_rig(sandbox)
    rig.fault("effect_then_error", code=code, status=500)
    with pytest.raises(OutcomeUnknown):
        rig.publisher().send(message())
    assert len(rig.items()) == 1


@pytest.mark.parametrize(
    "code", sorted(set(facebook.CODES) - set(range(201, 299)) - set(range(80002, 80014)))
)
def test_facebook_code_on_read_back_and_check(sandbox: Sandbox, code: int) -> None:
    rig = facebook_rig(sandbox)
    meaning = facebook.CODES[code].meaning
    looked = {Meaning.THROTTLED: RateLimited, Meaning.ACCESS: AuthExpired}.get(meaning, LookupFailed)
    rig.fault("refuse", rig.look, code=code, status=400)
    with pytest.raises(looked):
        rig.publisher().find(message(), datetime.now(UTC))
    rig.fault("refuse", "get_page", code=code, status=400)
    with pytest.raises((Temporary, RateLimited, AuthExpired, Rejected)):
        rig.publisher().check()


@pytest.mark.parametrize("code", sorted(set(zalo.CODES) - {-216, -220, -124}))
def test_zalo_code_on_read_back_and_check(sandbox: Sandbox, code: int) -> None:
    rig = zalo_rig(sandbox)
    meaning = zalo.CODES[code].meaning
    looked = {Meaning.THROTTLED: RateLimited, Meaning.ACCESS: AuthExpired}.get(meaning, LookupFailed)
    rig.fault("refuse", rig.look, code=code)
    with pytest.raises(looked):
        rig.publisher().find(message(), datetime.now(UTC))
    rig.fault("refuse", "get_group", code=code)
    with pytest.raises(PublishError) as caught:
        rig.publisher().check()
    assert not isinstance(caught.value, OutcomeUnknown | LookupFailed)


def test_already_posted_wording_is_a_maybe_not_a_refusal(sandbox: Sandbox) -> None:
    rig = facebook_rig(sandbox)
    rig.fault("refuse", code=368, status=400, message="It looks like this content was already posted.")
    with pytest.raises(OutcomeUnknown):
        rig.publisher().send(message())


def test_a_wrong_app_secret_is_an_access_matter_not_bad_content(sandbox: Sandbox) -> None:
    rig = facebook_rig(sandbox, app_id="1", app_secret="not-the-secret")
    with pytest.raises(AuthExpired):
        rig.publisher().send(message())
    assert rig.items() == []


def test_transient_unknown_code_is_an_unknown_outcome() -> None:
    failure = GraphFailure("x", refused=True, status=400, code=424242)
    assert isinstance(facebook.to_error(failure, Step.PUBLISH), OutcomeUnknown)


def test_regain_time_becomes_the_wait(sandbox: Sandbox) -> None:
    sandbox.settings(facebook_calls_per_hour=1)
    rig = facebook_rig(sandbox)
    rig.publisher().check()
    with pytest.raises(RateLimited) as caught:
        rig.publisher().send(message())
    assert caught.value.retry_after is not None
    assert 60 <= caught.value.retry_after <= 3660
    assert rig.items() == []


def test_zalo_rate_limit_waits_for_the_next_minute(sandbox: Sandbox) -> None:
    sandbox.settings(zalo_calls_per_minute=0)
    with pytest.raises(RateLimited) as caught:
        zalo_rig(sandbox).publisher().send(message())
    assert caught.value.retry_after == 60


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        ("2026-11-22T22:00:00+07:00", 8 * 3600),
        ("2026-11-22T05:59:00+07:00", 60),
        ("2026-11-22T06:00:00+07:00", 86400),
    ],
)
def test_night_ends_at_six_in_vietnam(moment: str, seconds: float) -> None:
    assert zalo.seconds_until_morning(datetime.fromisoformat(moment).astimezone(UTC)) == seconds


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("meaning", Meaning)
def test_every_meaning_has_a_class_at_every_step(meaning: Meaning, step: Step) -> None:
    found = error_class(meaning, step)
    assert (found is OutcomeUnknown) == (meaning is Meaning.AMBIGUOUS and step is Step.PUBLISH)
    assert (found is LookupFailed) <= (step is Step.LOOK)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.sentence)[:40])
def test_every_sentence_is_translated(rule: Rule) -> None:
    with override("en"):
        english = str(rule.sentence)
    with override("vi"):
        vietnamese = str(rule.sentence)
    assert english.isascii() or "→" in english
    assert vietnamese != english
    assert any(letter in vietnamese for letter in "ảạăâđêôơưếệốộ")
    assert len(vietnamese.split(". ")) >= 2 or ";" in vietnamese or ":" in vietnamese, (
        "what happened, and what to do"
    )


def test_unsent_is_never_unknown() -> None:
    assert isinstance(facebook.to_error(GraphFailure("x", left=False), Step.PUBLISH), Temporary)
    assert isinstance(zalo.to_error(OaFailure("x", left=False), Step.PUBLISH), Temporary)
