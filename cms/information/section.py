"""Which finished files standing content has, and which of them change when."""

from collections.abc import Iterable, Iterator

from cms.information import reading
from cms.information.kinds import ENGLISH, FOLDERS, Kind, item_path, list_path
from cms.information.models import Edition
from cms.information.selfcheck.public import check_of
from cms.portal import addresses
from cms.portal.models import PublishedWarning
from cms.portal.search.section import ENGLISH_STANDING, STANDING
from cms.portal.sections import Section
from cms.portal.selfcheck import section as self_check
from cms.portal.sitemap import files


class InformationSection(Section):
    """Handbook, law, results, collections, about: renewed by their own approvals, collections also by a warning."""

    def shared(self) -> Iterable[str]:
        """Nothing: a publication of a warning changes no standing page but the collections that show it."""
        return ()

    def around(self, warning: PublishedWarning) -> Iterator[str]:
        """The collections that show ``warning``."""
        shown = Edition.objects.filter(is_current=True, withdrawn=False, item__featured__page=warning.page_id)
        for edition in shown:
            yield item_path(edition.kind, edition.slug)

    def later(self, warning: PublishedWarning) -> Iterable[str]:
        """Nothing."""
        return ()

    def every(self) -> Iterator[str]:
        """Every list, every page."""
        yield f"/{ENGLISH}/"
        for kind in FOLDERS:
            yield list_path(kind)
        in_english = set()
        for edition in Edition.objects.filter(is_current=True):
            yield from _own(edition)
            if ENGLISH in edition.content and not edition.withdrawn:
                in_english.add(edition.kind)
        for kind in FOLDERS:
            if kind in in_english:
                yield list_path(kind, ENGLISH)


def pages() -> Iterator[str]:
    """For the sitemap: every list with something in it, every page that is not withdrawn."""
    yield f"/{ENGLISH}/"
    lists = set()
    for edition in Edition.objects.filter(is_current=True, withdrawn=False).order_by("kind", "slug"):
        yield from _own(edition)
        if edition.kind in FOLDERS:
            lists |= {list_path(edition.kind, language) for language in reading.languages(edition)}
    yield from sorted(lists)


def paths_of(edition: Edition) -> list[str]:
    """What the approval or withdrawal of ``edition`` changes."""
    found = [*_own(edition), STANDING, files.PAGES]
    if edition.kind in FOLDERS:
        found.append(list_path(edition.kind))
    if edition.kind == Kind.SELF_CHECK:
        found += _of_self_check(edition)
    if edition.kind == Kind.SCAM_TYPE:
        found.append(addresses.TYPES)
    # Also when only an earlier edition spoke English: its pages go.
    if Edition.objects.filter(item=edition.item_id, content__has_key=ENGLISH).exists():
        found += [item_path(edition.kind, edition.slug, ENGLISH), f"/{ENGLISH}/", ENGLISH_STANDING]
        found += [list_path(edition.kind, ENGLISH)] if edition.kind in FOLDERS else []
    return list(dict.fromkeys(found))


def changes_every_page(edition: Edition) -> bool:
    """Whether menus change with ``edition``: the self-check comes, or goes."""
    if edition.kind != Kind.SELF_CHECK:
        return False
    before = Edition.objects.filter(item=edition.item_id, number__lt=edition.number).first()
    return (before is None or before.withdrawn) != edition.withdrawn


def _of_self_check(edition: Edition) -> Iterator[str]:
    """Its pages and those of the edition before: what no longer exists goes."""
    yield from (addresses.MESSAGE_CHECK, addresses.MESSAGE_DATA)
    for row in Edition.objects.filter(item=edition.item_id, number__lte=edition.number)[:2]:
        yield from self_check.steps(check_of(row))


def _own(edition: Edition) -> Iterator[str]:
    for language in reading.shown_in(edition):
        yield item_path(edition.kind, edition.slug, language)
