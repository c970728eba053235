"""The mail sink's mailboxes: one for each recipient, its mails as they would read them."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from publishers.sandbox import mails, strings
from publishers.sandbox.frame import PER_PAGE, html, page_number, pager
from publishers.sandbox.markup import rich, thousands, time_tag
from publishers.sandbox.remote import Remote
from publishers.sandbox.state import Mail
from publishers.sandbox.wire import Reply, Request

MAX_BOXES = 200


def run(remote: Remote, request: Request) -> Reply:
    """``/mail``: the mailboxes; with ``?to=`` one of them. The caller holds ``remote.lock``."""
    address = request.query.get("to", "")[:320]
    return _mailbox(remote, address, page_number(request)) if address else _mailboxes(remote)


def mailbox_address(recipient: str) -> str:
    """The path of a recipient's mailbox."""
    return f"/mail?to={quote(recipient, safe='')}"


def _mailboxes(remote: Remote) -> Reply:
    boxes = list(mails.recipients(remote).items())[:MAX_BOXES]
    rows = "".join(
        f'<li><a class="row" href="{escape(mailbox_address(address))}">{_initial(address)}<span>'
        f"<b>{escape(address)}</b><small>{_subject(rows[0])}</small>"
        f"<small>{strings.MAIL_COUNT.format(count=thousands(len(rows)))} · {time_tag(rows[0].time)}</small>"
        f"</span></a></li>"
        for address, rows in boxes
    )
    listing = (
        f'<ul class="card rows">{rows}</ul>' if rows else f'<p class="card empty">{_nothing(remote)}</p>'
    )
    body = (
        f'<main class="column"><h1>{strings.MAILS}</h1><p class="intro">{strings.MAILS_INTRO}</p>'
        f'<p class="crumb"><a href="/">← {strings.BACK_TO_INDEX}</a></p>{listing}</main>'
    )
    return html(strings.MAILS, body, "index")


def _mailbox(remote: Remote, address: str, number: int) -> Reply:
    rows = mails.of(remote, address)
    shown = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    listing = "".join(_mail(mail, opened=number == 1 and place == 0) for place, mail in enumerate(shown))
    listing = listing or f'<p class="card empty">{_nothing(remote)}</p>'
    title = escape(strings.MAILBOX.format(address=address))
    more = pager(
        number, len(rows), strings.NEWER_MAILS, strings.OLDER_MAILS, before=f"to={quote(address, safe='')}"
    )
    body = (
        f'<main class="column"><h1>{title}</h1>'
        f'<p class="crumb"><a href="/mail">← {strings.ALL_MAILBOXES}</a></p>{listing}{more}</main>'
    )
    return html(strings.MAILBOX.format(address=address), body, "index")


def _mail(mail: Mail, *, opened: bool) -> str:
    headers = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in mail.headers.items()
    )
    details = f"<details><summary>{strings.MAIL_DETAILS}</summary><dl>{headers}</dl></details>"
    return (
        f'<details class="card item mail"{" open" if opened else ""}><summary><h2>{_subject(mail)}</h2>'
        f'<p class="when">{escape(_sender(mail))} · {time_tag(mail.time)}</p></summary>'
        f'<div class="text">{rich(mail.text)}</div>{details if headers else ""}</details>'
    )


def _sender(mail: Mail) -> str:
    return mail.headers.get("From", "") or mail.sender


def _subject(mail: Mail) -> str:
    return escape(mail.subject) or strings.MAIL_NO_SUBJECT


def _initial(address: str) -> str:
    return f'<span class="initial" aria-hidden="true">{escape(address[:1].upper())}</span>'


def _nothing(remote: Remote) -> str:
    return strings.NO_MAILS if remote.mail_address else strings.NO_MAIL_SERVER
