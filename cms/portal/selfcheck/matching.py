"""What the browser compares a pasted message with: one file of bounded size, the same for every reader.

The whole file is fetched before anything is typed, so that no request tells what was pasted.
"""

import math
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final

from cms.portal.models import PublishedWarning
from cms.portal.reading import listed
from cms.portal.search.words import folded_words
from cms.portal.selfcheck.content import SelfCheck

NEWEST: Final = 120
OF_EACH_TYPE: Final = 2
TYPES: Final = 60
TERMS: Final = 24
"""Pairs of words kept of each warning: those that tell it from the others."""


def message_file(check: SelfCheck) -> dict[str, Any]:
    """Signs, and the newest warnings (and some of each scam type) with the pairs of words that mark them."""
    warnings = _chosen()
    found = [_pairs(warning) for warning in warnings]
    spread = Counter(pair for pairs in found for pair in pairs)
    return {
        "signs": [
            {
                "key": sign.key,
                "weight": sign.weight,
                "label": sign.label,
                "phrases": [" ".join(folded_words(phrase)) for phrase in sign.phrases],
            }
            for sign in check.signs
        ],
        "warnings": [
            {
                "slug": warning.slug,
                "title": warning.title,
                "severity": warning.severity,
                "type": warning.scam_type_name,
                "terms": _terms(pairs, spread, len(warnings)),
            }
            for warning, pairs in zip(warnings, found, strict=True)
        ],
    }


def _chosen() -> list[PublishedWarning]:
    in_force = listed().filter(is_old=False)
    chosen = {warning.pk: warning for warning in in_force[:NEWEST]}
    keys = listed().order_by("scam_type_key").values_list("scam_type_key", flat=True).distinct()[:TYPES]
    for key in keys:
        for warning in listed().filter(scam_type_key=key)[:OF_EACH_TYPE]:
            chosen[warning.pk] = warning
    return sorted(chosen.values(), key=lambda warning: -warning.pk)


def _pairs(warning: PublishedWarning) -> Counter[str]:
    content = warning.content()
    pairs: Counter[str] = Counter()
    weighted: tuple[tuple[int, Iterable[str]], ...] = (
        (3, [content.sample_message]),
        (2, [content.title, content.summary]),
        (1, [*content.how_it_works, *content.warning_signs]),
    )
    for weight, texts in weighted:
        for text in texts:
            words = folded_words(text)
            for pair in pairwise(words):
                pairs[" ".join(pair)] += weight
    return pairs


def _terms(pairs: Counter[str], spread: Counter[str], number: int) -> list[list[Any]]:
    worth = {pair: count * math.log(1 + number / spread[pair]) for pair, count in pairs.items()}
    best = sorted(worth, key=lambda pair: (-worth[pair], pair))[:TERMS]
    # Whole tenths: the same bytes on every machine.
    return [[pair, round(10 * math.log(1 + number / spread[pair]))] for pair in best]
