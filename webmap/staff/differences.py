"""Two versions of a record beside each other: field by field, and on the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from flask import url_for
from shapely.geometry.base import BaseGeometry

from geo.crs import area as areas
from geo.model import Feature, fields_of
from geo.store.revisions import Revision
from webmap.present import fields, quantities
from webmap.present.reader import Reader
from webmap.present.values import Text, Value
from webmap.site import site
from webmap.staff.words import t
from webmap.views.pages_render import reader

AREAL = ("Polygon", "MultiPolygon")
EMPTY: tuple[Any, ...] = (None, "", [], ())


@dataclass(frozen=True)
class Difference:
    """One field in both versions; `before` is None where there is only one."""

    name: str
    label: str
    before: Value | None
    after: Value
    changed: bool


@dataclass(frozen=True)
class Comparison:
    """All fields that either version fills, those that differ first, and what the map draws."""

    changed: tuple[Difference, ...]
    same: tuple[Difference, ...]
    sight: Mapping[str, Any]
    area_before: str
    area_after: str
    shape_changed: bool


def compare(
    kind: type[Feature],
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    shape_before: BaseGeometry | None,
    shape_after: BaseGeometry | None,
) -> Comparison:
    """The comparison of two payloads with their geometries (WGS-84)."""
    who = reader()
    rows = []
    for name, field in fields_of(kind).items():
        old, new = (before or {}).get(name), after.get(name)
        if name == "id" or (old in EMPTY and new in EMPTY):
            continue
        changed = before is not None and old != new and not (old in EMPTY and new in EMPTY)
        shown = None if before is None else _cell(name, before, kind, who)
        rows.append(Difference(name, field.label.text(who.lang), shown, _cell(name, after, kind, who), changed))
    return Comparison(
        changed=tuple(row for row in rows if row.changed),
        same=tuple(row for row in rows if not row.changed),
        sight=sight(shape_before, shape_after, str(after.get("county", ""))),
        area_before=area_of(shape_before),
        area_after=area_of(shape_after),
        shape_changed=before is not None and not same_shape(shape_before, shape_after),
    )


def between(kind: type[Feature], old: Revision | None, new: Revision) -> Comparison:
    """The comparison of two revisions; of one alone where `old` is None."""
    return compare(kind, old.payload if old else None, new.payload, old.geometry if old else None, new.geometry)


def _cell(name: str, record: Mapping[str, Any], kind: type[Feature], who: Reader) -> Value:
    if name == "source":
        return Text(str(record.get(name) or who.t("text.none")))
    return fields.cell(name, record, kind, who)


def same_shape(one: BaseGeometry | None, other: BaseGeometry | None) -> bool:
    """Whether two geometries are the same to the last digit."""
    if one is None or other is None:
        return one is other
    return one.geom_type == other.geom_type and bool(shapely.equals_exact(one, other, tolerance=0))


def area_of(shape: BaseGeometry | None) -> str:
    """The geodesic area in words; empty for what is no area."""
    if shape is None or shape.geom_type not in AREAL or shape.is_empty:
        return ""
    return quantities.area(areas.geodesic_area_m2(shape), reader().lang)


def sight(before: BaseGeometry | None, after: BaseGeometry | None, county: str) -> dict[str, Any]:
    """What the map's module draws: two geometries as GeoJSON, and where to look where there is none."""
    units = site().world.boundaries
    unit = units.counties.get(county) or units.cities.get(county)
    return {
        "before": geojson(before),
        "after": geojson(after),
        "county": county,
        "box": list(unit.bbox) if unit else None,
        "boundaries": url_for("api_map.boundaries_", lang=reader().lang, v=site().boundaries_version),
        "words": {
            "before": t("staff.map_before"),
            "after": t("staff.map_after"),
            "label": t("staff.map"),
            "zoom_in": t("map.zoom_in"),
            "zoom_out": t("map.zoom_out"),
            "metres": t("unit.metres", n="{n}"),
            "kilometres": t("unit.kilometres", n="{n}"),
        },
    }


def geojson(shape: BaseGeometry | None) -> Any:
    """A geometry as GeoJSON with every digit of its coordinates."""
    return None if shape is None else dict(shapely.geometry.mapping(shape))
