"""What Facebook says of a token before it is stored: whom it is for, what it may, when it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from publishers.adapters.base import Endpoint
from publishers.adapters.facebook_page.adapter import SCOPES
from publishers.adapters.facebook_page.graph import Graph, GraphFailure
from publishers.connecting.refusals import NotConnected

_LATEST: Final = 10**11


@dataclass(frozen=True, slots=True)
class App:
    """The application the token was made for."""

    id: str
    secret: str = field(repr=False)


class _TokenGraph(Graph):
    """The Graph API for a token that is not a page's yet."""

    def longer(self) -> str:
        """A long-lived token for this user token; it may be asked for again. Raises GraphFailure."""
        token = self._call(self._api.exchange_long_lived_user_access_token).get("access_token")
        if not isinstance(token, str) or not token:
            raise GraphFailure("The reply holds no token", status=self._wire.status)
        return token


def inspect(endpoint: Endpoint, app: App, token: str) -> Mapping[str, Any]:
    """What debug_token says of a living token of our application. Raises NotConnected."""
    graph = _graph(endpoint, app, token)
    try:
        said = graph.inspect_token() or {}
    except GraphFailure as failure:
        raise _no_verdict(failure, _wrong_app() if failure.refused else None) from failure
    finally:
        graph.close()
    if said.get("is_valid") is not True:
        if "is_valid" not in said:
            raise unclear("no_verdict")
        raise _dead("invalid")
    if str(said.get("app_id", app.id)) != app.id:
        raise NotConnected(
            _("This token was made for another app. Choose the app with the id %s when you make the token.")
            % app.id,
            field="token",
            code="other_app",
        )
    return said


def require_scopes(said: Mapping[str, Any], page_id: str = "") -> None:
    """Raise NotConnected unless the token may do all that posting needs, on ``page_id`` if given."""
    missing = lacking(said, SCOPES, page_id)
    if missing:
        raise NotConnected(
            _("This token lacks these permissions: %s. Make a new token, tick them, and paste it.")
            % ", ".join(missing),
            field="token",
            code="missing_scopes",
        )


def lacking(said: Mapping[str, Any], wanted: tuple[str, ...], page_id: str) -> list[str]:
    """Those of ``wanted`` that the token lacks, or that it has for other pages only."""
    scopes = said.get("scopes")
    granted = scopes if isinstance(scopes, list) else []
    granular = said.get("granular_scopes")
    rows = [row for row in granular if isinstance(row, dict)] if isinstance(granular, list) else []
    elsewhere = {
        row.get("scope")
        for row in rows
        if page_id and isinstance(row.get("target_ids"), list) and page_id not in map(str, row["target_ids"])
    }
    return [scope for scope in wanted if scope not in granted or scope in elsewhere]


def lasting(endpoint: Endpoint, app: App, token: str, said: Mapping[str, Any]) -> str:
    """The same token if it does not end, or is a system user's; else a long-lived one. Raises NotConnected."""
    if said.get("type") == "SYSTEM_USER" or not seconds(said.get("expires_at")):
        return token
    graph = _graph(endpoint, app, token)
    try:
        return graph.longer()
    except GraphFailure as failure:
        raise _no_verdict(failure, _dead(failure.label) if failure.refused else None) from failure
    finally:
        graph.close()


def ask(endpoint: Endpoint, app: App, token: str, path: str, **params: str | int) -> dict[str, Any]:
    """Read something with ``token``. Raises NotConnected."""
    graph = _graph(endpoint, app, token)
    try:
        return graph.get(path, **params)
    except GraphFailure as failure:
        raise _no_verdict(failure, _dead(failure.label) if failure.refused else None) from failure
    finally:
        graph.close()


def _graph(endpoint: Endpoint, app: App, token: str) -> _TokenGraph:
    secrets = {"page_token": token, "app_id": app.id, "app_secret": app.secret}
    try:
        return _TokenGraph(endpoint, secrets)
    except GraphFailure as failure:
        raise unclear(failure.label) from failure


def _no_verdict(failure: GraphFailure, refused: NotConnected | None) -> NotConnected:
    if not failure.left:
        return NotConnected(
            _("Facebook could not be reached, so nothing was changed. Try again in a few minutes."),
            code=failure.label,
        )
    # A server error says nothing of the token, whatever code it carries.
    if refused is None or failure.status >= 500:
        return unclear(failure.label)
    return refused


def unclear(code: str) -> NotConnected:
    """The refusal when an answer proves nothing."""
    return NotConnected(
        _("Facebook gave no clear answer, so nothing was changed. Try again in a few minutes."), code=code
    )


def _wrong_app() -> NotConnected:
    return NotConnected(
        _(
            "Facebook does not accept this app id together with this app secret. "
            "Copy both again from the basic settings of the app."
        ),
        field="app_secret",
        code="app_refused",
    )


def _dead(code: str) -> NotConnected:
    return NotConnected(
        _("Facebook says that this token is not valid, or not any more. Make a new token and paste it."),
        field="token",
        code=code,
    )


def seconds(value: Any) -> int:
    """A time in unix seconds; 0 for none."""
    return value if type(value) is int and 0 < value < _LATEST else 0
