"""The publisher of a Facebook page: one post with one picture, or a text with a link."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _

from publishers.adapters import readback, replies
from publishers.adapters.base import Adapter
from publishers.adapters.content import check_text, only_image
from publishers.adapters.facebook_page import figures
from publishers.adapters.facebook_page.errors import AMBIGUOUS, POST_GONE, is_gone, to_error, token_rule
from publishers.adapters.facebook_page.graph import Graph, GraphFailure
from publishers.adapters.transport import Budget
from publishers.adapters.verdict import Step, verdict
from publishers.contracts import (
    AuthExpired,
    Capabilities,
    ChannelIdentity,
    Image,
    Listing,
    Message,
    Operation,
    PublishError,
    Rate,
    RateLimited,
    Receipt,
    Rejected,
    Scope,
    Shown,
    Temporary,
)

PAGE_SIZE = 50
MAX_PAGES = 5
LINK_SECONDS = 5.0
"""Read timeout for the permalink: the post stands already, and its receipt is not yet saved."""
SCOPES = ("pages_manage_posts", "pages_read_engagement")
_METRICS = {
    "views": "post_media_view",
    "viewers": "post_total_media_view_unique",
    "clicks": "post_clicks",
}
_COUNTS = {
    "reactions": "reactions.limit(0).summary(true)",
    "comments": "comments.limit(0).summary(true)",
    "shares": "shares",
}
_NO_FIGURES = (10, *range(200, 300))
"""A missing right to read figures is no reason to call the access dead: posting goes on without them."""
_PAGE_FIELDS = "id,name,link,picture"
_POST_FIELDS = "id,message,created_time,permalink_url"


class FacebookPagePublisher(Adapter):
    """Posts on the page ``remote_id`` with the account's page token (README.md)."""

    kind: ClassVar[str] = "facebook_page"
    # Facebook itself takes 63,206 characters; nobody reads a warning that long.
    # The paces are our own: Facebook's limits depend on a page's readers and show in its usage headers.
    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=5000,
        images=1,
        max_image_bytes=4_000_000,
        edit=True,
        delete=True,
        read_back=True,
        listing=True,
        insights=True,
        guarded=True,
        rates={Scope.CHANNEL: Rate(30, 60, burst=10)},
    )

    def check(self) -> ChannelIdentity:
        """Read the page's name and, with app credentials, what its token may do.

        Raises AuthExpired, ChannelGone, RateLimited or Temporary.
        """
        graph = self._graph(Step.CHECK)
        try:
            page = graph.get(self.remote_id, fields=_PAGE_FIELDS)
        except GraphFailure as failure:
            raise to_error(failure, Step.CHECK) from failure
        page_id = replies.identifier(page.get("id"))
        if not page_id:
            raise verdict(AMBIGUOUS, Step.CHECK, code="no_page_id")
        picture = replies.mapping(replies.mapping(page.get("picture")).get("data"))
        return ChannelIdentity(
            remote_id=page_id,
            name=replies.name(page.get("name")) or page_id,
            url=replies.address(page.get("link")),
            picture_url=replies.address(picture.get("url")),
            detail=_check_token(graph),
        )

    def send(self, message: Message) -> Receipt:
        """Upload the picture unseen, then post once. Only that last call can make anything visible."""
        budget = Budget(2 * (self.endpoint.connect_timeout + self.endpoint.read_timeout))
        check_text(message, self.capabilities)
        picture = only_image(message, self.capabilities)
        graph = self._graph(Step.PREPARE)
        data = {"message": message.text}
        if picture is not None:
            data["attached_media"] = json.dumps([{"media_fbid": self._upload(graph, *picture)}])
        elif message.link:
            data["link"] = message.link
        if budget.spent:
            raise Temporary(
                _(
                    "Preparing the post took too long, so nothing was posted. "
                    "The system will try again by itself."
                ),
                code="too_late",
            )
        self.guard()
        return self._receipt(graph, self._post(graph, data))

    def find(self, message: Message, since: datetime) -> Receipt | None:
        """Read the page's newest posts back to ``since`` and look for the reference."""
        readback.require_reference(message)
        graph = self._graph(Step.LOOK)
        if message.operation is Operation.EDIT:
            return self._edited(graph, message)
        start = int(since.timestamp() - readback.LOOK_BACK)
        return readback.adopt(self._posts(graph, max(start, 0)), message.reference)

    def _edited(self, graph: Graph, message: Message) -> Receipt | None:
        """The post itself: an edited one keeps its place among the older ones."""
        try:
            post = _found(graph.get(message.target_id, fields=_POST_FIELDS))
        except GraphFailure as failure:
            if is_gone(failure):
                return None
            raise to_error(failure, Step.LOOK) from failure
        return readback.adopt([post], message.reference)

    def edit(self, message: Message) -> Receipt:
        """Replace the text of the post; its picture stays. Repeating it changes nothing."""
        check_text(message, self.capabilities)
        graph = self._graph(Step.PUBLISH)
        self.guard()
        try:
            reply = graph.post_to(message.target_id, {"message": message.text})
        except GraphFailure as failure:
            raise self._changed_error(failure) from failure
        _require_success(reply)
        return self._receipt(graph, message.target_id)

    def delete(self, message: Message) -> Receipt:
        """Take the post away; one that is gone already is what we wanted."""
        graph = self._graph(Step.PUBLISH)
        self.guard()
        try:
            _require_success(graph.delete(message.target_id))
        except GraphFailure as failure:
            if not is_gone(failure):
                raise self._changed_error(failure) from failure
        return Receipt(message.target_id, published_at=timezone.now())

    def shown(self, since: datetime) -> Listing:
        """What the page shows since ``since``."""
        graph = self._graph(Step.LOOK)
        posts = self._posts(graph, int(since.timestamp()))
        items = tuple(Shown(post.remote_id, post.text, post.published_at, post.url) for post in posts)
        return Listing(items, since)

    def insights(self, remote_id: str) -> Mapping[str, int | None]:
        """Lifetime figures of one post, one call each: a metric Facebook retired blanks only itself.

        Metrics: developers.facebook.com/docs/graph-api/reference/insights (v25); counts by their own fields.
        """
        graph = self._graph(Step.LOOK)
        return {metric: self._figure(graph, remote_id, metric) for metric in (*_METRICS, *_COUNTS)}

    def _figure(self, graph: Graph, post: str, metric: str) -> int | None:
        try:
            if metric in _METRICS:
                return figures.of_insight(graph.get(f"{post}/insights", metric=_METRICS[metric]))
            return figures.of_count(graph.get(post, fields=_COUNTS[metric]), metric)
        except GraphFailure as failure:
            error = to_error(failure, Step.LOOK)
            if isinstance(error, RateLimited | AuthExpired) and failure.code not in _NO_FIGURES:
                raise error from failure
            return None

    def _changed_error(self, failure: GraphFailure) -> PublishError:
        if is_gone(failure):
            return Rejected(str(POST_GONE.sentence), code="post_gone")
        return to_error(failure, Step.PUBLISH)

    def _graph(self, step: Step) -> Graph:
        secrets = self.credentials.read()
        token = secrets.get("page_token", "")
        if not (token.isascii() and token.isprintable() and token.strip()):
            raise AuthExpired(
                _("This page has no access token. Open Channels → Accounts to connect it."), code="no_token"
            )
        try:
            return Graph(self.endpoint, secrets, pressed=self.slow_down)
        except GraphFailure as failure:
            raise to_error(failure, step) from failure

    def _upload(self, graph: Graph, image: Image, data: bytes) -> str:
        """Put the picture on the page unpublished; if the answer is lost, the orphan is never seen."""
        suffix = "png" if image.mime == "image/png" else "jpg"
        files = {"source": (f"{image.sha256[:16]}.{suffix}", data, image.mime)}
        try:
            reply = graph.post(self.remote_id, "photos", {"published": "false"}, files)
        except GraphFailure as failure:
            raise to_error(failure, Step.PREPARE) from failure
        photo = replies.identifier(reply.get("id"))
        if not photo:
            raise verdict(AMBIGUOUS, Step.PREPARE, code="no_photo_id")
        return photo

    def _post(self, graph: Graph, data: Mapping[str, str]) -> str:
        """The guarded call. Returns the post's id."""
        try:
            reply = graph.post(self.remote_id, "feed", data)
        except GraphFailure as failure:
            raise to_error(failure, Step.PUBLISH) from failure
        post = replies.identifier(reply.get("id"))
        if not post:
            raise verdict(AMBIGUOUS, Step.PUBLISH, code="no_post_id")
        return post

    def _receipt(self, graph: Graph, post: str) -> Receipt:
        """The receipt of a post that stands; without its address if that cannot be read."""
        now = timezone.now()
        try:
            graph.hurry(LINK_SECONDS)
            shown = graph.get(post, fields="permalink_url,created_time")
        except Exception:
            # Whatever happens here, the post is out.
            return Receipt(post, published_at=now)
        return Receipt(post, replies.address(shown.get("permalink_url")), _created(shown) or now)

    def _posts(self, graph: Graph, start: int) -> Iterator[readback.Found]:
        """The page's posts since ``start`` (unix seconds), newest first. Raises LookupFailed and its kin."""
        params: dict[str, str | int] = {"fields": _POST_FIELDS, "since": start, "limit": PAGE_SIZE}
        for _page in range(MAX_PAGES):
            try:
                reply = graph.get(f"{self.remote_id}/published_posts", **params)
            except GraphFailure as failure:
                raise to_error(failure, Step.LOOK) from failure
            rows = reply.get("data")
            if not isinstance(rows, list):
                raise readback.unreadable()
            for row in rows:
                yield _found(row)
            paging = replies.mapping(reply.get("paging"))
            if not rows or not paging.get("next"):
                return
            # The "next" address repeats the token, and it is Facebook's word where to go: not followed.
            after = replies.mapping(paging.get("cursors")).get("after")
            if not isinstance(after, str) or not after:
                raise readback.unreadable()
            params["after"] = after
        raise readback.unfinished()


def _require_success(reply: Mapping[str, Any]) -> None:
    """Raise OutcomeUnknown unless Facebook says that the change was made: an object without a word is no yes."""
    if reply.get("success") is not True:
        raise verdict(AMBIGUOUS, Step.PUBLISH, code="no_success")


def _found(row: Any) -> readback.Found:
    if not isinstance(row, dict) or not replies.identifier(row.get("id")):
        raise readback.unreadable()
    text = row.get("message")
    return readback.Found(
        replies.identifier(row["id"]),
        text if isinstance(text, str) else "",
        _created(row),
        replies.address(row.get("permalink_url")),
    )


def _created(row: Mapping[str, Any]) -> datetime | None:
    """``created_time``, as the Graph API writes it: 2026-11-22T03:04:05+0000."""
    try:
        return datetime.strptime(str(row.get("created_time")), "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return None


def _check_token(graph: Graph) -> str:
    """Raise AuthExpired if Facebook says that the token is dead or may not post; else what it says of it."""
    try:
        token = graph.inspect_token()
    except GraphFailure:
        # The page itself answered: a token that cannot be inspected is no reason to call it broken.
        return ""
    if token is None:
        return ""
    if token.get("is_valid") is False:
        error = replies.mapping(token.get("error"))
        raise verdict(token_rule(error.get("subcode")), Step.CHECK, code="190")
    scopes = token.get("scopes")
    missing = [scope for scope in SCOPES if scope not in scopes] if isinstance(scopes, list) else []
    if missing:
        raise AuthExpired(
            _(
                "The page's access token lacks these permissions: %(scopes)s. "
                "Reconnect the page and grant them."
            )
            % {"scopes": ", ".join(missing)},
            code="missing_scopes",
        )
    expires = replies.moment_from_ms(_thousandfold(token.get("expires_at")))
    if expires is None:
        return ""
    return _("The access token is valid until %(date)s.") % {
        "date": timezone.localtime(expires).strftime("%d/%m/%Y")
    }


def _thousandfold(seconds: Any) -> int | None:
    return seconds * 1000 if type(seconds) is int and 0 < seconds < 10**11 else None
