"""Waits: bounded, growing, never shorter than what the platform asks."""

import math

from hypothesis import given
from hypothesis import strategies as st

from publishers import backoff

SECONDS = st.floats(min_value=0.1, max_value=3600)
ASKED = st.none() | st.floats(allow_nan=True, allow_infinity=True)


@given(attempt=st.integers(-5, 10_000), base=SECONDS, draw=st.floats(0, 1), asked=ASKED)
def test_a_retry_waits_between_what_was_asked_and_the_cap(attempt, base, draw, asked):
    wait = backoff.retry_delay(attempt, base, draw=draw, retry_after=asked)
    least = backoff.asked_for(asked)
    assert least <= wait <= max(backoff.CAP, least)


@given(base=SECONDS, attempt=st.integers(1, 40))
def test_the_ceiling_doubles_until_the_cap(base, attempt):
    now = backoff.retry_delay(attempt, base, draw=1)
    later = backoff.retry_delay(attempt + 1, base, draw=1)
    assert later == min(backoff.CAP, 2 * now)
    assert backoff.retry_delay(attempt, base, draw=0) == 0


@given(asked=ASKED)
def test_a_throttle_waits_at_least_a_second_and_at_most_a_day(asked):
    assert 1 <= backoff.rate_limit_delay(asked) <= backoff.LONGEST
    if asked is None or not math.isfinite(asked) or asked < 0:
        assert backoff.rate_limit_delay(asked) == backoff.RATE_LIMIT


@given(looks=st.integers(0, 100), grace=SECONDS)
def test_looks_come_ever_more_slowly_and_never_before_the_grace(looks, grace):
    assert grace <= backoff.look_delay(looks, grace) <= backoff.look_delay(looks + 1, grace)
    assert backoff.look_delay(looks, grace) <= max(grace, backoff.CAP)


def test_the_three_looks_wait_one_two_and_four_graces():
    assert [backoff.look_delay(looks, 60) for looks in range(backoff.EMPTY_LOOKS)] == [60, 120, 240]


@given(failures=st.integers(0, 50), grace=SECONDS, asked=ASKED)
def test_a_failed_look_waits_at_least_as_long_as_asked(failures, grace, asked):
    assert backoff.failed_look_delay(failures, grace, retry_after=asked) >= backoff.asked_for(asked)
