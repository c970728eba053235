"""Composing channel texts, counting SMS, snapshots, reference codes: properties over wide input."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.core.text import mentions_reference, utf16_length
from scam_warnings import compose
from scam_warnings.counted import CLOSING_RESERVE
from scam_warnings.references import next_code, release_reference
from scam_warnings.seed import read_data
from scam_warnings.sms import count_sms

texts = st.text(max_size=3000)


@given(texts)
def test_the_closing_lines_are_never_cut(body):
    code = "CB-2026-00123"
    whole = compose.with_closing(
        body, limit=500, hashtags=["#CanhBao"], link="https://x.gov.vn/cb/1/", reference=code
    )
    assert utf16_length(whole) <= 500
    assert whole.endswith(f"Chi tiết: https://x.gov.vn/cb/1/\nMã: {code}")
    assert mentions_reference(whole, code)


@given(st.text(max_size=120))
def test_a_made_sms_always_fits_one_plain_message(title):
    count = count_sms(compose.sms_text(title))
    assert count.plain
    assert count.parts == 1


@given(texts)
def test_no_mention_token_survives(text):
    assert "[@" not in compose.without_mentions(text)


@given(st.from_regex(r"https?://[a-z0-9-]{1,20}\.(vn|com|example)(/[a-z0-9]{0,9})?", fullmatch=True))
def test_a_quoted_address_is_never_clickable(address):
    assert not re.search(r"https?://", compose.neutral_sample(f"Bấm {address} ngay"))


@pytest.mark.parametrize(
    ("text", "units", "parts", "plain"),
    [
        ("a" * 160, 160, 1, True),
        ("a" * 161, 161, 2, True),
        ("€" * 80, 160, 1, True),
        ("ă" * 70, 70, 1, False),
        ("ă" * 71, 71, 2, False),
        ("", 0, 0, True),
    ],
)
def test_sms_parts(text, units, parts, plain):
    count = count_sms(text)
    assert (count.units, count.parts, count.plain) == (units, parts, plain)


def test_every_seed_text_fits_its_channel():
    for row in read_data("warnings.json"):
        assert utf16_length(row["facebook_text"]) <= compose.FACEBOOK_LIMIT - CLOSING_RESERVE
        assert utf16_length(row["zalo_text"]) <= compose.ZALO_LIMIT - CLOSING_RESERVE
        assert count_sms(row["sms_text"]).parts == 1


@pytest.mark.django_db
def test_codes_are_never_given_twice():
    codes = [next_code() for _ in range(20)]
    assert len(set(codes)) == 20
    assert release_reference(codes[0], 1) == codes[0]
    assert not mentions_reference(f"Mã: {release_reference(codes[0], 2)}", codes[0])


@settings(max_examples=30, deadline=None)
@given(first=st.integers(1, 50), second=st.integers(1, 50))
def test_a_release_is_found_by_its_own_code_only(first, second):
    text = f"Mã: {release_reference('CB-2026-00123', first)}."
    assert mentions_reference(text, release_reference("CB-2026-00123", second)) == (first == second)
