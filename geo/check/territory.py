"""Whether each feature lies in its county, and whether the editor may write there.

The county polygons are generalised by 105-170 m in the median, so that up to 300 m outside is a warning, more an error.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from datasets.boundaries import Boundaries
from geo.check.outlines import in_metres, to_plane
from geo.check.spot import Geometries, Points, Spot, Spotted, error, warning

BORDER_M = 300.0


@dataclass(eq=False)
class Territory:
    """Counties ready to be asked about many shapes at once."""

    boundaries: Boundaries
    _units: dict[str, shapely.Geometry] = field(default_factory=dict)
    _flat: dict[str, tuple[shapely.Geometry, tuple[float, float]]] = field(default_factory=dict)

    def unit(self, adcode: str) -> shapely.Geometry:
        """The polygon of a county or city, prepared; UnknownUnit if there is none."""
        if adcode not in self._units:
            self._units[adcode] = self.boundaries.unit(adcode).geometry
            shapely.prepare(self._units[adcode])
        return self._units[adcode]

    def county_of(self, geometries: Geometries) -> list[str]:
        """The adcode of the county that holds each shape's middle; "" for None, an empty one, or one outside all."""
        found = [""] * len(geometries)
        rows = np.flatnonzero(~shapely.is_missing(geometries) & ~shapely.is_empty(geometries))
        x, y = _middles(geometries[rows]).T
        undecided = np.ones(len(rows), bool)
        for adcode, county in self.boundaries.counties.items():
            west, south, east, north = county.bbox
            near = np.flatnonzero(undecided & (x >= west) & (x <= east) & (y >= south) & (y <= north))
            if near.size:
                # A border's own points belong to the county with the lower code, as in `Boundaries.county_at`.
                inside = near[shapely.intersects_xy(self.unit(adcode), x[near], y[near])]
                undecided[inside] = False
                for row in rows[inside].tolist():
                    found[row] = adcode
        return found

    def reach(self, geometries: Geometries, adcode: str) -> NDArray[np.bool_]:
        """Which shapes lie within 300 m of a county or city with all their points; none of them may be empty."""
        if adcode not in self._flat:
            west, south, east, north = shapely.bounds(self.unit(adcode))
            middle = ((west + east) / 2, (south + north) / 2)
            flat = in_metres(self.boundaries.unit(adcode).geometry, middle)
            shapely.prepare(flat)
            self._flat[adcode] = (flat, middle)
        flat, middle = self._flat[adcode]
        degrees, owner = shapely.get_coordinates(geometries, return_index=True)
        there = to_plane(degrees, np.array([middle]), np.array([len(degrees)])).T
        far = ~shapely.dwithin(flat, shapely.points(there), BORDER_M)
        beyond = np.zeros(len(geometries), np.bool_)
        beyond[owner[far]] = True
        return ~beyond

    def beyond(self, geometries: Geometries, adcode: str) -> Geometries:
        """The part of each shape outside a county or city; all of it where it cannot be cut."""
        parts = geometries.copy()
        unit = self.unit(adcode)
        cut = shapely.is_valid(geometries) & shapely.intersects(unit, geometries)
        parts[cut] = shapely.difference(geometries[cut], unit)
        return parts


def check_territory(
    geometries: Geometries, counties: Sequence[str], territory: Territory, may_write: Collection[str] | None
) -> Spotted:
    """Spots of features outside their county (or city) and of counties that the editor does not hold.

    counties: each row's adcode, "" where none is known. may_write: adcodes of counties and cities; None for all.
    """
    groups: dict[str, list[int]] = {}
    for row, county in enumerate(counties):
        groups.setdefault(county, []).append(row)
    boundaries = territory.boundaries
    for county, rows in groups.items():
        if county and not held(county, boundaries, may_write):
            for row in rows:
                yield row, _not_held(county, boundaries)
        if county in boundaries.counties or county in boundaries.cities:
            yield from _outside(geometries, np.array(rows), county, territory)


def held(county: str, boundaries: Boundaries, may_write: Collection[str] | None) -> bool:
    """Whether an editor of the units `may_write` may write to a county (a city's editor to all of its counties)."""
    if may_write is None or county in may_write:
        return True
    return county in boundaries.counties and boundaries.city_of(county) in may_write


def _outside(geometries: Geometries, rows: NDArray[np.intp], county: str, territory: Territory) -> Spotted:
    shapes = geometries[rows]
    there = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    unit = territory.unit(county)
    out = np.zeros(len(rows), bool)
    out[there] = ~shapely.covers(unit, shapes[there])
    strays = rows[out]
    if not strays.size:
        return
    found = geometries[strays]
    lines = shapely.get_dimensions(found) == 1
    for row, where, close, beyond, line in zip(
        strays.tolist(),
        territory.county_of(found),
        territory.reach(found, county).tolist(),
        territory.beyond(found, county),
        lines.tolist(),
        strict=True,
    ):
        yield row, _near(county, beyond, territory) if close else _spot(county, where, beyond, line, territory)


def _near(county: str, beyond: shapely.Geometry, territory: Territory) -> Spot:
    name = territory.boundaries.name(county)
    return warning(
        "near-border",
        f"有一部分越出{name.zh}界线，但不超过 {BORDER_M:.0f} 米（界线数据本身有此误差）",
        f"reaches beyond the border of {name.text('en')}, by {BORDER_M:.0f} m at most (the border is no more exact)",
        geometry=beyond,
    )


def _spot(county: str, where: str, beyond: shapely.Geometry, line: bool, territory: Territory) -> Spot:
    name = territory.boundaries.name(county)
    if where and where != county:
        other = territory.boundaries.name(where)
        zh, en = f"，位于{other.zh}", f"; it lies in {other.text('en')}"
    elif where:
        zh, en = "，只有一部分在内", "; only a part of it lies inside"
    else:
        zh, en = "，不在任何县（市、区）内，请检查坐标系", " and of every county; check the coordinate system"
    # A line leads through several counties by its nature; it is filed under the one it begins in.
    told = warning if line else error
    return told(
        "outside-county",
        f"超出{name.zh} {BORDER_M:.0f} 米以上{zh}",
        f"lies more than {BORDER_M:.0f} m outside {name.text('en')}{en}",
        geometry=beyond,
    )


def _not_held(county: str, boundaries: Boundaries) -> Spot:
    known = county in boundaries.counties or county in boundaries.cities
    zh, en = (boundaries.name(county).zh, boundaries.name(county).text("en")) if known else (county, county)
    return error(
        "county-not-held",
        f"您没有{zh}的编辑权限",
        f"you may not edit {en}",
        field="county",
    )


def _middles(geometries: Geometries) -> Points:
    """A point of each shape: its centroid, or for a bent one, whose centroid is outside, still near enough for a county."""
    return np.asarray(shapely.get_coordinates(shapely.centroid(geometries)))
