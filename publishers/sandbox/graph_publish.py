"""Operations that change a page: posts, photos, edits, deletions."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from publishers.sandbox.graph_call import GraphCall
from publishers.sandbox.graph_errors import GraphError, no_such_object
from publishers.sandbox.images import inspect
from publishers.sandbox.state import Page, Photo, Post

MAX_MESSAGE = 63_206
MAX_PHOTO = 4 * 1024 * 1024
MAX_ATTACHED = 50
SCHEDULE_FROM, SCHEDULE_TO = 600, 30 * 86_400
PHOTO_FORMATS = {"JPEG", "PNG", "GIF", "BMP", "TIFF"}
_ATTACHED_KEY = re.compile(r"attached_media\[(\d{1,3})\]")


def post_feed(call: GraphCall) -> dict[str, Any]:
    """A text, link or multi-photo post, live, scheduled or unpublished. Returns ``id``."""
    page = call.page()
    call.require(page.id, "pages_manage_posts")
    message = _message(call, "message")
    link = _link(call.params.get("link", ""))
    published = call.boolean("published", default=True)
    scheduled = _schedule(call, published)
    photos = _attached(call, page)
    if not (message or link or photos):
        raise GraphError(100, "(#100) Missing message or attachment")
    if published:
        _refuse_repetition(call, page, message)
    post = _add_post(call, page, message, photos, link=link, published=published, scheduled=scheduled)
    return {"id": post.id}


def post_photo(call: GraphCall) -> dict[str, Any]:
    """A photo from ``source`` or ``url``; unless ``published=false`` it becomes a post at once."""
    page = call.page()
    call.require(page.id, "pages_manage_posts")
    published = call.boolean("published", default=True)
    caption = _message(call, "message") or _message(call, "caption")
    source = call.request.files.get("source")
    if source is None:
        if "url" in call.params:
            raise GraphError(100, "(#100) Missing or invalid image file", subcode=2061006)
        raise GraphError(100, "(#100) Either url or source is required")
    found = inspect(source.data) if len(source.data) <= MAX_PHOTO else None
    if found is None or found.format not in PHOTO_FORMATS:
        raise GraphError(100, "Invalid parameter", subcode=1366046)
    photo = Photo(
        id=str(120_000_000_000_000 + call.state.take_id()),
        page_id=page.id,
        file=call.remote.storage.put(source.data, found.extension),
        width=found.width,
        height=found.height,
        caption=caption,
        created=call.now,
        published=published,
    )
    call.state.photos[photo.id] = photo
    if not published:
        return {"id": photo.id}
    post = _add_post(call, page, caption, [photo])
    return {"id": photo.id, "post_id": post.id}


def edit_post(call: GraphCall) -> dict[str, Any]:
    """Change the text, or publish what was scheduled or unpublished."""
    post = _own_post(call)
    if "message" not in call.params and "is_published" not in call.params:
        raise GraphError(100, "(#100) No fields to update")
    if "message" in call.params:
        message = _message(call, "message")
        if not (message or post.photos or post.link):
            raise GraphError(100, "(#100) Missing message or attachment")
        post.message = message
        post.edited = call.now
    if call.boolean("is_published", default=False) and not post.is_live(call.now):
        post.published, post.scheduled, post.created = True, 0.0, call.now
    return {"success": True}


def delete_post(call: GraphCall) -> dict[str, Any]:
    """Remove a post and the photos it shows."""
    post = _own_post(call)
    del call.state.posts[post.id]
    for photo_id in post.photos:
        call.state.photos.pop(photo_id, None)
    return {"success": True}


def delete_photo(call: GraphCall) -> dict[str, Any]:
    """Remove a photo no post shows."""
    photo = call.state.photos.get(call.object_id)
    if photo is None or photo.used_by:
        raise no_such_object(call.object_id, "delete")
    call.require(photo.page_id, "pages_manage_posts")
    del call.state.photos[photo.id]
    return {"success": True}


def _own_post(call: GraphCall) -> Post:
    post = call.state.posts.get(call.object_id)
    if post is None:
        raise no_such_object(call.object_id, call.request.method.lower())
    call.require(post.page_id, "pages_manage_posts")
    return post


def _add_post(
    call: GraphCall,
    page: Page,
    message: str,
    photos: list[Photo],
    *,
    link: str = "",
    published: bool = True,
    scheduled: float = 0.0,
) -> Post:
    sequence = call.state.take_id()
    post = Post(
        id=f"{page.id}_{122_000_000_000_000 + sequence}",
        page_id=page.id,
        sequence=sequence,
        message=message,
        link=link,
        photos=[photo.id for photo in photos],
        created=call.now,
        visible_at=call.now + call.request.visible_after,
        published=published,
        scheduled=scheduled,
    )
    call.state.posts[post.id] = post
    for photo in photos:
        photo.used_by = post.id
    return post


def _message(call: GraphCall, name: str) -> str:
    text = call.params.get(name, "")
    if len(text) > MAX_MESSAGE:
        raise GraphError(100, f"(#100) Param {name} must be at most {MAX_MESSAGE} characters")
    return text if text.strip() else ""


def _link(text: str) -> str:
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise GraphError(100, "(#100) link should represent a valid URL")
    if host == "facebook.com" or host.endswith(".facebook.com"):
        raise GraphError(100, "Invalid parameter", subcode=1609008)
    return text


def _schedule(call: GraphCall, published: bool) -> float:
    text = call.params.get("scheduled_publish_time")
    if text is None:
        return 0.0
    if published:
        raise GraphError(100, "(#100) You cannot specify a scheduled publish time on a published post")
    moment = parse_time(text)
    if moment is None:
        raise GraphError(100, "(#100) Param scheduled_publish_time must be a valid timestamp")
    if not SCHEDULE_FROM <= moment - call.now <= SCHEDULE_TO:
        raise GraphError(
            100, "(#100) The specified scheduled publish time is invalid. Use 10 minutes to 30 days from now."
        )
    return moment


def parse_time(text: str) -> float | None:
    """Unix seconds from a unix number or ISO 8601 text (UTC when it names no zone); else None."""
    if re.fullmatch(r"\d{1,11}", text):
        return float(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _attached(call: GraphCall, page: Page) -> list[Photo]:
    problem = GraphError(100, "(#100) Param attached_media must be an array of objects with media_fbid")
    keyed = sorted(
        (int(match[1]), value)
        for key, value in call.params.items()
        if (match := _ATTACHED_KEY.fullmatch(key))
    )
    try:
        whole = json.loads(call.params["attached_media"]) if "attached_media" in call.params else []
        rows = [json.loads(value) for _, value in keyed] or whole
    except (ValueError, RecursionError) as error:
        raise problem from error
    if not isinstance(rows, list) or len(rows) > MAX_ATTACHED:
        raise problem
    photos: list[Photo] = []
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("media_fbid"), str | int):
            raise problem
        photo = call.state.photos.get(str(row["media_fbid"]))
        if photo is None or photo.page_id != page.id or photo.published or photo.used_by or photo in photos:
            raise GraphError(100, f"(#100) Media {row['media_fbid']} is unknown, published or already used")
        photos.append(photo)
    return photos


def _refuse_repetition(call: GraphCall, page: Page, message: str) -> None:
    if not (message and call.state.settings.facebook_duplicate_guard):
        return
    live = [post for post in call.state.posts.values() if post.page_id == page.id and post.is_live(call.now)]
    last = max(live, key=lambda post: (post.time, post.sequence), default=None)
    if last is not None and last.message == message:
        raise GraphError(506)
