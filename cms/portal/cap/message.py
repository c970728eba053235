"""One warning as a CAP 1.2 message: Alert, Update or Cancel, naming the messages it takes the place of."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.core.text import clip
from cms.portal import addresses
from cms.portal.cap import mapping
from cms.portal.models import PublishedWarning
from cms.portal.presentation import EMERGENCY
from cms.portal.xml_text import xml_text
from publishers import scheduling
from publishers.models import Release
from scam_warnings.enums import Severity
from scam_warnings.snapshot import Picture, Snapshot

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
LANGUAGE: Final = "vi-VN"
ENGLISH: Final = "en"
MOST_REFERENCES: Final = 50
_HEADLINE: Final = 160


@dataclass(frozen=True, slots=True)
class Sent:
    """What names one message for ever: its identifier and when it was sent."""

    identifier: str
    at: datetime


def sender() -> str:
    """Who sends: the portal's host name. CAP allows neither spaces nor commas."""
    return urlsplit(settings.PUBLIC_URL).netloc


def moment(value: datetime) -> str:
    """``value`` as the schema wants it: local time with its offset, to the second."""
    return timezone.localtime(value).isoformat(timespec="seconds")


def document(warning: PublishedWarning) -> bytes:
    """The message that holds today. Two queries, and one for each step from the unit up to its province."""
    ET.register_namespace("", NAMESPACE)
    alert = ET.Element(_name("alert"))
    earlier = _earlier(warning)
    withdrawn = warning.is_withdrawn
    kind = "Cancel" if withdrawn else "Update" if earlier else "Alert"
    _add(alert, "identifier", warning.release.reference)
    _add(alert, "sender", sender())
    _add(alert, "sent", moment(warning.updated_at))
    _add(alert, "status", mapping.status())
    _add(alert, "msgType", kind)
    _add(alert, "scope", "Public")
    if warning.note:
        _add(alert, "note", warning.note)
    if earlier:
        _add(
            alert,
            "references",
            " ".join(f"{sender()},{sent.identifier},{moment(sent.at)}" for sent in earlier),
        )
    content = warning.content()
    for language, said in ((LANGUAGE, content), (ENGLISH, content.in_english())):
        if said is not None:
            with override(language):
                (_withdrawn if withdrawn else _info)(alert, warning, said, language)
    ET.indent(alert, " ")
    return ET.tostring(alert, encoding="utf-8", xml_declaration=True) + b"\n"


def _info(alert: ET.Element, warning: PublishedWarning, content: Snapshot, language: str) -> None:
    info = _opened(alert, language, content, "Avoid", mapping.WEIGHTS[Severity(content.severity.key)])
    if content.valid_from:
        _add(info, "effective", moment(_local(date.fromisoformat(content.valid_from), time.min)))
    if content.expires_on:
        _add(info, "expires", moment(_local(date.fromisoformat(content.expires_on), time(23, 59, 59))))
    _add(info, "senderName", content.agency)
    _add(info, "headline", clip(content.title, _HEADLINE))
    told = ((_("How it works"), content.how_it_works), (_("Warning signs"), content.warning_signs))
    _add(info, "description", _paragraphs(content.summary, *told))
    advised = (
        (_("What to do"), content.what_to_do),
        (_("If you are a victim, what to do?"), content.if_you_are_a_victim),
    )
    _add(info, "instruction", _paragraphs("", *advised))
    _add(info, "web", addresses.absolute(_page_of(warning, language)))
    _add(info, "contact", EMERGENCY)
    _parameter(info, "keng:severity", content.severity.key)
    _parameter(info, "keng:scamType", content.scam_type.key)
    if content.card_wide is not None:
        _resource(info, content.card_wide)
    _area(info, warning, content)


def _withdrawn(alert: ET.Element, warning: PublishedWarning, content: Snapshot, language: str) -> None:
    """Not one word of what was withdrawn, but its title: whoever passed it on has to find it again."""
    info = _opened(alert, language, content, "None", mapping.CANCELLED)
    _add(info, "senderName", content.agency)
    _add(info, "headline", clip(_("Withdrawn warning: %s") % content.title, _HEADLINE))
    notice = _("This warning has been withdrawn.")
    # The reason is told in the language it was written in.
    _add(info, "description", f"{notice} {warning.note}".strip() if language == LANGUAGE else notice)
    _add(info, "web", addresses.absolute(_page_of(warning, language)))
    _area(info, warning, content)


def _opened(
    alert: ET.Element, language: str, content: Snapshot, response: str, weight: mapping.Weight
) -> ET.Element:
    info = ET.SubElement(alert, _name("info"))
    _add(info, "language", language)
    _add(info, "category", "Security")
    _add(info, "event", content.scam_type.name)
    _add(info, "responseType", response)
    _add(info, "urgency", weight.urgency)
    _add(info, "severity", weight.severity)
    _add(info, "certainty", weight.certainty)
    return info


def _page_of(warning: PublishedWarning, language: str) -> str:
    return warning.path if language == LANGUAGE else warning.english_path


def _earlier(warning: PublishedWarning) -> list[Sent]:
    """The messages before this one, the oldest first. What was never begun was never a message."""
    rows = scheduling.begun(
        Release.objects.filter(page_id=warning.page_id, number__lt=warning.release_number)
    )
    newest = rows.order_by("-number").values_list("reference", "sealed_at")[:MOST_REFERENCES]
    return [Sent(reference, at) for reference, at in reversed(newest)]


def _parameter(info: ET.Element, name: str, value: str) -> None:
    parameter = ET.SubElement(info, _name("parameter"))
    _add(parameter, "valueName", name)
    _add(parameter, "value", value)


def _resource(info: ET.Element, picture: Picture) -> None:
    resource = ET.SubElement(info, _name("resource"))
    _add(resource, "resourceDesc", picture.alt or _("Picture"))
    _add(resource, "mimeType", picture.mime)
    _add(resource, "uri", addresses.absolute(addresses.sealed(picture)))


def _area(info: ET.Element, warning: PublishedWarning, content: Snapshot) -> None:
    found = mapping.area_of(warning.page.unit, content.agency)
    area = ET.SubElement(info, _name("area"))
    _add(area, "areaDesc", found.name)
    if found.geocode:
        geocode = ET.SubElement(area, _name("geocode"))
        _add(geocode, "valueName", mapping.GEOCODE)
        _add(geocode, "value", found.geocode)


def _paragraphs(opening: str, *parts: tuple[str, tuple[str, ...]]) -> str:
    written = [opening] if opening else []
    written += [
        "\n".join([f"{heading}:", *(f"- {line}" for line in lines)]) for heading, lines in parts if lines
    ]
    return "\n\n".join(written)


def _local(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, _name(tag)).text = xml_text(text)
