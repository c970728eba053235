"""The API described for programs: OpenAPI 3.1."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cms.portal import addresses as portal_addresses
from cms.portal.opendata import addresses
from cms.portal.opendata.schemas import NUMBER, SCHEMAS
from scam_warnings.agency import AgencySettings

VERSION = "1.0.0"


def document() -> dict[str, Any]:
    """The OpenAPI document of this installation."""
    agency = AgencySettings.load()
    contact = {"name": agency.name, "url": portal_addresses.absolute(addresses.PAGE)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Open data of scam warnings – %s") % agency.name,
            "version": VERSION,
            "description": _(
                "Read only, without a key. Every answer is a finished file: ask again with If-None-Match and get 304 "
                "when nothing changed. A withdrawn warning keeps its address and says that it was withdrawn."
            ),
            "contact": contact | ({"email": agency.email} if agency.email else {}),
            "license": {"name": settings.OPEN_DATA_LICENCE, "url": settings.OPEN_DATA_LICENCE_URL},
        },
        "servers": [{"url": settings.PUBLIC_URL}],
        "paths": {
            addresses.WARNINGS: _get("newestWarnings", _("The newest warnings in force"), "NewestWarnings"),
            "/api/v1/canh-bao/trang-{number}.json": _get(
                "warningPage", _("All warnings, the oldest first"), "WarningPage", [_number()]
            ),
            "/api/v1/canh-bao/{code}.json": _get(
                "warning", _("One warning in full"), "AnyWarning", [_code()]
            ),
            addresses.CHANGES: _get("newestChanges", _("The last changes"), "NewestChanges"),
            "/api/v1/thay-doi/trang-{number}.json": _get(
                "changesPage", _("All changes, the oldest first"), "ChangesPage", [_number()]
            ),
            addresses.TYPES: _get("scamTypes", _("Scam types"), "ScamTypes"),
            addresses.AUDIENCES: _get("audiences", pgettext("data", "Audiences"), "Audiences"),
            addresses.JSON: _get("everything", _("Every warning in force in full"), "AllWarnings"),
        },
        "components": {"schemas": SCHEMAS},
    }


def _get(
    operation: str, summary: str, schema: str, parameters: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    described: dict[str, Any] = {
        "operationId": operation,
        "summary": summary,
        "responses": {"200": {"description": summary, "content": content}},
    }
    if parameters:
        described["parameters"] = parameters
        described["responses"]["404"] = {"description": _("There is no such record.")}
    return {"get": described}


def _number() -> dict[str, Any]:
    return {
        "name": "number",
        "in": "path",
        "required": True,
        "description": _("Page number, counted from 1"),
        "schema": NUMBER | {"minimum": 1},
    }


def _code() -> dict[str, Any]:
    return {
        "name": "code",
        "in": "path",
        "required": True,
        "description": _("Reference code in lower case, for example cb-2026-00001"),
        "schema": {"type": "string", "pattern": "^cb-[0-9]{4}-[0-9]{5,9}$"},
    }
