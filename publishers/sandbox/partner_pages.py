"""A partner's site as its readers see it: what was taken, corrected and withdrawn."""

from __future__ import annotations

from html import escape

from publishers.sandbox import strings
from publishers.sandbox.frame import PER_PAGE, avatar_tag, html, not_found, page_number, pager
from publishers.sandbox.markup import rich, safe_link, thousands, time_tag
from publishers.sandbox.partner import address_of, items_of
from publishers.sandbox.remote import Remote
from publishers.sandbox.state import Partner, PartnerItem
from publishers.sandbox.wire import Reply, Request


def run(remote: Remote, request: Request, partner: Partner, item_id: str = "") -> Reply:
    """The site, or one item of it; the caller holds ``remote.lock``."""
    if item_id:
        return _single(remote, partner, item_id)
    items = visible(remote, partner)
    number = page_number(request)
    shown = items[(number - 1) * PER_PAGE : number * PER_PAGE]
    feed = "".join(_item(item, "h2") for item in shown)
    if not shown:
        feed = f'<p class="card empty">{strings.NO_ITEMS}</p>'
    more = pager(number, len(items), strings.NEWER, strings.OLDER)
    body = f'{_head(partner, len(items))}<main class="column">{feed}{more}</main>'
    return html(partner.name, body, "partner")


def visible(remote: Remote, partner: Partner) -> list[PartnerItem]:
    """What the readers see, newest first."""
    now = remote.now()
    return [item for item in items_of(remote, partner.id) if item.visible_at <= now]


def _head(partner: Partner, count: int) -> str:
    notes = [strings.PARTNER_ITEMS.format(count=thousands(count))]
    if partner.refused:
        notes.append(strings.ITEM_REFUSED.format(count=thousands(partner.refused)))
    return (
        f'<header class="cover"><div class="column">{avatar_tag(partner.id, 96)}'
        f"<div><h1>{escape(partner.name)}</h1><p>{' · '.join(notes)}</p></div>"
        f'<p class="about">{escape(partner.about)}</p>'
        f'<p class="crumb"><a href="/">{strings.BACK_TO_INDEX}</a></p></div></header>'
    )


def _single(remote: Remote, partner: Partner, item_id: str) -> Reply:
    item = next((item for item in visible(remote, partner) if item.id == item_id), None)
    if item is None:
        return not_found()
    back_text = escape(strings.BACK_TO_PARTNER.format(name=partner.name))
    back = f'<p class="crumb"><a href="/partner/{escape(partner.id)}">← {back_text}</a></p>'
    body = f'<main class="column single">{back}{_item(item, "h1")}</main>'
    return html(item.title or partner.name, body, "partner")


def _item(item: PartnerItem, heading: str) -> str:
    badge = ""
    if item.withdrawn:
        badge = f'<span class="badge gone">{strings.ITEM_WITHDRAWN}</span>'
    elif item.changed:
        badge = f'<span class="badge">{strings.ITEM_CORRECTED}</span>'
    url = address_of(escape(item.partner_id), escape(item.id))
    when = f'<a class="when" href="{url}" title="{strings.ITEM_OPEN}">{time_tag(item.received)}</a>'
    if item.changed:
        when += f' · <span class="edited">{strings.ITEM_CHANGED} {time_tag(item.changed)}</span>'
    return (
        f'<article class="card item"><header><{heading}>{escape(item.title)}</{heading}>'
        f"<p>{badge}{when}</p></header>{_words(item)}"
        f'<footer class="counts">{strings.ITEM_REFERENCE.format(reference=escape(item.reference))}'
        f"{_source(item)}</footer></article>"
    )


def _words(item: PartnerItem) -> str:
    if item.withdrawn:
        return f'<div class="notice"><b>{strings.ITEM_WITHDRAWAL}</b> {rich(item.note)}</div>'
    note = ""
    # The text of a correction begins with its note where readers see no other sign of it.
    if item.changed and item.note and item.note not in item.text:
        note = f'<div class="notice"><b>{strings.ITEM_NOTE}</b> {rich(item.note)}</div>'
    return f'{note}<div class="text">{rich(item.text)}</div>'


def _source(item: PartnerItem) -> str:
    href = safe_link(item.link)
    return f' · <a href="{href}" rel="nofollow noopener noreferrer">{strings.ITEM_SOURCE}</a>' if href else ""
