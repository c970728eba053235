"""What is searched in: the public warnings in one language, and in how many files the browser gets their words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.conf import settings
from django.db.models import Q, QuerySet

from cms.portal import audiences, reading
from cms.portal.models import InEnglish, PublicState, PublishedAudience, PublishedWarning
from cms.portal.presentation import ENGLISH, Card, card, english_card
from cms.portal.reading import TypeEntry, TypeGroup
from cms.portal.search import shards
from cms.portal.search.columns import columns_of
from scam_warnings.snapshot import Named, Snapshot

_CHUNK: Final = 500
_NEWEST: Final = 200
"""Among so many warnings the choices of the filters are looked up."""


class Corpus(ABC):
    """The public warnings in one language; there is one object for each."""

    language: str
    shards: tuple[str, ...]
    """The names of all files of words."""
    hidden: Q
    """Which public rows are not part of it."""

    @abstractmethod
    def rows(self) -> QuerySet[PublishedWarning]:
        """Its warnings."""

    @abstractmethod
    def has_known(self, row: PublishedWarning) -> bool:
        """Whether ``row`` is one of ``known``."""

    @abstractmethod
    def known(self) -> QuerySet[PublishedWarning]:
        """Its warnings, and those that were among them before."""

    @abstractmethod
    def read(
        self, rows: QuerySet[PublishedWarning], texts: Sequence[str], *columns: str
    ) -> Iterator[tuple[tuple[str, ...], tuple[Any, ...]]]:
        """For each of ``rows``, which are its own: its ``texts`` (names of search columns), and ``columns``."""

    @abstractmethod
    def shard(self, word: str) -> str:
        """The name of the file of words that holds the folded ``word``."""

    @abstractmethod
    def card(self, row: PublishedWarning) -> Card:
        """How a result shows ``row``."""

    @abstractmethod
    def types(self) -> list[TypeGroup]:
        """The scam types to choose from."""

    @abstractmethod
    def audiences(self) -> list[tuple[str, str]]:
        """(key, name) of the audiences to choose from."""


class Vietnamese(Corpus):
    """Every public warning; their words stand in columns of their own."""

    language = settings.LANGUAGE_CODE
    shards = shards.NAMES
    hidden = Q(state=PublicState.WITHDRAWN)

    def rows(self) -> QuerySet[PublishedWarning]:
        return reading.listed()

    def known(self) -> QuerySet[PublishedWarning]:
        return PublishedWarning.objects.all()

    def has_known(self, row: PublishedWarning) -> bool:
        return True

    def read(
        self, rows: QuerySet[PublishedWarning], texts: Sequence[str], *columns: str
    ) -> Iterator[tuple[tuple[str, ...], tuple[Any, ...]]]:
        for row in rows.values_list(*texts, *columns).iterator(chunk_size=_CHUNK):
            yield row[: len(texts)], row[len(texts) :]

    def shard(self, word: str) -> str:
        return shards.shard(word)

    def card(self, row: PublishedWarning) -> Card:
        return card(row)

    def types(self) -> list[TypeGroup]:
        return reading.type_groups()

    def audiences(self) -> list[tuple[str, str]]:
        newest = self.rows().order_by("-pk").values("pk")[:_NEWEST]
        rows = PublishedAudience.objects.filter(warning__in=newest).exclude(key__in=audiences.INTERNAL)
        names = dict(rows.order_by("warning_id").values_list("key", "name"))
        return sorted(names.items(), key=lambda item: item[1])


class English(Corpus):
    """The warnings with an English version, few beside the others: their words are taken from what was sealed."""

    language = ENGLISH
    shards = shards.LETTERS
    hidden = Q(state=PublicState.WITHDRAWN) | ~Q(english=InEnglish.NOW)

    def rows(self) -> QuerySet[PublishedWarning]:
        return reading.in_english()

    def known(self) -> QuerySet[PublishedWarning]:
        return PublishedWarning.objects.exclude(english=InEnglish.NEVER)

    def has_known(self, row: PublishedWarning) -> bool:
        return row.english != InEnglish.NEVER

    def read(
        self, rows: QuerySet[PublishedWarning], texts: Sequence[str], *columns: str
    ) -> Iterator[tuple[tuple[str, ...], tuple[Any, ...]]]:
        for sealed, *values in rows.values_list("snapshot", *columns).iterator(chunk_size=_CHUNK):
            said = Snapshot.from_json(sealed).in_english()
            if said is not None:
                found = columns_of(said)
                yield tuple(found[name] for name in texts), tuple(values)

    def shard(self, word: str) -> str:
        return shards.letter(word)

    def card(self, row: PublishedWarning) -> Card:
        return english_card(row)

    def types(self) -> list[TypeGroup]:
        newest = self._newest()
        counts = Counter(said.scam_type.key for said in newest)
        groups: dict[str, Named] = {}
        types: dict[str, dict[str, TypeEntry]] = {}
        for said in newest:
            kind, group = said.scam_type, said.scam_type_group.key
            groups.setdefault(group, said.scam_type_group)
            entry = TypeEntry(kind.key, kind.name, said.official_no, counts[kind.key])
            types.setdefault(group, {}).setdefault(kind.key, entry)
        order = sorted(groups, key=lambda key: (reading.handbook_place(key), groups[key].name))
        return [
            TypeGroup(
                key, groups[key].name, tuple(sorted(types[key].values(), key=reading.in_handbook_order))
            )
            for key in order
        ]

    def audiences(self) -> list[tuple[str, str]]:
        names = {
            entry.key: entry.name for said in reversed(self._newest()) for entry in audiences.public(said)
        }
        return sorted(names.items(), key=lambda item: item[1])

    def _newest(self) -> list[Snapshot]:
        sealed = self.rows().order_by("-pk").values_list("snapshot", flat=True)[:_NEWEST]
        return [said for row in sealed if (said := Snapshot.from_json(row).in_english()) is not None]


VIETNAMESE: Final = Vietnamese()
ENGLISH_ONES: Final = English()
CORPORA: Final[dict[str, Corpus]] = {corpus.language: corpus for corpus in (VIETNAMESE, ENGLISH_ONES)}
