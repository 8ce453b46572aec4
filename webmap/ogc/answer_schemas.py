"""What the answers of the service look like, as schemas for its API definition."""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_LINKS: dict[str, Any] = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
SCHEMAS_OF_ANSWERS: dict[str, Any] = {
    "anything": {"type": "object"},
    "link": {
        "type": "object",
        "required": ["href", "rel"],
        "properties": {"href": TEXT, "rel": TEXT, "type": TEXT, "title": TEXT, "templated": TEXT},
    },
    "landing": {
        "type": "object",
        "required": ["links"],
        "properties": {"title": TEXT, "description": TEXT, "links": _LINKS},
    },
    "conformance": {
        "type": "object",
        "required": ["conformsTo"],
        "properties": {"conformsTo": {"type": "array", "items": TEXT}},
    },
    "collection": {
        "type": "object",
        "required": ["id", "links"],
        "properties": {
            "id": TEXT,
            "title": TEXT,
            "description": TEXT,
            "itemType": TEXT,
            "extent": {"type": "object"},
            "crs": {"type": "array", "items": TEXT},
            "storageCrs": TEXT,
            "numberOfItems": _COUNT,
            "links": _LINKS,
        },
    },
    "collections": {
        "type": "object",
        "required": ["links", "collections"],
        "properties": {
            "links": _LINKS,
            "crs": {"type": "array", "items": TEXT},
            "collections": {"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
        },
    },
    "feature": {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": TEXT,
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object", "nullable": True},
            "links": _LINKS,
        },
    },
    "features": {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
            "links": _LINKS,
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": _COUNT,
            "numberReturned": _COUNT,
            "notes": {"type": "array", "items": TEXT},
        },
    },
    "problem": {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "current": {},
            "findings": {"type": "array", "items": {"type": "object"}},
            "parameters": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "message"],
                    "properties": {"name": TEXT, "value": TEXT, "message": TEXT, "position": {"type": "object"}},
                },
            },
        },
    },
}
