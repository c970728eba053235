"""The files of the search as a part of the portal: few with each publication, all with the hourly renewal."""

from collections.abc import Iterable, Iterator

from cms.portal import addresses
from cms.portal.models import PublishedWarning
from cms.portal.search import index
from cms.portal.search.corpus import CORPORA, ENGLISH_ONES, Corpus
from cms.portal.search.rows import block_of

STANDING = addresses.search_data("noi-dung")
ENGLISH_STANDING = addresses.search_data("noi-dung", ENGLISH_ONES.language)
FACETS = ("hinh-thuc", "doi-tuong", "muc", "ngay", "cu")


class SearchSection:
    """A new warning is found at once; a changed word of an old one within the hour."""

    def shared(self) -> Iterable[str]:
        return ()

    def around(self, warning: PublishedWarning) -> Iterator[str]:
        for language in _languages(warning):
            yield addresses.search_data("moi", language)
            for kind in ("dong", "chu"):
                yield addresses.search_data(f"{kind}/{block_of(warning.pk)}", language)

    def later(self, warning: PublishedWarning) -> Iterable[str]:
        return map(addresses.search, _languages(warning))

    def every(self) -> Iterator[str]:
        for corpus in CORPORA.values():
            yield from _every(corpus)
        index.forget()


def _every(corpus: Corpus) -> Iterator[str]:
    language = corpus.language
    yield addresses.search(language)
    # The number of the newest goes first: a shard that is older than it is made up for by the browser.
    yield addresses.search_data("moi", language)
    numbers = corpus.known().order_by("pk").values_list("pk", flat=True)
    for block in sorted({block_of(number) for number in numbers}):
        yield addresses.search_data(f"dong/{block}", language)
        yield addresses.search_data(f"chu/{block}", language)
    for name in corpus.shards:
        yield addresses.search_data(f"tu/{name}", language)
    for name in FACETS:
        yield addresses.search_data(f"loc/{name}", language)
    yield addresses.search_data("tu-dien", language)
    yield addresses.search_data("noi-dung", language)


def _languages(warning: PublishedWarning) -> Iterator[str]:
    return (language for language, corpus in CORPORA.items() if corpus.has_known(warning))
