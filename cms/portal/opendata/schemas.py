"""The records of the open data as JSON schemas (2020-12), for the OpenAPI document; tests hold the answers to them."""

from typing import Any, Final

from cms.portal.opendata.models import ChangeKind

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
NUMBER: Final[Schema] = {"type": "integer"}
_TEXTS: Final[Schema] = {"type": "array", "items": TEXT}
_URL: Final[Schema] = {"type": "string", "format": "uri"}
_MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
_DAY: Final[Schema] = {"type": ["string", "null"], "format": "date"}
_TEXT_OR_NULL: Final[Schema] = {"type": ["string", "null"]}
_URL_OR_NULL: Final[Schema] = {"type": ["string", "null"], "format": "uri"}
_COMMON: Final[Schema] = {
    "code": {"type": "string", "pattern": "^CB-[0-9]{4}-[0-9]{5,9}$", "examples": ["CB-2026-00001"]},
    "version": {"type": "integer", "minimum": 1},
    "url": _URL,
    "api_url": _URL,
    "updated_at": _MOMENT,
}


def _object(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list_of(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}


_NAMED = _object({"key": TEXT, "name": TEXT})
_IN_FORCE = _COMMON | {"state": {"enum": ["published", "corrected"]}}
_SUMMARY = _IN_FORCE | {
    "title": TEXT,
    "summary": TEXT,
    "severity": _ref("Named"),
    "scam_type": _ref("Named"),
    "published_at": _MOMENT,
    "expires_on": _DAY,
}
_PAGE = {"page": NUMBER, "previous": _URL_OR_NULL, "next": _URL_OR_NULL}

SCHEMAS: Final[Schema] = {
    "Named": _NAMED,
    "WarningSummary": _object(_SUMMARY),
    "Warning": _object(
        _IN_FORCE
        | {
            "title": TEXT,
            "summary": TEXT,
            "severity": _object({"key": {"enum": ["info", "caution", "urgent"]}, "name": TEXT}),
            "scam_type": _object({"key": TEXT, "name": TEXT, "official_no": {"type": ["integer", "null"]}}),
            "scam_type_group": _ref("Named"),
            "category": _ref("Named"),
            "audiences": _list_of("Named"),
            "how_it_works": _TEXTS,
            "warning_signs": _TEXTS,
            "what_to_do": _TEXTS,
            "if_you_are_a_victim": _TEXTS,
            "sample_message": _TEXT_OR_NULL,
            "indicators": {
                "type": "array",
                "items": _object({"kind": TEXT, "label": TEXT, "value": TEXT}),
            },
            "hotlines": {
                "type": "array",
                "items": _object({"name": TEXT, "value": TEXT, "kind": TEXT, "use": TEXT}),
            },
            "sources": {
                "type": "array",
                "items": _object({"name": TEXT, "kind": TEXT, "url": _URL_OR_NULL}),
            },
            "image": {"anyOf": [_ref("Picture"), {"type": "null"}]},
            "agency": TEXT,
            "valid_from": _DAY,
            "expires_on": _DAY,
            "published_at": _MOMENT,
            "corrections": {"type": "array", "items": _object({"note": TEXT, "corrected_at": _MOMENT})},
            "short_url": TEXT,
            "cap_url": _URL,
            "english": _ref("English"),
        },
        optional=("english",),
    ),
    "English": _object(
        {
            "url": _URL,
            "title": TEXT,
            "summary": TEXT,
            "severity": TEXT,
            "scam_type": TEXT,
            "how_it_works": _TEXTS,
            "warning_signs": _TEXTS,
            "what_to_do": _TEXTS,
            "if_you_are_a_victim": _TEXTS,
            "sample_message": _TEXT_OR_NULL,
        }
    ),
    "WithdrawnWarning": _object(_COMMON | {"state": {"const": "withdrawn"}, "note": TEXT}),
    "Picture": _object(
        {"url": _URL, "width": NUMBER, "height": NUMBER, "alt": TEXT, "credit": _TEXT_OR_NULL}
    ),
    "Change": _object(
        {
            "seq": {"type": "integer", "minimum": 1},
            "at": _MOMENT,
            "kind": {"enum": list(ChangeKind.values)},
            "code": _COMMON["code"],
            "version": _COMMON["version"],
            "api_url": _URL,
        }
    ),
    "NewestWarnings": _object(
        {
            "warnings": _list_of("WarningSummary"),
            "pages": NUMBER,
            "first_page": _URL_OR_NULL,
            "last_page": _URL_OR_NULL,
        }
    ),
    "WarningPage": _object({"warnings": _list_of("WarningSummary"), **_PAGE}),
    "AllWarnings": _object({"warnings": _list_of("Warning")}),
    "NewestChanges": _object({"changes": _list_of("Change"), "last_page": _URL_OR_NULL}),
    "ChangesPage": _object({"changes": _list_of("Change"), **_PAGE}),
    "ScamType": _object(
        {
            "key": TEXT,
            "name": TEXT,
            "official_no": {"type": ["integer", "null"]},
            "count": NUMBER,
            "url": _URL,
            "feed_url": _URL,
        }
    ),
    "ScamTypes": _object(
        {
            "scam_type_groups": {
                "type": "array",
                "items": _object({"key": TEXT, "name": TEXT, "scam_types": _list_of("ScamType")}),
            }
        }
    ),
    "Audiences": _object({"audiences": _list_of("Named")}),
    "AnyWarning": {"oneOf": [_ref("Warning"), _ref("WithdrawnWarning")]},
}
