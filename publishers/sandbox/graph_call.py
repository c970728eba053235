"""One Graph call with what its operations ask of it: parameters, caller, permissions."""

from __future__ import annotations

from dataclasses import dataclass

from publishers.sandbox.graph_errors import GraphError, no_such_object
from publishers.sandbox.remote import Remote
from publishers.sandbox.state import FacebookToken, Page, State
from publishers.sandbox.wire import Request


@dataclass
class GraphCall:
    """``params`` holds query and form together; ``version`` is the major number in force."""

    remote: Remote
    request: Request
    params: dict[str, str]
    object_id: str
    connection: str
    version: int
    token: FacebookToken | None

    @property
    def state(self) -> State:
        return self.remote.state

    @property
    def now(self) -> float:
        return self.remote.now()

    @property
    def caller(self) -> FacebookToken:
        """Whose token this is; operations that need none never ask."""
        if self.token is None:
            raise GraphError(104)
        return self.token

    def page(self) -> Page:
        """The page the path names; ``me`` is the page of a page token. Raises GraphError 100/33."""
        page_id = self.object_id
        if page_id == "me" and self.caller.kind == "page":
            page_id = self.caller.owner_id
        page = self.state.pages.get(page_id)
        if page is None:
            raise no_such_object(self.object_id, self.request.method.lower())
        return page

    def require(self, page_id: str, *scopes: str) -> None:
        """Demand a token of this page with these permissions. Raises GraphError 200."""
        caller = self.caller
        if caller.kind != "page" or caller.owner_id != page_id:
            raise GraphError(200, "(#200) A page access token of this page is required")
        missing = [scope for scope in scopes if scope not in caller.scopes]
        if missing:
            raise GraphError(200, f"(#200) Requires {', '.join(missing)} permission to manage the object")

    def boolean(self, name: str, default: bool) -> bool:
        """A flag, spelled true, false, 1 or 0 and nothing else. Raises GraphError 100."""
        text = self.params.get(name)
        if text is None:
            return default
        if text not in ("true", "false", "1", "0"):
            raise GraphError(100, f"(#100) Param {name} must be a boolean")
        return text in ("true", "1")
