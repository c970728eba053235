"""What a citizen would see: fanpages, posts and groups as plain web pages, with no script at all."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from publishers.sandbox import control_page, mail_pages, mails, partner_pages, strings, world
from publishers.sandbox.frame import PER_PAGE, asset, avatar_tag, html, not_found, page_number, pager
from publishers.sandbox.images import avatar
from publishers.sandbox.markup import local, rich, rich_message, thousands, time_tag
from publishers.sandbox.remote import Remote
from publishers.sandbox.state import Group, GroupMessage, Page, Post
from publishers.sandbox.wire import Reply, Request

STYLE = Path(__file__).with_name("site.css")
_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
}


def run(remote: Remote, request: Request) -> Reply:  # noqa: PLR0911 - one return per kind of page
    """Any GET outside the APIs; the caller holds ``remote.lock``."""
    match request.path.strip("/").split("/"):
        case [""]:
            return html(strings.INDEX_TITLE, _index(remote), "index")
        case ["site.css"]:
            return asset(_style(), "text/css; charset=utf-8")
        case ["avatar", name]:
            colour = _colours(remote).get(name.removesuffix(".png"))
            return asset(avatar(colour), "image/png") if colour else not_found()
        case ["files", name]:
            return _file(remote, name)
        case ["facebook", page_id] if page_id in remote.state.pages:
            return _fanpage(remote, remote.state.pages[page_id], page_number(request))
        case ["facebook", page_id, "posts", post_id] if page_id in remote.state.pages:
            return _single_post(remote, remote.state.pages[page_id], post_id)
        case ["zalo", group_id] if group_id in remote.state.groups:
            return _chat(remote, remote.state.groups[group_id], page_number(request))
        case ["partner", partner_id] if partner_id in remote.state.partners:
            return partner_pages.run(remote, request, remote.state.partners[partner_id])
        case ["partner", partner_id, "items", item_id] if partner_id in remote.state.partners:
            return partner_pages.run(remote, request, remote.state.partners[partner_id], item_id)
        case ["mail"]:
            return mail_pages.run(remote, request)
        case ["control"]:
            return control_page.show(remote, request)
    return not_found()


@lru_cache(maxsize=1)
def _style() -> bytes:
    return STYLE.read_bytes()


def _file(remote: Remote, name: str) -> Reply:
    data = remote.storage.get(name)
    if data is None:
        return not_found()
    kind = _TYPES[name.rpartition(".")[2]]
    reply = asset(data, kind)
    if not kind.startswith("image/"):
        reply.headers["Content-Disposition"] = "attachment"
    return reply


def _colours(remote: Remote) -> dict[str, str]:
    found = {page.id: page.colour for page in remote.state.pages.values()}
    found |= {group.id: group.colour for group in remote.state.groups.values()}
    found |= {partner.id: partner.colour for partner in remote.state.partners.values()}
    return found | {world.ZALO_OA_ID: world.ZALO_OA_COLOUR}


def _live_posts(remote: Remote, page: Page) -> list[Post]:
    now = remote.now()
    posts = [
        post
        for post in remote.state.posts.values()
        if post.page_id == page.id and post.is_live(now) and post.visible_at <= now
    ]
    return sorted(posts, key=lambda post: (post.time, post.sequence), reverse=True)


def _visible_messages(remote: Remote, group: Group) -> list[GroupMessage]:
    now = remote.now()
    rows = [row for row in remote.state.messages if row.group_id == group.id and row.visible_at <= now]
    return sorted(rows, key=lambda row: (row.time, row.sequence), reverse=True)


def _index(remote: Remote) -> str:
    def row(href: str, key: str, name: str, *notes: str) -> str:
        return (
            f'<li><a class="row" href="{href}">{avatar_tag(key, 48)}<span><b>{escape(name)}</b>'
            f"<small>{' · '.join(notes)}</small></span></a></li>"
        )

    pages = "".join(
        row(
            f"/facebook/{page.id}",
            page.id,
            page.name,
            strings.FOLLOWERS.format(count=thousands(page.fan_count)),
            strings.POSTS.format(count=thousands(len(_live_posts(remote, page)))),
        )
        for page in remote.state.pages.values()
    )
    groups = "".join(
        row(
            f"/zalo/{group.id}",
            group.id,
            group.name,
            strings.MEMBERS.format(count=thousands(group.total_member)),
            strings.MESSAGES.format(count=thousands(len(_visible_messages(remote, group)))),
        )
        for group in remote.state.groups.values()
    )
    partners = "".join(
        row(
            f"/partner/{partner.id}",
            partner.id,
            partner.name,
            strings.PARTNER_ITEMS.format(count=thousands(len(partner_pages.visible(remote, partner)))),
        )
        for partner in remote.state.partners.values()
    )
    boxes = mails.recipients(remote)
    count = strings.MAIL_COUNT.format(count=thousands(sum(map(len, boxes.values()))))
    mail = row("/mail", world.ZALO_OA_ID, strings.MAILS, count if remote.mail_address else strings.MAIL_OFF)
    turn = row("/control", world.ZALO_OA_ID, strings.CONTROL, strings.CONTROL_SHORT)
    return (
        f'<main class="column"><h1>{strings.INDEX_TITLE}</h1><p class="intro">{strings.INDEX_INTRO}</p>'
        f'<h2>{strings.PAGES}</h2><ul class="card rows">{pages}</ul>'
        f'<h2>{strings.GROUPS}</h2><ul class="card rows">{groups}</ul>'
        f'<h2>{strings.PARTNERS}</h2><ul class="card rows">{partners}{mail}</ul>'
        f'<h2>{strings.SITE}</h2><ul class="card rows">{turn}</ul></main>'
    )


def _fanpage(remote: Remote, page: Page, number: int) -> Reply:
    posts = _live_posts(remote, page)
    shown = posts[(number - 1) * PER_PAGE : number * PER_PAGE]
    feed = "".join(_post(remote, page, post, "h2") for post in shown)
    if not shown:
        feed = f'<p class="card empty">{strings.NO_POSTS}</p>'
    more = pager(number, len(posts), strings.NEWER, strings.OLDER)
    return html(page.name, f'{_fanpage_head(page)}<main class="column">{feed}{more}</main>', "fanpage")


def _fanpage_head(page: Page) -> str:
    followers = strings.FOLLOWERS.format(count=thousands(page.fan_count))
    return (
        f'<header class="cover"><div class="column">{avatar_tag(page.id, 96)}<div><h1>{escape(page.name)}</h1>'
        f"<p>{escape(page.category)} · {followers}</p></div>"
        f'<p class="about">{escape(page.about)}</p>'
        f'<p class="crumb"><a href="/">{strings.BACK_TO_INDEX}</a></p></div></header>'
    )


def _single_post(remote: Remote, page: Page, post_id: str) -> Reply:
    full = post_id if "_" in post_id else f"{page.id}_{post_id}"
    post = next((post for post in _live_posts(remote, page) if post.id == full), None)
    if post is None:
        return not_found()
    back_text = escape(strings.BACK_TO_PAGE.format(name=page.name))
    back = f'<p class="crumb"><a href="/facebook/{page.id}">← {back_text}</a></p>'
    title = strings.POST_TITLE.format(name=page.name)
    return html(
        title, f'<main class="column single">{back}{_post(remote, page, post, "h1")}</main>', "fanpage"
    )


def _post(remote: Remote, page: Page, post: Post, heading: str) -> str:
    url = f"/facebook/{page.id}/posts/{post.id.partition('_')[2]}"
    edited = f' · <span class="edited">{strings.EDITED}</span>' if post.edited else ""
    text = f'<div class="text">{rich(post.message)}</div>' if post.message else ""
    photos = [remote.state.photos[key] for key in post.photos if key in remote.state.photos]
    alt = escape(strings.PHOTO_OF.format(name=page.name))
    images = "".join(
        f'<img src="/files/{photo.file}" alt="{alt}" width="{photo.width}" height="{photo.height}">'
        for photo in photos
    )
    gallery = f'<div class="photos n{min(len(photos), 4)}">{images}</div>' if images else ""
    return (
        f'<article class="card post"><header>{avatar_tag(page.id, 44)}<div>'
        f"<{heading}>{escape(page.name)}</{heading}>"
        f'<a class="when" href="{url}" title="{strings.OPEN_POST}">{time_tag(post.time)}</a>{edited}'
        f"</div></header>"
        f"{text}{gallery}{_link_card(post) if not photos else ''}{_counts(post)}</article>"
    )


def _link_card(post: Post) -> str:
    if not post.link:
        return ""
    host = urlsplit(post.link).hostname or ""
    return (
        f'<a class="link-card" href="{escape(post.link)}" rel="nofollow noopener noreferrer ugc">'
        f"<small>{escape(host)}</small><b>{escape(post.link)}</b></a>"
    )


def _counts(post: Post) -> str:
    named = (("reactions", strings.REACTIONS), ("comments", strings.COMMENTS), ("shares", strings.SHARES))
    shown = [
        form.format(count=thousands(post.engagement[name]))
        for name, form in named
        if post.engagement.get(name)
    ]
    return f'<footer class="counts">{" · ".join(shown)}</footer>' if shown else ""


def _chat(remote: Remote, group: Group, number: int) -> Reply:
    messages = _visible_messages(remote, group)
    shown = messages[(number - 1) * PER_PAGE : number * PER_PAGE]
    items: list[str] = []
    for position, message in enumerate(shown):
        items.append(_bubble(remote, message))
        older = shown[position + 1] if position + 1 < len(shown) else None
        if older is None or local(older.time).date() != local(message.time).date():
            items.append(_day(remote, message.time))
    listing = "".join(items) or f'<li class="empty">{strings.NO_MESSAGES}</li>'
    members = strings.MEMBERS.format(count=thousands(group.total_member))
    label = escape(strings.CHAT_LABEL.format(name=group.name))
    # Newest first in the document; the style sheet reverses it, so a browser opens at the newest.
    body = (
        f'<header class="chat-head"><div class="column">'
        f'<a class="back" href="/" aria-label="{strings.BACK_TO_INDEX}">←</a>'
        f"{avatar_tag(group.id, 44)}<div><h1>{escape(group.name)}</h1><p>{members}</p></div></div></header>"
        f'<main><ol class="chat" tabindex="0" aria-label="{label}">{listing}</ol>'
        f"{pager(number, len(messages), strings.NEWER_MESSAGES, strings.OLDER_MESSAGES)}</main>"
    )
    return html(group.name, body, "chatpage")


def _day(remote: Remote, moment: float) -> str:
    day = local(moment)
    today = local(remote.now()).date() == day.date()
    return f'<li class="day">{strings.TODAY if today else day.strftime("%d/%m/%Y")}</li>'


def _bubble(remote: Remote, message: GroupMessage) -> str:
    parts = []
    if message.file and message.kind in ("image", "gif"):
        alt = escape(strings.PHOTO_IN_MESSAGE.format(name=world.ZALO_OA_NAME))
        parts.append(f'<img class="photo" src="/files/{message.file}" alt="{alt}">')
    elif message.file:
        name = escape(strings.FILE.format(name=message.file_name))
        parts.append(f'<a class="file" href="/files/{message.file}">{name}</a>')
    if message.text:
        parts.append(f'<div class="text">{rich_message(message.text, message.group_id)}</div>')
    return (
        f'<li class="message">{avatar_tag(world.ZALO_OA_ID, 36)}'
        f'<div class="bubble"><b>{escape(world.ZALO_OA_NAME)}</b>'
        f"{''.join(parts)}{time_tag(message.time)}</div></li>"
    )
