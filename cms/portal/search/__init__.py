"""Search that forgives missing marks, half words and typing errors, and survives any input.

The same words, the same steps and the same order on the server (finding.py) and in the browser
(static/portal/search/core.js, over the files that index.py makes): docs/decisions/0029-search-in-shards.md.
"""

from cms.portal.search.filters import NO_FILTERS, Filters, parse_filters
from cms.portal.search.finding import Found, Step, find
from cms.portal.search.words import (
    MAX_INPUT,
    MAX_SHOWN,
    MAX_WORD,
    MAX_WORDS,
    Query,
    folded_column,
    marked_column,
    parse,
)

__all__ = [
    "MAX_INPUT",
    "MAX_SHOWN",
    "MAX_WORD",
    "MAX_WORDS",
    "NO_FILTERS",
    "Filters",
    "Found",
    "Query",
    "Step",
    "find",
    "folded_column",
    "marked_column",
    "parse",
    "parse_filters",
]
