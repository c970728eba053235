"""The words of each letter. Those about a warning are its sealed words and nothing else."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.core.text import collapse
from cms.portal import addresses as portal
from cms.portal.presentation import EMERGENCY, ENGLISH
from cms.subscriptions import links
from cms.subscriptions.models import Letter, Subscriber
from publishers.models import Release
from scam_warnings.agency import AgencySettings
from scam_warnings.enums import Severity
from scam_warnings.snapshot import Snapshot

LIST_ID = "canh-bao.keng.invalid"
SHOWN = 4
"""Signs and pieces of advice in a letter; the page has all."""


@dataclass(frozen=True, slots=True)
class Words:
    """Subject, template and what the template sees."""

    subject: str
    template: str
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about a correction or withdrawal, and the language it is in."""

    words: str
    language: str


def message(letter: Letter, address: str) -> EmailMultiAlternatives:
    """The e-mail for ``letter``, to ``address``, in the language its owner chose."""
    subscriber = letter.subscriber
    with override(subscriber.language):
        agency = AgencySettings.load()
        words = _words(letter, subscriber)
        context = words.context | {
            "agency": agency,
            "emergency": EMERGENCY,
            "site": settings.PUBLIC_URL,
            "leave": links.leaving(subscriber),
            "options": links.options(subscriber),
            "subject": words.subject,
            "language": subscriber.language,
        }
        mail = EmailMultiAlternatives(
            subject=collapse(words.subject)[:200],
            body=render_to_string(f"subscriptions/letters/{words.template}.txt", context),
            from_email=_sender(agency.name),
            to=[address],
            headers=_headers(letter, context["leave"]),
        )
        html = render_to_string(f"subscriptions/letters/{words.template}.html", context)
        mail.attach_alternative(html, "text/html")
    return mail


def _words(letter: Letter, subscriber: Subscriber) -> Words:
    if letter.notice is not None:
        return _about(letter.notice.release, subscriber.language)
    if letter.kind == Letter.Kind.ALREADY:
        return Words(_("You already get our warnings"), "already", {})
    return Words(
        _("Please confirm: warnings by e-mail"),
        "confirm",
        {"confirm": links.confirming(subscriber), "hours": settings.SUBSCRIPTION_HOURS},
    )


def _about(release: Release, language: str) -> Words:
    sealed = Snapshot.from_json(release.snapshot)
    said = sealed.in_english() if language == ENGLISH else None
    snapshot = said or sealed
    # The label of the letter, not a word of the warning, where that is in Vietnamese only.
    severity = str(Severity(sealed.severity.key).label) if language == ENGLISH else sealed.severity.name
    note = _note(release, sealed, language)
    pattern = {
        Release.Kind.CORRECTION: _("Correction: %s"),
        Release.Kind.WITHDRAWAL: _("Withdrawn: %s"),
    }.get(Release.Kind(release.kind), "%s")
    subject = pattern % snapshot.title
    if release.kind == Release.Kind.PUBLICATION:
        subject = f"[{severity}] {snapshot.title}"
    return Words(
        subject,
        "notice",
        {
            "snapshot": snapshot,
            "severity": severity,
            "text_language": settings.LANGUAGE_CODE if said is None else language,
            "note": note.words,
            "note_language": note.language,
            "url": portal.absolute((portal.english_warning if said else portal.warning)(snapshot.slug)),
            "is_withdrawn": release.kind == Release.Kind.WITHDRAWAL,
            "is_correction": release.kind == Release.Kind.CORRECTION,
            "signs": snapshot.warning_signs[:SHOWN],
            "advice": snapshot.what_to_do[:SHOWN],
        },
    )


def _note(release: Release, sealed: Snapshot, language: str) -> Note:
    """What was corrected, or why it was withdrawn; reasons are kept in Vietnamese only."""
    said = sealed.english
    if language == ENGLISH and said and said.correction_note and release.kind == Release.Kind.CORRECTION:
        return Note(said.correction_note, language)
    return Note(release.note, settings.LANGUAGE_CODE)


def _sender(agency: str) -> str:
    spec = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return str(Address(collapse(agency)[:80], addr_spec=spec))


def _headers(letter: Letter, leave: str) -> dict[str, str]:
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "keng.invalid"
    headers = {
        # The same at every attempt, so that a repeat can be recognised.
        "Message-ID": f"<letter-{letter.pk}-{letter.subscriber.key[:12]}@{host}>",
        "Auto-Submitted": "auto-generated",
        "List-Id": f"<{LIST_ID}>",
    }
    if letter.kind != Letter.Kind.CONFIRM:
        headers |= {
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return headers
