"""Test plan S6, S12, S13: whatever stands in a query, no page fails and nobody is sent to another site."""

import os
from collections.abc import Iterator
from urllib.parse import quote_plus, urlsplit

from django.http import HttpResponse
from django.test import Client

import pytest

from tests.permissions.addresses import Address, addresses
from tests.permissions.conftest import taken_back
from tests.permissions.world import World

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quiet")]
WHOLE = bool(os.environ.get("KENG_WHOLE_MATRIX"))
ENDS = ("account_logout", "wagtailadmin_logout", "wagtailadmin_error_test", "readyz")

NAMES = (
    # Ours.
    *("q", "p", "trang", "thang", "state", "kind", "who", "place", "code", "error", "error_code", "oa_id"),
    *("loai", "doi-tuong", "muc", "tu-ngay", "den-ngay", "ma", "so", "nam", "all", "export", "id"),
    # Wagtail's and Django's.
    *(
        "page",
        "ordering",
        "order",
        "order_by",
        "locale",
        "site",
        "tag",
        "type",
        "content_type",
        "collection_id",
    ),
    *("page_type", "root_page_id", "parent_page_id", "mode", "layout", "offset", "limit", "fields", "search"),
    *("child_of", "descendant_of", "ancestor_of", "translation_of", "rich_text_format", "multiple", "width"),
    *(
        "height",
        "position",
        "query",
        "search_operator",
        "html_path",
        "user_perms",
        "link_url",
        "select_format",
    ),
    *(
        "action",
        "user",
        "object_type",
        "label",
        "timestamp_after",
        "timestamp_before",
        "date_from",
        "date_to",
    ),
    *(
        "object_id",
        "timestamp_from",
        "timestamp_to",
        "created_at_from",
        "created_at_to",
        "latest_revision_created_at_to",
    ),
)
LEADING_AWAY = ("next", "url", "return", "return_to", "redirect", "redirect_to", "back", "to", "continue")
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "http://127.0.0.1:8000@evil.example/",
    "/%09/evil.example",
    "\thttps://evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://evil.example%00.congan.example/",
)
HOSTILE = (
    "\x00",
    "'\"><script>",
    "%",
    "-1",
    "99999999999999999999999",
    "1e400",
    "٣",
    "0x10",
    "../../../etc/passwd",
    "{{7*7}}${7*7}",
    "' OR 1=1 --",
    '" AND NEAR( *',
    "\udcff",
    "a" * 20_000,
    "2026-02-31",
    "0000-00-00",
    "[]",
    "NaN",
    "ﬀ\u0301\u202e",
)


def asked(world: World, path: str, who: Client, names: tuple[str, ...], value: str) -> HttpResponse:
    """The answer to ``path`` with ``value`` under every one of ``names``."""
    written = quote_plus(value.encode("utf-8", "surrogateescape"))
    joined = "&".join(f"{name}={written}" for name in names)
    with taken_back():
        return who.get(f"{path}{'&' if '?' in path else '?'}{joined}")


def chosen(values: tuple[str, ...], place: int) -> Iterator[str]:
    """In a usual run two values for each address, other ones for its neighbours; with the whole matrix, all."""
    if WHOLE:
        yield from values
        return
    yield values[place % len(values)]
    yield values[(place * 7 + 3) % len(values)]


def answers(
    world: World, person: str, names: tuple[str, ...], values: tuple[str, ...]
) -> Iterator[tuple[Address, str, HttpResponse]]:
    """What ``person`` gets from every address with the values chosen for it."""
    who = world.client(person)
    for place, address in enumerate(addresses()):
        if address.view in ENDS:
            continue
        states = address.states(world)
        path = address.path(world, "published" if "published" in states else states[0])
        for value in chosen(values, place):
            yield address, value, asked(world, path, who, names, value)


@pytest.mark.parametrize("person", ["anonymous", "superuser"])
def test_no_parameter_breaks_a_page(world: World, person: str) -> None:
    broken = [
        f"{address.name}: {value[:30]!r}: {answer.status_code}"
        for address, value, answer in answers(world, person, NAMES, HOSTILE)
        if answer.status_code >= 500
    ]
    assert broken == []


@pytest.mark.parametrize("person", ["anonymous", "superuser"])
def test_nobody_is_led_to_another_site(world: World, person: str) -> None:
    led = []
    for address, value, answer in answers(world, person, LEADING_AWAY, ELSEWHERE):
        to = answer.headers.get("Location", "")
        # What a browser makes of it: tabs vanish, a backslash is a slash.
        seen = urlsplit(to.replace("\t", "").replace("\\", "/"))
        ours = seen.netloc in ("", "testserver", "127.0.0.1:8000") and seen.scheme in ("", "http", "https")
        if answer.status_code >= 500 or not ours:
            led.append(f"{address.name}: {value!r}: {answer.status_code} {to}")
    assert led == []
