"""Reading back: pages, posts, lists, photos and insights."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from publishers.sandbox import world
from publishers.sandbox.graph_call import GraphCall
from publishers.sandbox.graph_errors import GraphError, no_such_object
from publishers.sandbox.graph_fields import project
from publishers.sandbox.graph_publish import parse_time
from publishers.sandbox.graph_tokens import page_token, picture_of
from publishers.sandbox.state import Photo, Post
from publishers.sandbox.wire import Reply

DEFAULT_LIMIT, MAX_LIMIT = 25, 100

# Metric -> (counter of the post, first Graph version that has it). Post insights only, as of 2026-06.
METRICS = {
    "post_media_view": ("views", 23),
    "post_total_media_view_unique": ("viewers", 23),
    "post_clicks": ("clicks", 21),
    "post_clicks_by_type": ("clicks_by_type", 21),
    "post_reactions_by_type_total": ("reactions_by_type", 21),
}
COUNTERS = ("views", "viewers", "clicks", "reactions", "comments", "shares")


def stamp(moment: float) -> str:
    """Unix seconds as the Graph API writes a time."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def get_page(call: GraphCall) -> dict[str, Any]:
    """Fields of a page."""
    page = call.page()
    if call.caller.kind == "app":
        raise GraphError(10)
    known = {
        "id": lambda: page.id,
        "name": lambda: page.name,
        "about": lambda: page.about,
        "category": lambda: page.category,
        "fan_count": lambda: page.fan_count,
        "followers_count": lambda: page.fan_count,
        "is_published": lambda: True,
        "verification_status": lambda: "blue_verified",
        "link": lambda: f"{call.remote.base_url}/facebook/{page.id}",
        "picture": lambda: picture_of(call, page.id),
        "access_token": lambda: page_token(call, page.id),
    }
    return project(call.params.get("fields", ""), "name,id", known, "Page")


def me(call: GraphCall) -> dict[str, Any]:
    """Who the token belongs to."""
    caller = call.caller
    if caller.kind == "page":
        return get_page(call)
    if caller.kind == "app":
        raise GraphError(
            2500, "An active access token must be used to query information about the current user."
        )
    known = {"id": lambda: caller.owner_id, "name": lambda: world.FACEBOOK_USER_NAME}
    return project(call.params.get("fields", ""), "id,name", known, "User")


def picture(call: GraphCall) -> Any:
    """The page's picture: a redirect to it, or JSON with ``redirect=0``."""
    data = picture_of(call, call.page().id)
    if call.params.get("redirect") in ("0", "false"):
        return data
    return Reply(status=302, content_type=None, headers={"Location": data["data"]["url"]})


def get_photo(call: GraphCall) -> dict[str, Any]:
    """Fields of a photo."""
    photo = call.state.photos.get(call.object_id)
    if photo is None:
        raise no_such_object(call.object_id, "get")
    known = {
        "id": lambda: photo.id,
        "name": lambda: photo.caption or None,
        "created_time": lambda: stamp(photo.created),
        "images": lambda: [_image(call, photo)],
        "link": lambda: image_url(call, photo),
    }
    return project(call.params.get("fields", ""), "created_time,id", known, "Photo")


def get_post(call: GraphCall) -> dict[str, Any]:
    """Fields of a post the caller may read."""
    return _post_fields(call, _visible_post(call))


def list_posts(call: GraphCall) -> dict[str, Any]:
    """A page's posts newest first (or its scheduled ones), with since, until, limit and cursors."""
    page = call.page()
    call.require(page.id, "pages_read_engagement")
    wants_scheduled = call.connection == "scheduled_posts"
    since, until = _time_param(call, "since"), _time_param(call, "until")
    rows = [
        post
        for post in call.state.posts.values()
        if post.page_id == page.id
        and post.visible_at <= call.now
        and (post.scheduled > call.now and not post.published if wants_scheduled else post.is_live(call.now))
        and (since is None or post.time >= since)
        and (until is None or post.time <= until)
    ]
    rows.sort(key=lambda post: (post.time, post.sequence), reverse=True)
    start = _after(call, rows)
    limit = _limit(call)
    shown = rows[start : start + limit]
    result: dict[str, Any] = {"data": [_post_fields(call, post) for post in shown]}
    if shown:
        before, after = _cursor(shown[0]), _cursor(shown[-1])
        paging: dict[str, Any] = {"cursors": {"before": before, "after": after}}
        if len(rows) > start + limit:
            query = {key: value for key, value in call.params.items() if key != "appsecret_proof"}
            # The real API repeats the token here as well: a client must not log or keep this address.
            query |= {"access_token": call.caller.token, "limit": str(limit), "after": after}
            paging["next"] = (
                f"{call.remote.base_url}/graph/v{call.version}.0/{page.id}/{call.connection}?{urlencode(query)}"
            )
        result["paging"] = paging
    return result


def insights(call: GraphCall) -> dict[str, Any]:
    """Lifetime metrics of a post; one unknown or removed metric refuses the whole request."""
    post = _visible_post(call)
    call.require(post.page_id, "read_insights")
    names = [name.strip() for name in call.params.get("metric", "").split(",") if name.strip()]
    if not names:
        raise GraphError(100, "(#100) The parameter metric is required")
    for name in names:
        if name not in METRICS or METRICS[name][1] > call.version:
            raise GraphError(100, "(#100) The value must be a valid insights metric")
    return {"data": [_metric(post, name) for name in dict.fromkeys(names)]}


def _metric(post: Post, name: str) -> dict[str, Any]:
    counter = METRICS[name][0]
    value: Any = post.engagement.get(counter, 0)
    if counter == "reactions_by_type":
        likes = post.engagement.get("reactions", 0)
        value = {"like": likes} if likes else {}
    elif counter == "clicks_by_type":
        clicks = post.engagement.get("clicks", 0)
        value = {"link clicks": clicks} if clicks else {}
    return {
        "name": name,
        "period": "lifetime",
        "values": [{"value": value}],
        "title": name.replace("_", " ").capitalize(),
        "description": "",
        "id": f"{post.id}/insights/{name}/lifetime",
    }


def _visible_post(call: GraphCall) -> Post:
    post = call.state.posts.get(call.object_id)
    if post is None or post.visible_at > call.now:
        raise no_such_object(call.object_id, "get")
    call.require(post.page_id, "pages_read_engagement")
    return post


def _post_fields(call: GraphCall, post: Post) -> dict[str, Any]:
    count = post.engagement.get
    photos = [call.state.photos[key] for key in post.photos if key in call.state.photos]

    def summary(name: str, extra: dict[str, Any]) -> dict[str, Any]:
        return {"data": [], "summary": {"total_count": count(name, 0), **extra}}

    known = {
        "id": lambda: post.id,
        "message": lambda: post.message or None,
        "created_time": lambda: stamp(post.time),
        "updated_time": lambda: stamp(post.edited or post.time),
        "permalink_url": lambda: permalink(call, post),
        "is_published": lambda: post.is_live(call.now),
        "is_hidden": lambda: False,
        "scheduled_publish_time": lambda: int(post.scheduled) if post.scheduled else None,
        "status_type": lambda: (
            "added_photos" if photos else "shared_story" if post.link else "mobile_status_update"
        ),
        "from": lambda: {"name": call.state.pages[post.page_id].name, "id": post.page_id},
        "full_picture": lambda: image_url(call, photos[0]) if photos else None,
        "attachments": lambda: _attachments(call, post, photos),
        "shares": lambda: {"count": count("shares")} if count("shares") else None,
        "comments": lambda: summary("comments", {"order": "ranked", "can_comment": True}),
        "reactions": lambda: summary("reactions", {"viewer_reaction": "NONE"}),
    }
    return project(call.params.get("fields", ""), "created_time,message,id", known, "Post")


def permalink(call: GraphCall, post: Post) -> str:
    """The address of the sandbox's own page that shows the post."""
    return f"{call.remote.base_url}/facebook/{post.page_id}/posts/{post.id.partition('_')[2]}"


def image_url(call: GraphCall, photo: Photo) -> str:
    """Where the photo's bytes are served."""
    return f"{call.remote.base_url}/files/{photo.file}"


def _image(call: GraphCall, photo: Photo) -> dict[str, Any]:
    return {"height": photo.height, "source": image_url(call, photo), "width": photo.width}


def _attachments(call: GraphCall, post: Post, photos: list[Photo]) -> dict[str, Any] | None:
    rows = []
    for photo in photos:
        image = {"height": photo.height, "src": image_url(call, photo), "width": photo.width}
        url = permalink(call, post)
        target = {"id": photo.id, "url": url}
        rows.append(
            {"media_type": "photo", "type": "photo", "url": url, "target": target, "media": {"image": image}}
        )
    if len(rows) > 1:
        head = {**rows[0], "media_type": "album", "type": "album", "subattachments": {"data": rows}}
        return {"data": [head]}
    if not rows and post.link:
        rows.append(
            {
                "media_type": "link",
                "type": "share",
                "url": post.link,
                "target": {"url": post.link},
                "title": post.link,
            }
        )
    return {"data": rows} if rows else None


def _time_param(call: GraphCall, name: str) -> float | None:
    text = call.params.get(name)
    if text is None:
        return None
    moment = parse_time(text)
    if moment is None:
        raise GraphError(100, f"(#100) Param {name} must be a valid timestamp")
    return moment


def _limit(call: GraphCall) -> int:
    text = call.params.get("limit", str(DEFAULT_LIMIT))
    if not text.isascii() or not text.isdigit() or len(text) > 6 or int(text) < 1:
        raise GraphError(100, "(#100) Param limit must be a positive number")
    return min(int(text), MAX_LIMIT)


def _cursor(post: Post) -> str:
    return base64.urlsafe_b64encode(f"{post.time!r}:{post.sequence}".encode()).decode().rstrip("=")


def _after(call: GraphCall, rows: list[Post]) -> int:
    cursor = call.params.get("after", "")
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, sequence = text.partition(":")
        edge = (float(moment), int(sequence))
    except ValueError as error:
        raise GraphError(100, "(#100) Invalid cursor") from error
    return sum(1 for post in rows if (post.time, post.sequence) >= edge)
