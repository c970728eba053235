"""Search that forgives missing marks, half words and typing errors, and survives any input.

The same words, the same steps and the same order on the server (finding.py) and in the browser
(static/portal/search/core.js, over the files that index.py makes): docs/decisions/0029-search-in-shards.md.
"""

from cms.portal.search.columns import columns_of
from cms.portal.search.corpus import CORPORA, ENGLISH_ONES, VIETNAMESE, Corpus
from cms.portal.search.filters import NO_FILTERS, Filters, parse_filters
from cms.portal.search.finding import Found, Step, find
from cms.portal.search.words import (
    MAX_INPUT,
    MAX_SHOWN,
    MAX_WORD,
    MAX_WORDS,
    Query,
    folded_column,
    parse,
)

__all__ = [
    "CORPORA",
    "ENGLISH_ONES",
    "MAX_INPUT",
    "MAX_SHOWN",
    "MAX_WORD",
    "MAX_WORDS",
    "NO_FILTERS",
    "VIETNAMESE",
    "Corpus",
    "Filters",
    "Found",
    "Query",
    "Step",
    "columns_of",
    "find",
    "folded_column",
    "parse",
    "parse_filters",
]
