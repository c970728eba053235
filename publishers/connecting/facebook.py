"""From whatever token a person has to the access token of one page.

Taken are a token of a system user, of a user (short ones are exchanged for long ones), or of a page. Page
tokens got through a long-lived user token have no end of their own; what ends is the access to data.
Source: developers.facebook.com, access tokens for pages, debug_token, long-lived tokens.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from publishers.adapters import replies
from publishers.adapters.base import Endpoint
from publishers.connecting import facebook_tokens as tokens
from publishers.connecting.refusals import NotConnected

PAGES_AT_ONCE: Final = 100
MOST_REPLIES: Final = 5
"""A token that manages more than 500 pages is asked for the first 500."""
FIGURES: Final = "read_insights"
_MAY_POST: Final = frozenset({"CREATE_CONTENT", "MANAGE"})


@dataclass(frozen=True, slots=True)
class PageAccess:
    """Access to one page, checked: ``secrets`` are what an account stores."""

    page_id: str
    name: str
    secrets: Mapping[str, str] = field(repr=False)
    notices: tuple[str, ...] = ()
    """What works without, and a person should know."""


@dataclass(frozen=True, slots=True)
class PageChoice:
    """The token manages several pages: (id, name) of each, for a person to choose from."""

    pages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Page:
    id: str
    name: str
    token: str = field(repr=False)
    may_post: bool


def page_access(
    endpoint: Endpoint, app: tokens.App, token: str, *, wanted: str = "", chosen: str = ""
) -> PageAccess | PageChoice:
    """The access to the page ``wanted`` (the one the account's channels post on) that ``token`` gives.

    Without ``wanted``: to the page ``chosen``, to the only page, or the choice. Raises NotConnected.
    """
    said = tokens.inspect(endpoint, app, token)
    tokens.require_scopes(said)
    if said.get("type") == "PAGE":
        page = _itself(endpoint, app, token)
        if wanted and page.id != wanted:
            raise NotConnected(
                _(
                    "This token belongs to the page “%(name)s” (%(id)s), but the channels of this account "
                    "post on the page %(wanted)s. Paste a token for that page."
                )
                % {"name": page.name, "id": page.id, "wanted": wanted},
                field="token",
                code="other_page",
            )
        return _checked(endpoint, app, page)
    pages = list(_managed(endpoint, app, tokens.lasting(endpoint, app, token, said)))
    return _choose(endpoint, app, pages, wanted or chosen)


def _choose(endpoint: Endpoint, app: tokens.App, pages: list[_Page], page_id: str) -> PageAccess | PageChoice:
    if not pages:
        raise NotConnected(
            _(
                "Nobody gave the owner of this token a page to manage. Assign the page to the system user in "
                "Meta Business settings, tick pages_show_list when you make the token, and paste the new one."
            ),
            field="token",
            code="no_page",
        )
    if not page_id and len(pages) > 1:
        return PageChoice(tuple((page.id, page.name) for page in pages))
    found = [page for page in pages if not page_id or page.id == page_id]
    if not found:
        raise NotConnected(
            _(
                "This token does not manage the page %(wanted)s that the channels of this account post on. "
                "Assign that page to the owner of the token, make a new token and paste it."
            )
            % {"wanted": page_id},
            field="token",
            code="other_page",
        )
    if not found[0].may_post:
        raise NotConnected(
            _(
                "The owner of this token may not create content on the page “%s”. Give them that right in "
                "Meta Business settings, then try again."
            )
            % found[0].name,
            field="token",
            code="no_task",
        )
    return _checked(endpoint, app, found[0])


def _checked(endpoint: Endpoint, app: tokens.App, page: _Page) -> PageAccess:
    """The page's token, looked at once more: its own permissions and ends count, not the user's."""
    said = tokens.inspect(endpoint, app, page.token)
    tokens.require_scopes(said, page.id)
    expires = tokens.seconds(said.get("expires_at"))
    ends = [end for end in (expires, tokens.seconds(said.get("data_access_expires_at"))) if end]
    notices = []
    if FIGURES in tokens.lacking(said, (FIGURES,), page.id):
        notices.append(
            _(
                "This token may not read figures (%s): posts go out, but views and reactions stay unknown. "
                "Tick this permission the next time you make a token."
            )
            % FIGURES
        )
    secrets = {
        "app_id": app.id,
        "app_secret": app.secret,
        "page_token": page.token,
        "expires_at": str(expires),
        "reconnect_by": str(min(ends, default=0)),
    }
    return PageAccess(page.id, page.name, secrets, tuple(notices))


def _itself(endpoint: Endpoint, app: tokens.App, token: str) -> _Page:
    """The page whose token it is."""
    reply = tokens.ask(endpoint, app, token, "me", fields="id,name")
    page_id = replies.identifier(reply.get("id"))
    if not page_id:
        raise tokens.unclear("no_page_id")
    return _Page(page_id, replies.name(reply.get("name")) or page_id, token, may_post=True)


def _managed(endpoint: Endpoint, app: tokens.App, token: str) -> Iterator[_Page]:
    params: dict[str, str | int] = {"fields": "id,name,access_token,tasks", "limit": PAGES_AT_ONCE}
    for _number in range(MOST_REPLIES):
        reply = tokens.ask(endpoint, app, token, "me/accounts", **params)
        rows = reply.get("data")
        if not isinstance(rows, list):
            raise tokens.unclear("no_pages")
        yield from filter(None, map(_managed_page, rows))
        paging = replies.mapping(reply.get("paging"))
        after = replies.mapping(paging.get("cursors")).get("after")
        if not rows or not paging.get("next") or not isinstance(after, str) or not after:
            return
        params["after"] = after


def _managed_page(row: Any) -> _Page | None:
    row = replies.mapping(row)
    page_id, token, tasks = replies.identifier(row.get("id")), row.get("access_token"), row.get("tasks")
    if not page_id or not isinstance(token, str) or not (token.isascii() and token.isprintable()):
        return None
    may_post = not isinstance(tasks, list) or bool(_MAY_POST.intersection(map(str, tasks)))
    return _Page(page_id, replies.name(row.get("name")) or page_id, token, may_post)
