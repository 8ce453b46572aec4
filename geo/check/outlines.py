"""The rings of many areas as flat arrays, in degrees and in metres, so that checks need no loop over parcels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.check.spot import Geometries, Points
from geo.crs import geodesic_area_m2

Index = NDArray[np.int64]
AREAL = (3, 6)  # shapely's type numbers of Polygon and MultiPolygon

# WGS-84; from the fourth power of e² on, an area changes by less than one part in 10⁸.
E2 = 0.0066943799901413165
E4, E6 = E2**2, E2**3
AUTHALIC = (E2 / 3 + 31 * E4 / 180 + 59 * E6 / 560, 17 * E4 / 360 + 61 * E6 / 1260, 383 * E6 / 45360)
WIDE_DEGREES = 0.05  # beyond some 5 km a straight line in the plane is no geodesic within one part in a million
AUTHALIC_RADIUS = 6371007.180918475


@dataclass(frozen=True, eq=False)
class Outlines:
    """The rings of the areal geometries among `count`, one after the other.

    starts: (r+1,) where each ring's points begin in `lonlat` (n, 2; each ring closed). feature, part: (r,) row and part of
    each ring. number: (r,) the ring's number in its feature, from 1. hole: (r,) whether it is one.
    """

    count: int
    lonlat: Points
    starts: Index
    feature: Index
    part: Index
    number: Index
    hole: NDArray[np.bool_]

    @classmethod
    def of(cls, geometries: Geometries) -> Outlines:
        """The rings of WGS-84 geometries; what is no area, empty or None has none."""
        areal = np.flatnonzero(np.isin(shapely.get_type_id(geometries), AREAL) & ~shapely.is_empty(geometries))
        if not areal.size:
            none = np.zeros(0, np.int64)
            return cls(len(geometries), np.zeros((0, 2)), np.zeros(1, np.int64), none, none, none, np.zeros(0, bool))
        kind, points, offsets = shapely.to_ragged_array(geometries[areal], include_z=False)
        starts, parts = (np.asarray(offset, np.int64) for offset in offsets[:2])
        whole = np.asarray(offsets[2], np.int64) if kind is shapely.GeometryType.MULTIPOLYGON else None
        part = np.repeat(np.arange(len(parts) - 1), np.diff(parts))
        owner = part if whole is None else np.repeat(np.arange(len(whole) - 1), np.diff(whole))[part]
        first = np.concatenate([[True], owner[1:] != owner[:-1]])
        number = np.arange(len(owner)) - np.maximum.accumulate(np.where(first, np.arange(len(owner)), 0)) + 1
        hole = np.arange(len(part)) != parts[:-1][part]
        return cls(len(geometries), np.ascontiguousarray(points), starts, areal[owner], part, number, hole)

    @cached_property
    def ring(self) -> Index:
        """(n,) the ring of each point."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    @cached_property
    def xy(self) -> Points:
        """(2, n) metres east and north in a plane about each feature's own middle, in which areas are true."""
        if not len(self.lonlat):
            return np.zeros((2, 0))
        heads = self.starts[:-1][np.concatenate([[True], self.feature[1:] != self.feature[:-1]])]
        middles = (np.minimum.reduceat(self.lonlat, heads) + np.maximum.reduceat(self.lonlat, heads)) / 2
        return to_plane(self.lonlat, middles, np.diff(np.append(heads, len(self.lonlat))))

    @cached_property
    def step(self) -> Points:
        """(n,) metres from each point to the next of its ring; 0 at the last."""
        step = np.zeros(len(self.lonlat))
        if len(step):
            step[:-1] = np.hypot(np.diff(self.xy[0]), np.diff(self.xy[1]))
            step[self.starts[1:] - 1] = 0
        return step

    @cached_property
    def ring_area(self) -> Points:
        """(r,) square metres enclosed by each ring, never negative."""
        if not len(self.lonlat):
            return np.zeros(0)
        x, y = self.xy
        cross = np.zeros(len(x))
        cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
        cross[self.starts[1:] - 1] = 0
        area: Points = np.abs(np.add.reduceat(cross, self.starts[:-1])) / 2
        return area

    @cached_property
    def ring_length(self) -> Points:
        """(r,) metres around each ring."""
        length: Points = np.add.reduceat(self.step, self.starts[:-1]) if len(self.step) else np.zeros(0)
        return length

    @cached_property
    def part_area(self) -> Points:
        """(parts,) square metres of each part, its holes taken off."""
        signed = np.where(self.hole, -self.ring_area, self.ring_area)
        area: Points = np.bincount(self.part, signed, self.part.max(initial=-1) + 1).astype(float)
        return area

    @cached_property
    def area(self) -> Points:
        """(count,) geodesic square metres of each feature, holes taken off; 0 where it is no area."""
        signed = np.where(self.hole, -self.ring_area, self.ring_area)
        area: Points = np.bincount(self.feature, signed, self.count).astype(float)
        return area


def authalic(lat: Points) -> Points:
    """The authalic latitude of geographic latitudes, both in radians."""
    a, b, c = AUTHALIC
    return lat - a * np.sin(2 * lat) + b * np.sin(4 * lat) - c * np.sin(6 * lat)


def to_plane(lonlat: Points, middles: Points, lengths: Index) -> Points:
    """(n, 2) degrees → (2, n) metres in an equal-area plane about the middles (k, 2) of runs of `lengths` (k,) points.

    x = R cos β Δλ, y = R Δβ + tan β₀ x² ÷ 2R with authalic latitudes β: areas are true, and the second term makes short
    geodesics straight, so that areas up to some 5 km across agree with geodesic ones within one part in 10⁷, lengths within
    0.4 %. Written as series in Δφ, for sines of every point would cost more than the checks.
    """
    lat0 = np.radians(middles[:, 1])
    beta0 = authalic(lat0)
    a, b, c = AUTHALIC
    slope = 1 - 2 * a * np.cos(2 * lat0) + 4 * b * np.cos(4 * lat0) - 6 * c * np.cos(6 * lat0)
    bend = 2 * a * np.sin(2 * lat0) - 8 * b * np.sin(4 * lat0)
    run = np.repeat(np.arange(len(lengths)), lengths)
    dlat = np.radians(lonlat[:, 1] - middles[run, 1])
    dbeta = dlat * (slope[run] + bend[run] * dlat)
    sin0, cos0 = np.sin(beta0)[run], np.cos(beta0)[run]
    square = dbeta * dbeta
    cos = cos0 * (1 - square / 2) - sin0 * dbeta * (1 - square / 6)
    x = cos * np.radians(lonlat[:, 0] - middles[run, 0])
    y = dbeta + sin0 / cos0 / 2 * x * x
    return np.stack([x, y]) * AUTHALIC_RADIUS


def areas_m2(geometries: Geometries) -> Points:
    """(n,) geodesic square metres of WGS-84 geometries; 0 for what is no area."""
    areas = Outlines.of(geometries).area
    boxes = shapely.bounds(geometries)
    wide = np.flatnonzero(np.nan_to_num(boxes[:, 2:] - boxes[:, :2]).max(axis=1) > WIDE_DEGREES)
    for row in wide[areas[wide] > 0]:
        areas[row] = geodesic_area_m2(geometries[row])
    return areas


def in_metres(geometry: shapely.Geometry, middle: tuple[float, float] | None = None) -> shapely.Geometry:
    """A WGS-84 geometry in the equal-area plane about `middle` (its own box's where none is given)."""
    west, south, east, north = shapely.bounds(geometry)
    centre = np.array([middle or ((west + east) / 2, (south + north) / 2)])
    flat: shapely.Geometry = shapely.transform(geometry, lambda xy: to_plane(xy, centre, np.array([len(xy)])).T)
    return flat
