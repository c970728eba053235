"""One warning as a record of the open data: the sealed words, nothing that a page of the portal does not show."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from cms.core.text import nfc
from cms.portal import addresses, reading
from cms.portal.audiences import INTERNAL
from cms.portal.cap.addresses import message
from cms.portal.models import PublishedWarning
from cms.portal.opendata import addresses as data_addresses
from cms.portal.opendata.models import PublicChange
from cms.portal.presentation import source_line
from scam_warnings.compose import neutral_sample
from scam_warnings.snapshot import English, Named, Picture, Snapshot

Record = dict[str, Any]


def summary(warning: PublishedWarning) -> Record:
    """What lists say of a warning."""
    record = _common(warning)
    if warning.is_withdrawn:
        return record
    content = warning.content()
    return record | {
        "title": nfc(warning.title),
        "summary": nfc(warning.summary),
        "severity": _named(content.severity),
        "scam_type": _named(content.scam_type),
        "published_at": moment(warning.published_at),
        "expires_on": content.expires_on or None,
    }


def full(warning: PublishedWarning) -> Record:
    """All that is public of a warning; of a withdrawn one only that it is, and why.

    One query more for a corrected one.
    """
    record = _common(warning)
    if warning.is_withdrawn:
        return record | {"note": nfc(warning.note)}
    content = warning.content()
    english = {"english": _english(warning, content.english)} if content.english else {}
    return (
        record
        | english
        | {
            "title": nfc(content.title),
            "summary": nfc(content.summary),
            "severity": _named(content.severity),
            "scam_type": _named(content.scam_type) | {"official_no": content.official_no},
            "scam_type_group": _named(content.scam_type_group),
            "category": _named(content.category),
            "audiences": [_named(entry) for entry in content.audiences if entry.key not in INTERNAL],
            "how_it_works": _texts(content.how_it_works),
            "warning_signs": _texts(content.warning_signs),
            "what_to_do": _texts(content.what_to_do),
            "if_you_are_a_victim": _texts(content.if_you_are_a_victim),
            "sample_message": nfc(neutral_sample(content.sample_message)) or None,
            "indicators": [
                {"kind": item.kind, "label": nfc(item.label), "value": nfc(item.value)}
                for item in content.indicators
            ],
            "hotlines": [
                {"name": nfc(item.name), "value": nfc(item.value), "kind": item.kind, "use": nfc(item.use)}
                for item in content.hotlines
            ],
            "sources": [_source(content, place) for place in range(len(content.sources))],
            "image": _picture(content.image),
            "agency": nfc(content.agency),
            "valid_from": content.valid_from or None,
            "expires_on": content.expires_on or None,
            "published_at": moment(warning.published_at),
            "corrections": [
                {"note": nfc(entry.note), "corrected_at": moment(entry.corrected_at)}
                for entry in reading.corrections_of(reading.versions_of(warning))
            ],
            "short_url": content.short_url,
            "cap_url": addresses.absolute(message(warning.code)),
        }
    )


def change(row: PublicChange) -> Record:
    """One public change. What the warning says now stands at ``api_url``."""
    return {
        "seq": row.pk,
        "at": moment(row.at),
        "kind": row.kind,
        "code": row.warning.code,
        "version": row.release.number,
        "api_url": addresses.absolute(data_addresses.warning(row.warning.code)),
    }


def moment(value: datetime) -> str:
    """``value`` in local time with its offset, to the second."""
    return timezone.localtime(value).isoformat(timespec="seconds")


def _common(warning: PublishedWarning) -> Record:
    return {
        "code": warning.code,
        "version": warning.release_number,
        "state": warning.state,
        "url": addresses.absolute(warning.path),
        "api_url": addresses.absolute(data_addresses.warning(warning.code)),
        "updated_at": moment(warning.updated_at),
    }


def _named(entry: Named) -> Record:
    return {"key": entry.key, "name": nfc(entry.name)}


def _english(warning: PublishedWarning, said: English) -> Record:
    return {
        "url": addresses.absolute(addresses.english_warning(warning.slug)),
        "title": nfc(said.title),
        "summary": nfc(said.summary),
        "severity": nfc(said.severity),
        "scam_type": nfc(said.scam_type),
        "how_it_works": _texts(said.how_it_works),
        "warning_signs": _texts(said.warning_signs),
        "what_to_do": _texts(said.what_to_do),
        "if_you_are_a_victim": _texts(said.if_you_are_a_victim),
        "sample_message": nfc(neutral_sample(said.sample_message)) or None,
    }


def _texts(lines: tuple[str, ...]) -> list[str]:
    return [nfc(line) for line in lines]


def _source(content: Snapshot, place: int) -> Record:
    line = source_line(content.sources[place])
    # As on the page: only addresses of official hosts, so nobody is led elsewhere.
    return {"name": nfc(line.name), "kind": content.sources[place].kind, "url": line.href or None}


def _picture(picture: Picture | None) -> Record | None:
    if picture is None:
        return None
    return {
        "url": addresses.absolute(addresses.sealed(picture)),
        "width": picture.width,
        "height": picture.height,
        "alt": nfc(picture.alt),
        "credit": nfc(picture.credit) or None,
    }
