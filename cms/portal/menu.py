"""The links of header and footer: one list, to which every part of the portal adds its own.

A link is shown when its address exists and is open, so a part that is not installed, or has nothing approved yet,
leaves no dead end.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Place(StrEnum):
    """Where a link stands."""

    MAIN = "main"
    TASK = "task"
    """Home, below the urgent warning: what somebody in trouble came for."""
    LOOK_UP = "look_up"
    AGENCY = "agency"
    FOLLOW = "follow"
    REPORT = "report"
    LANGUAGE = "language"
    ENGLISH_MAIN = "english_main"
    """These three on the pages below /en/, after what every portal has there."""
    ENGLISH_TASK = "english_task"
    ENGLISH_FOOTER = "english_footer"


@dataclass(frozen=True, slots=True)
class Link:
    """One link; ``name`` is the URL name, ``section`` what a page says of itself to be marked as current."""

    place: Place
    order: int
    label: str | Promise
    name: str
    section: str = ""
    fragment: str = ""
    icon: str = ""
    hint: str | Promise = ""
    language: str = ""
    """Of the page behind the link, where it is another one."""
    is_open: Callable[[], bool] | None = None
    """Asked each time, where the page behind the link may have nothing to show."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A link with its address."""

    link: Link
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the footer and its links."""

    heading: str | Promise
    links: tuple[Shown, ...]


_HEADINGS: dict[Place, str | Promise] = {
    Place.LOOK_UP: _("Look up"),
    Place.AGENCY: _("About the agency"),
    Place.FOLLOW: pgettext_lazy("portal", "Follow"),
    Place.REPORT: _("Report something"),
}

_links: list[Link] = [
    Link(Place.MAIN, 10, _("Warnings"), "portal:list", "list"),
    Link(Place.MAIN, 20, pgettext_lazy("portal", "Types"), "portal:types", "types"),
    Link(Place.MAIN, 80, _("By audience"), "portal:audiences", "audiences"),
    Link(Place.MAIN, 90, _("Search"), "portal:search", "search", icon="search"),
    Link(
        Place.TASK,
        10,
        _("Been scammed? Do this now"),
        "portal:home",
        fragment="khi-da-bi-lua",
        icon="help",
        hint=_("Call the bank, keep the evidence, report it."),
    ),
    Link(
        Place.TASK,
        50,
        _("Which scam did I meet?"),
        "portal:types",
        icon="eye",
        hint=_("The scam types, each with its signs."),
    ),
    Link(
        Place.TASK,
        60,
        _("Protect your family"),
        "portal:audiences",
        icon="people",
        hint=_("Older people, parents, pupils, shops …"),
    ),
    Link(Place.LOOK_UP, 10, _("All warnings"), "portal:list"),
    Link(Place.LOOK_UP, 20, _("Scam types"), "portal:types"),
    Link(Place.LOOK_UP, 30, _("By audience"), "portal:audiences", "audiences"),
    Link(Place.LOOK_UP, 90, _("Search"), "portal:search"),
    Link(Place.AGENCY, 80, _("Corrections log"), "portal:corrections", "corrections"),
    Link(Place.FOLLOW, 80, _("RSS feed"), "portal:rss"),
    Link(Place.REPORT, 10, _("If you are a victim"), "portal:home", fragment="khi-da-bi-lua"),
]


def register(*links: Link) -> None:
    """Add the links of a part; called once, when its app is ready."""
    _links.extend(links)


class Menu:
    """The menu of one page: whether a part is open is asked once, however many links lead there."""

    def __init__(self, *, asks: bool = True) -> None:
        """Without ``asks``, for pages that must not need the database, what would have to be asked is closed."""
        self._asks = asks
        self._answers: dict[Callable[[], bool], bool] = {}

    def shown(self, place: Place) -> tuple[Shown, ...]:
        """The links of ``place`` whose address exists and is open, in their order."""
        return tuple(
            self._resolved(link for link in sorted(_links, key=attrgetter("order")) if link.place is place)
        )

    def footer(self) -> tuple[Group, ...]:
        """The groups of the footer that have a link."""
        groups = (Group(heading, self.shown(place)) for place, heading in _HEADINGS.items())
        return tuple(group for group in groups if group.links)

    def is_open(self, question: Callable[[], bool]) -> bool:
        """The answer to ``question``."""
        if question not in self._answers:
            self._answers[question] = self._asks and question()
        return self._answers[question]

    def _resolved(self, links: Iterator[Link]) -> Iterator[Shown]:
        for link in links:
            try:
                url = reverse(link.name)
            except NoReverseMatch:
                continue
            if link.is_open is None or self.is_open(link.is_open):
                yield Shown(link, f"{url}#{link.fragment}" if link.fragment else url)
