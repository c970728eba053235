"""How far a person reaches: the units in which they hold a role, with everything below, and what hangs on them.

Each app says in its own ``reach.py`` how its models hang on a unit. A row without a unit belongs to the province.
A person's reach is read once for a request: one query for their roles, one for the units below, one for what the
roles permit, however many units there are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import Group
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from cms.users.models import Membership, Unit
from cms.users.models.delegations import exercised_by
from cms.users.roles import Role

_HOLDINGS: Final = "_scope_holdings"
_PERMISSIONS: Final = "_scope_permissions"


@dataclass(frozen=True, slots=True)
class Reach:
    """The units somebody reaches; ``everything`` from the province down, rows without a unit included."""

    everything: bool = False
    units: frozenset[int] = frozenset()

    def covers(self, unit_id: int | None) -> bool:
        """Whether what belongs to this unit is within reach."""
        return self.everything or unit_id in self.units


EVERYTHING: Final = Reach(everything=True)
NOTHING: Final = Reach()


@dataclass(frozen=True, slots=True)
class _Rule:
    within: Callable[[Reach], Q]
    shown_to_all: Q | None
    move: Callable[[Unit, Unit], int] | None


_rules: dict[type[Model], _Rule] = {}


def hang(
    model: type[Model],
    lookup: str = "unit",
    *,
    within: Callable[[Reach], Q] | None = None,
    shown_to_all: Q | None = None,
    move: Callable[[Unit, Unit], int] | None = None,
) -> None:
    """Say how ``model`` hangs on a unit: by the relation ``lookup``, or by ``within``.

    ``shown_to_all`` are rows everybody may see, though only those within reach change them. ``move`` hands what a
    unit has to its successor and returns how many; with the plain ``unit`` it need not be given.
    """
    if move is None and lookup == "unit" and within is None:

        def move(source: Unit, into: Unit) -> int:
            return model._default_manager.filter(unit=source).update(unit=into)

    _rules[model] = _Rule(within or (lambda reach: Q(**{f"{lookup}__in": reach.units})), shown_to_all, move)


def hanging() -> list[type[Model]]:
    """Every model that hangs on units."""
    return list(_rules)


def movers() -> Iterable[tuple[type[Model], Callable[[Unit, Unit], int]]]:
    """What goes along when a unit is merged."""
    return [(model, rule.move) for model, rule in _rules.items() if rule.move is not None]


def reach(user: Any, *roles: str) -> Reach:
    """Where ``user`` holds one of ``roles``; any role if none is named. Superusers see everything."""
    if not user.is_active or not user.is_authenticated:
        return NOTHING
    if user.is_superuser:
        return EVERYTHING
    return held(user, *roles)


def held(user: Any, *roles: str) -> Reach:
    """Where ``user`` really holds one of ``roles``, or exercises it in another's place for now.

    Being a superuser counts for nothing.
    """
    if not user.is_active or not user.is_authenticated:
        return NOTHING
    units: set[int] = set()
    for role, found in _holdings(user):
        if roles and role not in roles:
            continue
        if found.everything:
            return EVERYTHING
        units |= found.units
    return Reach(units=frozenset(units))


def confined(user: Any) -> bool:
    """Whether the roles ``user`` holds end below the province."""
    if not user.is_active or user.is_superuser:
        return False
    return bool(_holdings(user)) and not held(user).everything


def reach_for(user: Any, *permissions: str) -> Reach:
    """Where ``user`` has one of ``permissions`` (``app.codename``), by the roles they hold there.

    A permission given to the person directly, as on Django's shell, is not tied to a unit.
    """
    if not user.is_active or not user.is_authenticated:
        return NOTHING
    if user.is_superuser or any(name in user.get_user_permissions() for name in permissions):
        return EVERYTHING
    wanted = set(permissions)
    roles = [role for role, allowed in _permissions(user).values() if allowed & wanted]
    return held(user, *roles) if roles else NOTHING


def reach_of_groups(user: Any, groups: Iterable[int]) -> Reach:
    """Where ``user`` holds the role of one of these Django groups; a group that is no role reaches everything."""
    known = _permissions(user)
    wanted = set(groups)
    if wanted - set(known):
        return EVERYTHING
    roles = [known[pk][0] for pk in wanted]
    return held(user, *roles) if roles else NOTHING


def everywhere(user: Any, permission: str) -> bool:
    """Whether ``user`` has ``permission`` (``app.codename``) from the province down: for what belongs to every unit."""
    return bool(user.has_perm(permission)) and reach_for(user, permission).everything


def visible(queryset: QuerySet[Any], user: Any, *permissions: str) -> QuerySet[Any]:
    """The rows of ``queryset`` within reach of ``user``, with one of ``permissions`` if any are named."""
    found = reach_for(user, *permissions) if permissions else reach(user)
    if found.everything:
        return queryset
    rule = _rule(queryset.model)
    wanted = rule.within(found)
    only_seen = all(name.split(".")[-1].startswith("view_") for name in permissions)
    if rule.shown_to_all is not None and only_seen and user.is_active and user.is_authenticated:
        wanted |= rule.shown_to_all
    return queryset.filter(wanted)


def sees(user: Any, instance: Model, *permissions: str) -> bool:
    """Whether ``visible`` shows ``instance``."""
    rows = type(instance)._default_manager.filter(pk=instance.pk)
    return visible(rows, user, *permissions).exists()


def forget(user: Any) -> None:
    """Read anew what ``user`` holds: something of it has just changed."""
    for name in (_HOLDINGS, _PERMISSIONS, "_perm_cache", "_user_perm_cache", "_group_perm_cache"):
        if hasattr(user, name):
            delattr(user, name)


def _rule(model: type[Model]) -> _Rule:
    for parent in model.__mro__:
        if parent in _rules:
            return _rules[parent]
    raise LookupError(f"{model._meta.label} does not say how it hangs on a unit.")


def _holdings(user: Any) -> list[tuple[str, Reach]]:
    # On the user, as Django keeps permissions: read once for a request.
    kept: list[tuple[str, Reach]] | None = getattr(user, _HOLDINGS, None)
    if kept is None:
        kept = _read_holdings(user)
        setattr(user, _HOLDINGS, kept)
    return kept


def _read_holdings(user: Any) -> list[tuple[str, Reach]]:
    mine = list(
        Membership.objects.filter(exercised_by(user.pk, timezone.now()))
        .order_by()
        .values_list("role", "unit__path", "unit__parent_id")
        .distinct()
    )
    paths = {path for _role, path, parent in mine if parent is not None}
    below: list[tuple[int, str]] = []
    if paths:
        prefixes = Q(*(Q(path__startswith=path) for path in paths), _connector=Q.OR)
        below = list(Unit.objects.filter(prefixes).order_by().values_list("pk", "path"))
    return [
        (
            role,
            EVERYTHING
            if parent is None
            else Reach(units=frozenset(pk for pk, place in below if place.startswith(path))),
        )
        for role, path, parent in mine
    ]


def _permissions(user: Any) -> dict[int, tuple[str, set[str]]]:
    kept: dict[int, tuple[str, set[str]]] | None = getattr(user, _PERMISSIONS, None)
    if kept is None:
        kept = {}
        rows = Group.objects.filter(name__in=Role.values).values_list(
            "pk", "name", "permissions__content_type__app_label", "permissions__codename"
        )
        for pk, name, app, codename in rows:
            kept.setdefault(pk, (name, set()))[1].add(f"{app}.{codename}")
        setattr(user, _PERMISSIONS, kept)
    return kept
