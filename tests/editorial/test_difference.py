"""The difference of two texts: nothing gets lost, nothing is made up."""

from itertools import pairwise

from django.template.loader import render_to_string
from django.utils.html import strip_tags

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.editorial import difference

# Few letters make texts that have much in common; the second kind is anything at all.
SIMILAR = st.text(alphabet="ab đ.\n", max_size=60)
TEXTS = SIMILAR | st.text(max_size=40)
LONG = st.lists(st.sampled_from(["một", "hai", "ba.", "\n", " ", "  "]), max_size=150).map("".join)


@given(TEXTS | LONG, TEXTS | LONG)
def test_the_pieces_give_back_both_texts_exactly(old, new):
    for pieces in (
        difference.difference(old, new),
        difference.folded(difference.difference(old, new)),
    ):
        assert difference.old_of(pieces) == old
        assert difference.new_of(pieces) == new


@given(LONG, LONG)
def test_no_two_changes_of_a_kind_follow_each_other_and_none_is_empty(old, new):
    pieces = difference.difference(old, new)
    assert all(piece.text for piece in pieces)
    kinds = [piece.kind for piece in pieces]
    assert not any(a == b for a, b in pairwise(kinds))


def test_whole_words_change_not_letters():
    pieces = difference.difference("Gọi số 156 ngay.", "Gọi số 5656 ngay.")
    assert [(p.kind, p.text) for p in pieces if p.kind != difference.SAME] == [
        (difference.REMOVED, "156"),
        (difference.ADDED, "5656"),
    ]


def test_a_changed_phrase_reads_as_one_change():
    pieces = difference.difference("Hãy tắt máy ngay", "Hãy gọi ngân hàng ngay")
    changed = [p.text for p in pieces if p.kind != difference.SAME]
    assert changed == ["tắt máy", "gọi ngân hàng"]


def test_only_long_unchanged_parts_are_folded():
    long = " ".join(f"từ{number}" for number in range(100))
    pieces = difference.folded(difference.difference(f"Cũ {long} cũ", f"Mới {long} mới"))
    [fold] = [piece for piece in pieces if piece.kind == difference.FOLDED]
    assert fold.words == 100 - 2 * difference.CONTEXT
    short = difference.folded(difference.difference("Cũ một hai ba cũ", "Mới một hai ba mới"))
    assert difference.FOLDED not in {piece.kind for piece in short}


def rendered(old: str, new: str) -> str:
    pieces = difference.folded(difference.difference(old, new))
    return render_to_string("editorial/_difference.html", {"pieces": pieces})


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ x }}"]
)
def test_hostile_text_is_shown_not_run(hostile):
    for html in (rendered("", hostile), rendered(hostile, ""), rendered(hostile, hostile)):
        assert "<script" not in html
        assert "<img" not in html


def test_changes_are_said_in_words_and_marked_in_the_markup():
    html = rendered("Gọi 113.", "Gọi 156.")
    assert "<ins>" in html
    assert "<del>" in html
    text = strip_tags(html)
    assert text.index("[bỏ:") < text.index("113") < text.index("[thêm:") < text.index("156")
