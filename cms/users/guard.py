"""What belongs to a foreign unit does not exist, whatever address somebody types.

Lists ask ``scope.visible``; this is the other half. Each app names, in its ``reach.py``, the arguments of its and
Wagtail's admin views that stand for objects of units, and the permission the view is about, if it is about one.
"""

from collections.abc import Callable
from typing import Any, Final, cast

from django.conf import settings
from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from wagtail.admin.auth import permission_denied

from cms.users import scope

ANY: Final = "*"
_BULK: Final = "wagtail_bulk_action"

Rows = Callable[[], QuerySet[Any]]
May = Callable[[Any, Any], bool]
_guards: dict[tuple[str, str], list[tuple[Rows, tuple[str, ...]]]] = {}
_bulk: dict[tuple[str, str], Rows] = {}
_closed_bulk: set[tuple[str, str]] = set()
_province_only: set[str] = set()
_conditions: dict[str, tuple[str, May]] = {}
_bulk_conditions: dict[tuple[str, str], May] = {}


def guard(view: str, argument: str, rows: type[Model] | Rows, *permissions: str) -> None:
    """In ``view`` (``namespace:name``, or ``namespace:*``), ``argument`` is the key of one of ``rows``."""
    _guards.setdefault((view, argument), []).append((_rows(rows), permissions))


def guard_bulk(app: str, model: str, rows: type[Model] | Rows) -> None:
    """Wagtail's bulk actions on this model only touch ``rows`` within reach."""
    _bulk[(app, model)] = _rows(rows)


def _rows(source: type[Model] | Rows) -> Rows:
    found: Any = source._default_manager.all if isinstance(source, type) else source  # type: ignore[attr-defined]
    return cast(Rows, found)


def close_bulk(app: str, model: str) -> None:
    """No bulk actions on this model at all."""
    _closed_bulk.add((app, model))


def only_if(view: str, argument: str, may: May) -> None:
    """``view`` is refused, before it says anything of the object, unless ``may(user, value of argument)``."""
    _conditions[view] = (argument, may)


def close(view: str) -> None:
    """Nobody opens this view."""
    _conditions[view] = ("", _nobody)


def bulk_only_if(app: str, model: str, may: May) -> None:
    """Bulk actions on this model are refused unless ``may(user, key)`` of each object they are about."""
    _bulk_conditions[(app, model)] = may


def province_only(*views: str) -> None:
    """These views show what belongs to every unit: only for people whose reach is the province."""
    _province_only.update(views)


def is_province_only(view: str) -> bool:
    """Whether only people of the province open this view."""
    return view in _province_only


def guards(view: str, argument: str) -> bool:
    """Whether this argument of this view is looked at."""
    return bool(_found(view, argument))


class UnitGuard:
    """Middleware: 404 for what the person does not reach, before any view reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Raise Http404 for a foreign object; send away who asks for what only the province may."""
        match = request.resolver_match
        # A visitor without a session is asked nothing: the public pages vary on no cookie.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        # Who is not signed in is sent to the sign-in page by the view itself.
        if match is None or not match.view_name or not request.user.is_authenticated:
            return None
        if match.view_name in _province_only and scope.confined(request.user):
            return permission_denied(request)
        if match.view_name == _BULK:
            return _judge_bulk(request, kwargs)
        for argument, value in kwargs.items():
            for rows, permissions in _found(match.view_name, argument):
                _judge(request.user, rows(), value, permissions)
        argument, may = _conditions.get(match.view_name, ("", _anybody))
        if not may(request.user, kwargs.get(argument)):
            return permission_denied(request)
        return None


def _anybody(user: Any, value: Any) -> bool:
    return True


def _nobody(user: Any, value: Any) -> bool:
    return False


def _found(view: str, argument: str) -> list[tuple[Rows, tuple[str, ...]]]:
    namespace = view.rpartition(":")[0]
    return _guards.get((view, argument)) or _guards.get((f"{namespace}:{ANY}", argument), [])


def _judge(user: Any, rows: QuerySet[Any], value: Any, permissions: tuple[str, ...]) -> None:
    # Who lacks the permission everywhere is refused by the view, as for any object.
    if permissions and not any(user.has_perm(name) for name in permissions):
        return
    try:
        seen = scope.visible(rows.filter(pk=unquote(str(value))), user, *permissions).exists()
    except (ValueError, TypeError, OverflowError) as error:
        raise Http404 from error
    if not seen:
        raise Http404


def _judge_bulk(request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse | None:
    named = (kwargs["app_label"], kwargs["model_name"])
    if named in _closed_bulk:
        return permission_denied(request)
    asked = set(request.GET.getlist("id"))
    if named in _bulk and scope.confined(request.user):
        if "all" in asked:
            # Wagtail would take everything below the parent page or in the list, foreign units included.
            return permission_denied(request)
        try:
            seen = scope.visible(_bulk[named]().filter(pk__in=asked), request.user).count()
        except (ValueError, TypeError, OverflowError) as error:
            raise Http404 from error
        if seen < len(asked):
            raise Http404
    # Last: what is foreign does not exist, whoever may do what with it.
    may = _bulk_conditions.get(named, _anybody)
    return None if all(may(request.user, key) for key in asked) else permission_denied(request)
