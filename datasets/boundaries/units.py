"""Counties and prefectures, and what can be asked of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry import MultiPolygon, Point, Polygon

from datasets.boundaries.faults import UnknownUnit
from datasets.labels import Label

Area = Polygon | MultiPolygon
Box = tuple[float, float, float, float]

WGS84 = Geod(ellps="WGS84")
METRES_PER_DEGREE = 111_195.0  # of a great circle on the mean Earth; exact enough for tolerances of some 100 m
ANCHOR_TOLERANCE = 0.001  # degrees of latitude, about 100 m: a label needs no more
SUFFIXES_ZH = ("回族区", "市", "县", "区")
SUFFIXES_EN = (" Hui District", " City", " County", " District")


@dataclass(frozen=True, slots=True)
class County:
    """One county-level unit. `geometry` and `bbox` are WGS-84 lon/lat degrees, `area_km2` is geodesic.

    `city` is the adcode of its prefecture, or its own where the province governs it directly.
    `anchor` (lon, lat) lies inside, as far from the border as can be: a place for a label.
    `short` is the name without its rank: 长葛 for 长葛市; but 郏县, and 安阳县 beside its city 安阳.
    """

    adcode: str
    name: Label
    short: Label
    city: str
    geometry: Area
    area_km2: float
    anchor: tuple[float, float]
    bbox: Box


@dataclass(frozen=True, slots=True)
class City:
    """One prefecture-level unit and the adcodes of its counties; measures as in `County`."""

    adcode: str
    name: Label
    counties: tuple[str, ...]
    geometry: Area
    area_km2: float
    anchor: tuple[float, float]
    bbox: Box

    @property
    def short(self) -> Label:
        """The name without its rank: 焦作 for 焦作市."""
        return shortened(self.name)


class Boundaries:
    """The counties and prefectures of one province. `source` says where the polygons come from."""

    counties: Mapping[str, County]
    cities: Mapping[str, City]

    def __init__(self, counties: Iterable[County], city_names: Mapping[str, Label], source: Label) -> None:
        ordered = sorted(counties, key=lambda county: county.adcode)
        self.counties = MappingProxyType({county.adcode: county for county in ordered})
        members: dict[str, list[County]] = {}
        for county in ordered:
            members.setdefault(county.city, []).append(county)
        self.cities = MappingProxyType(
            {code: make_city(code, city_names[code], members[code]) for code in sorted(members)}
        )
        self.source = source
        self._codes = [county.adcode for county in ordered]
        self._tree = shapely.STRtree([county.geometry for county in ordered])

    def unit(self, adcode: str) -> County | City:
        """The county, else the prefecture, of this code; `UnknownUnit` if there is neither."""
        found = self.counties.get(adcode) or self.cities.get(adcode)
        if found is None:
            raise UnknownUnit(adcode)
        return found

    def name(self, adcode: str) -> Label:
        """The full name of a county or prefecture; `UnknownUnit` if there is none of that code."""
        return self.unit(adcode).name

    def city_of(self, adcode: str) -> str:
        """The adcode of the prefecture of a county; a prefecture's own code for itself."""
        unit = self.unit(adcode)
        return unit.city if isinstance(unit, County) else unit.adcode

    def county_at(self, lon: float, lat: float) -> str | None:
        """The adcode of the county whose polygon holds a WGS-84 point, else None.

        On a shared border the lower code. The polygons are generalised by 105-170 m in the median, so
        within some 300 m of a border the answer alone decides nothing: ask `within_m`.
        """
        if not (math.isfinite(lon) and math.isfinite(lat)):
            return None
        hits = self._tree.query(Point(lon, lat), predicate="intersects")
        return self._codes[int(hits.min())] if hits.size else None

    def within_m(self, adcode: str, lon: float, lat: float, tolerance_m: float = 300) -> bool:
        """Whether a WGS-84 point lies in a county or prefecture, or at most `tolerance_m` metres outside."""
        if not (math.isfinite(lon) and math.isfinite(lat)):
            return False
        scale = np.array([METRES_PER_DEGREE * math.cos(math.radians(lat)), METRES_PER_DEGREE])
        centre = np.array([lon, lat])
        around = shapely.transform(self.unit(adcode).geometry, lambda xy: (xy - centre) * scale)
        return bool(shapely.distance(around, Point(0, 0)) <= tolerance_m)

    def simplified(self, tolerance_m: float) -> Mapping[str, Area]:
        """Every county's polygon with fewer vertices; borders stay shared, without gaps or overlaps.

        `tolerance_m` is the side of the square whose area a corner must have to stay (Visvalingam-Whyatt,
        as GEOS CoverageSimplify has it). Needs polygons whose borders match, as the default source's do.
        """
        shapes = [county.geometry for county in self.counties.values()]
        squeeze = _squeeze(shapely.total_bounds(shapes))
        flat = [shapely.transform(shape, lambda xy: xy * squeeze) for shape in shapes]
        thin = shapely.coverage_simplify(flat, tolerance_m / METRES_PER_DEGREE)
        # Rounding undoes what the scaling did to the last bits, so that kept corners are the source's own.
        back = [shapely.transform(shape, lambda xy: np.round(xy / squeeze, 9)) for shape in thin]
        return MappingProxyType(dict(zip(self.counties, back, strict=True)))


def make_county(adcode: str, name: Label, city_name: Label, geometry: Area) -> County:
    """A county with its measures, from a valid WGS-84 polygon."""
    city, short = city_code(adcode), shortened(name)
    taken = city != adcode and short.zh == shortened(city_name).zh
    return County(
        adcode=adcode,
        name=name,
        short=name if taken else short,
        city=city,
        geometry=geometry,
        area_km2=geodesic_km2(geometry),
        anchor=anchor_of(geometry),
        bbox=_box(geometry),
    )


def make_city(adcode: str, name: Label, counties: list[County]) -> City:
    """A prefecture with its measures, from its counties."""
    whole = shapely.union_all([county.geometry for county in counties])
    assert isinstance(whole, Polygon | MultiPolygon)  # noqa: S101 (a union of areas is one)
    return City(
        adcode=adcode,
        name=name,
        counties=tuple(county.adcode for county in counties),
        geometry=whole,
        area_km2=math.fsum(county.area_km2 for county in counties),
        anchor=anchor_of(whole),
        bbox=_box(whole),
    )


def city_code(adcode: str) -> str:
    """The code of a county's prefecture (GB/T 2260): four digits and 00.

    A unit that the province governs directly (…90xx, such as 济源 419001) is its own prefecture, and so
    is a prefecture without counties (…00).
    """
    return adcode if adcode[2:4] in ("00", "90") else f"{adcode[:4]}00"


def geodesic_km2(geometry: Area) -> float:
    """The area on the WGS-84 ellipsoid in square kilometres; holes are taken off."""
    area_m2, _ = WGS84.geometry_area_perimeter(shapely.orient_polygons(geometry))
    return float(area_m2) / 1e6


def anchor_of(geometry: Area) -> tuple[float, float]:
    """A point (lon, lat) inside the largest part: the centre of its largest inscribed circle."""
    largest = max(shapely.get_parts(geometry), key=shapely.area)
    squeeze = _squeeze(np.array(largest.bounds))
    flat = shapely.transform(largest, lambda xy: xy * squeeze)
    circle = shapely.maximum_inscribed_circle(flat, tolerance=ANCHOR_TOLERANCE)
    lon, lat = np.round(shapely.get_coordinates(circle)[0] / squeeze, 6)
    if shapely.contains(largest, Point(lon, lat)):
        return float(lon), float(lat)
    inside = shapely.point_on_surface(largest)
    return inside.x, inside.y


def shortened(name: Label) -> Label:
    """A name without its rank in both languages, where the Chinese rest has two characters or more."""
    for zh, en in zip(SUFFIXES_ZH, SUFFIXES_EN, strict=True):
        rest = name.zh.removesuffix(zh)
        if rest != name.zh and len(rest) >= 2:
            return Label(zh=rest, en=name.en.removesuffix(en))
    return name


def _squeeze(bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """The factors that make a degree of longitude as long as one of latitude, in the middle of `bounds`."""
    middle = math.radians((bounds[1] + bounds[3]) / 2)
    return np.array([math.cos(middle), 1.0])


def _box(geometry: Area) -> Box:
    west, south, east, north = geometry.bounds
    return west, south, east, north
