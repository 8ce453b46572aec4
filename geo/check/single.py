"""Every check of one feature by itself: what a program sends is judged as a row of a file is, and nothing is filled in."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from datasets.world import World
from geo.check import duplicates, overlaps, ranges, rings, territory
from geo.check.areas import DeclaredArea, judge
from geo.check.existing import Existing
from geo.check.outlines import areas_m2
from geo.check.references import check_references
from geo.check.spot import Geometries, Spot
from geo.model import Feature, fields_of
from geo.model.finding import Severity

MEASURED = ("plot",)  # kinds whose declared area must be that of the outline


def check_single(
    feature: Feature,
    world: World,
    *,
    given: BaseGeometry | None = None,
    existing: Existing | None = None,
    may_write: Collection[str] | None = None,
    shape_is_known: bool = False,
) -> list[Spot]:
    """All findings about a feature, the gravest first, each with the field, ring or point that it is about.

    given: its shape in the coordinates that it came in. existing: what of the record lies near it or could share its code.
    may_write: adcodes of the units that its author holds, None for all. shape_is_known: the record has just this shape, whose
    rings and neighbours are not judged again.
    """
    kind, near = type(feature), existing or Existing()
    shapes = _one(feature.geometry)
    columns = {name: [getattr(feature, name)] for name in fields_of(kind)}
    found = [
        Spot(finding, field=finding.where.removeprefix(f"{feature.id}."))
        for finding in check_references(feature, world)
    ]
    if feature.county in world.boundaries.counties or feature.county in world.boundaries.cities:
        ground = territory.Territory(world.boundaries)
        found += [spot for _, spot in territory.check_territory(shapes, [feature.county], ground, may_write)]
    found += [spot for _, spot in ranges.check_ranges(kind, columns)]
    areas = areas_m2(shapes)
    if not shape_is_known and feature.geometry is not None:
        valid = shapely.is_valid(shapes)
        given_shapes = _one(feature.geometry if given is None else given)
        found += [spot for _, spot in rings.check_rings(shapes, kind, given_shapes, known_valid=valid)]
        if "code" in columns:
            alike = overlaps.comparable(shapes, valid)
            found += [spot for _, spot in overlaps.check_existing(alike, areas, [feature.id], near)]
    if "code" in columns:
        codes = duplicates.check_recorded_codes([feature.id], columns["code"], [feature.county], near)
        found += [spot for _, spot in codes]
    declared = columns.get("area_m2", [None])[0]
    if kind.kind in MEASURED and declared and areas[0] > 0:
        judged = judge(DeclaredArea(float(declared), "㎡"), float(areas[0])).spot
        found += [judged] if judged else []
    order = list(Severity)
    return sorted(found, key=lambda spot: order.index(spot.finding.severity))


def same_shape(one: BaseGeometry | None, other: BaseGeometry | None) -> bool:
    """Whether two WGS-84 shapes are the same within a centimetre or two, wherever their rings begin; None is like None only."""
    if one is None or other is None:
        return one is other
    return bool(overlaps.same_shape(_one(one), _one(other))[0])


def _one(shape: BaseGeometry | None) -> Geometries:
    found = np.full(1, None, object)
    found[0] = shape
    return found
