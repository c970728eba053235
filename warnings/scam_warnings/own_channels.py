"""Which channels a warning may go to: its authors' own, those of the units below, and those offered to every unit."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from cms.users import scope
from cms.users.roles import Role


def usable(channels: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Those of ``channels`` that ``user`` may choose for what they write."""
    reach = scope.reach(user, Role.EDITOR)
    return channels if reach.everything else channels.filter(_within(reach))


def foreign(channels: QuerySet[Any], authors: Iterable[Any]) -> list[Any]:
    """Those of ``channels`` that none of ``authors`` may choose."""
    rules = Q(pk__in=[])
    for author in authors:
        reach = scope.reach(author, Role.EDITOR)
        if reach.everything:
            return []
        rules |= _within(reach)
    return list(channels.exclude(pk__in=channels.filter(rules).values("pk")))


def _within(reach: scope.Reach) -> Q:
    return Q(unit__in=reach.units) | Q(offered_to_all=True)
