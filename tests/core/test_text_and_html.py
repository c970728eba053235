"""The text and HTML gates: hostile and Vietnamese input."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.core.http import scrub
from cms.core.sanitise import INLINE, RICH_TEXT, clean_html, is_official_host, plain_text
from cms.core.text import clip, fold, nfc, slug, utf16_length

VECTORS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" &#106;avascript:alert(1)">x</a>',
    '<a href="data:text/html;base64,PHN2Zz4=">x</a>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<p style='background:url(javascript:alert(1))' onclick=alert(1)>x</p>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<a href='https://a.gov.vn@evil.example'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<object data='x'></object><embed src='x'>",
]


@pytest.mark.parametrize("vector", VECTORS)
@pytest.mark.parametrize("profile", [RICH_TEXT, INLINE])
def test_no_vector_survives(vector, profile):
    cleaned = clean_html(f"<p>trước {vector} sau</p>", profile)
    for sign in (
        "<script",
        "onerror",
        "onclick",
        "onload",
        "javascript:",
        "<iframe",
        "<svg",
        "style=",
        'evil.example"',
        "data:",
    ):
        assert sign not in cleaned.lower()
    assert "trước" in cleaned


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing(markup):
    once = clean_html(markup)
    assert clean_html(once) == once


@pytest.mark.parametrize(
    ("host", "official"),
    [
        ("gov.vn", True),
        ("a.b.gov.vn", True),
        ("gov.vn.evil.com", False),
        ("evilgov.vn", False),
        ("bocongan.gov.vn.", True),
    ],
)
def test_official_hosts(host, official):
    assert is_official_host(host) is official


def test_plain_text_drops_script_and_keeps_words():
    assert plain_text("<p>Hoà &amp; <b>bình</b></p><script>x</script>") == "Hoà & bình"


def test_plain_text_keeps_blocks_apart():
    assert plain_text("<p>Một</p><ul><li>hai</li><li>ba</li></ul>bốn<br>năm") == "Một\nhai\nba\nbốn\nnăm"


@given(st.text(max_size=200))
def test_normal_form(text):
    assert unicodedata.is_normalized("NFC", nfc(text))
    assert nfc(nfc(text)) == nfc(text)
    assert "\x00" not in nfc(text)


@given(st.text(max_size=200))
def test_slugs_are_ascii(text):
    made = slug(text)
    assert made.isascii()
    assert len(made) <= 80
    assert not made.startswith("-")
    assert not made.endswith("-")


def test_d_with_stroke_is_kept():
    assert slug("Lừa đảo Đà Nẵng") == "lua-dao-da-nang"
    assert fold("ĐẶNG Hoà") == "dang hoa"


@given(st.text(max_size=300), st.integers(1, 200))
def test_clipping_never_exceeds(text, limit):
    assert utf16_length(clip(text, limit)) <= max(limit, 1)


@pytest.mark.parametrize(
    "text",
    [
        "https://graph.example/v25.0/1/feed?access_token=CANARY&x=1",
        '{"refresh_token": "CANARY", "a": 1}',
        "Authorization: Bearer CANARY",
        "secret_key=CANARY",
        "appsecret_proof: CANARY",
    ],
)
def test_no_token_survives_scrubbing(text):
    assert "CANARY" not in scrub(text)
