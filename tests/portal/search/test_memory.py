"""What the server keeps in memory is what a fresh reading of everything would give, whatever happened in between."""

import datetime as dt
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.portal import search
from cms.portal.models import PublishedWarning
from cms.portal.publishing import PortalBackend
from cms.portal.search import memory, spelling
from scam_warnings.snapshot import Named
from tests.portal import factories


class Undone(Exception):
    """Takes a transaction back."""


DAY = timezone.make_aware(dt.datetime(2026, 10, 1, 9))


def held(kept: memory.Memory) -> dict[str, Any]:
    """All that ``kept`` answers, by the numbers of the warnings."""

    def numbers(bits: int) -> list[int]:
        return [kept.numbers[place] for place in memory.places_of(bits)]

    return {
        "everything": numbers(kept.everything),
        "old": numbers(kept.old),
        "words": {
            column: {word: numbers(bits) for word, bits in words.items()}
            for column, words in kept.words.items()
        },
        "facets": {key: numbers(bits) for key, bits in kept.facets.items()},
        "known": list(kept.known().items()),
        "titles": [kept.titles["title_marked"][place] for place in memory.places_of(kept.everything)],
    }


def release_again(code: str, title: str, *, withdrawn: bool = False) -> None:
    row = PublishedWarning.objects.get(code=code)
    content = replace(row.content(), title=title, audiences=(Named("phu-nu", "Phụ nữ"),))
    message = factories.release(content, page=row.page)
    payload = row.page.releases.get(number=row.release_number + 1).payloads.get()
    payload.data |= {"withdrawn": withdrawn}
    payload.save(update_fields=["data"])
    PortalBackend().publish(replace(message, data=dict(payload.data)))


@pytest.mark.django_db
def test_it_follows_every_change() -> None:
    kept = memory.Memory()
    kept.update()
    for number, title in enumerate(("Vé máy bay rẻ", "Vé xe rẻ", "Giả danh thuế"), 1):
        factories.publish(
            factories.snapshot(title, reference=f"CB-2026-0080{number}"),
            sealed_at=DAY + dt.timedelta(days=number),
        )
        kept.update()
    release_again("CB-2026-00802", "Vé tàu hỏa rẻ")
    kept.update()
    release_again("CB-2026-00801", "Vé máy bay rẻ", withdrawn=True)
    kept.update()
    PublishedWarning.objects.filter(code="CB-2026-00803").update(is_old=True)
    kept.update()
    anew = memory.Memory()
    anew.update()
    assert held(kept) == held(anew)
    assert not kept.word("title_folded", "xe")
    assert not kept.word("title_folded", "may")
    release_again("CB-2026-00801", "Vé máy bay rẻ")
    kept.update()
    again = memory.Memory()
    again.update()
    assert held(kept) == held(again)
    assert kept.word("title_folded", "may")


@pytest.mark.django_db
def test_a_restored_older_database_is_read_anew() -> None:
    factories.publish(factories.snapshot("Vé xe rẻ", reference="CB-2026-00821"))
    kept = memory.Memory()
    with suppress(Undone), transaction.atomic():
        factories.publish(factories.snapshot("Vé tàu rẻ", reference="CB-2026-00822"))
        kept.update()
        assert kept.word("title_folded", "tau")
        raise Undone
    kept.update()
    anew = memory.Memory()
    anew.update()
    assert held(kept) == held(anew)
    assert kept.numbers == anew.numbers


@pytest.mark.django_db
def test_a_search_finds_what_changed_just_before() -> None:
    factories.publish(factories.snapshot("Vé xe rẻ", reference="CB-2026-00811"))
    assert search.find(search.parse("xe re"), 0, 5).total == 1
    release_again("CB-2026-00811", "Vé tàu rẻ")
    assert search.find(search.parse("xe re"), 0, 5).total == 0
    assert search.find(search.parse("vé tàu rẻ"), 0, 5).total == 1
    release_again("CB-2026-00811", "Vé tàu rẻ", withdrawn=True)
    assert search.find(search.parse("vé tàu rẻ"), 0, 5).total == 0


@pytest.mark.django_db
def test_a_search_asks_the_database_three_times_and_reads_no_text() -> None:
    factories.many(3)
    search.find(search.parse("lua dao"), 0, 5)
    with CaptureQueriesContext(connection) as asked:
        assert search.find(search.parse("lua dap"), 0, 5).total == 3
    assert len(asked) == 3
    assert not any(" LIKE " in query["sql"] for query in asked)


@given(places=st.sets(st.integers(0, 3000)))
def test_bits_and_places_are_the_same(places: set[int]) -> None:
    bits = memory.bits_of(places)
    assert bits.bit_count() == len(places)
    assert memory.places_of(bits) == sorted(places, reverse=True)


@given(
    word=st.text("abcdenhg", min_size=3, max_size=10),
    titles=st.lists(st.text("abcdenhg ", min_size=1, max_size=20), max_size=20),
)
def test_comparing_letters_first_leaves_no_nearest_word_out(word: str, titles: list[str]) -> None:
    known = spelling.vocabulary(titles)
    allowed = 2 if len(word) >= spelling.LONG else 1
    near = {other for other in known if spelling.distance(word, other, allowed) <= allowed}
    found = spelling.meant(word, known)
    if word in known or not near:
        assert len(found) != 1
    elif len(found) == 1:
        assert found[0] in near
    else:
        assert len(found) == 2
        assert "".join(found) == word
