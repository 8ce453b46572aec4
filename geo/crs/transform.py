"""Between any supported system and WGS-84, for arrays and for shapes.

CGCS2000 is taken as equal to WGS-84: they differ by less than the accuracy of any parcel. Points are arrays of shape (n, 2),
x = easting or longitude first, whatever the order of axes in the system's definition.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geo.crs.faults import OutOfDomain
from geo.crs.shifted import bd_to_wgs, gcj_to_wgs, wgs_to_bd, wgs_to_gcj
from geo.crs.systems import ELLIPSOIDS, System, with_local

Points = NDArray[np.float64]

REACH = 10.0  # degrees from the central meridian: a zone is used to 1.5 or 3, farther out it is the wrong one
QUADRANT = 10_003_000.0  # metres from the equator to the pole, on whichever ellipsoid
MERCATOR_HALF = 20_037_508.343  # metres from the middle of the square map to its edges
MERCATOR_EDGE = 85.06  # degrees of latitude, where the square map of the world ends
CORRECTIONS = 3  # of an inverse by seven parameters; each leaves about a 100 000th of the error


class _PerThread(threading.local):
    """PROJ's transformers must not be shared among threads."""

    def __init__(self) -> None:
        self.made: dict[System, Transformer] = {}


_transformers = _PerThread()


def to_wgs84(system: System, xy: ArrayLike) -> Points:
    """WGS-84 lon/lat in degrees, shape (n, 2), of points in a system.

    Raises OutOfDomain for the first point that is NaN, infinite or outside the system, and LocalParametersNeeded.
    """
    points, system = _points(xy), with_local(system, None)
    if system.kind == "shifted":
        _check_degrees(system, points, points)
        inverse = gcj_to_wgs if system.datum == "GCJ-02" else bd_to_wgs
        return inverse(points)
    if system.kind == "geographic":
        _check_degrees(system, points, points)
        if system.local is None:
            return points.copy()
    _check(system, _on_plane(system, points), points)
    result = _run(system, points)
    _check(system, _inside(system, result), points)
    return result


def from_wgs84(system: System, lonlat: ArrayLike) -> Points:
    """Points in a system, shape (n, 2), of WGS-84 lon/lat in degrees; raises as `to_wgs84` does."""
    points, system = _points(lonlat), with_local(system, None)
    _check_degrees(system, points, points)
    if system.kind == "shifted":
        forward = wgs_to_gcj if system.datum == "GCJ-02" else wgs_to_bd
        return forward(points)
    _check(system, _inside(system, points), points)
    if system.kind == "geographic" and system.local is None:
        return points.copy()
    result = _run(system, points, inverse=True)
    if system.local is not None:
        result = _corrected(system, points, result)
    _check(system, np.isfinite(result[:, 0]) & np.isfinite(result[:, 1]), points)
    return result


def transform(geometry: BaseGeometry, system: System) -> BaseGeometry:
    """The shape in WGS-84 lon/lat, without Z and M, its parts, rings and points in the same order.

    Raises OutOfDomain (its index counts the shape's points from 0) and LocalParametersNeeded.
    """
    flat = shapely.force_2d(geometry)
    moved: BaseGeometry = shapely.transform(flat, lambda xy: to_wgs84(system, xy))
    return moved


def transform_all(geometries: Sequence[BaseGeometry | None], system: System) -> list[BaseGeometry | None]:
    """As `transform`, for many shapes at once and some twenty times faster a shape; None stays None.

    The index of OutOfDomain counts the points of all shapes.
    """
    flat = shapely.force_2d(np.array(geometries, dtype=object))
    return list(shapely.transform(flat, lambda xy: to_wgs84(system, xy)))


def _points(xy: ArrayLike) -> Points:
    points = np.asarray(xy, dtype=np.float64)
    if points.size == 0:
        return np.empty((0, 2))
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"points of shape (n, 2) are expected, not {points.shape}")
    return points


def _check(system: System, good: NDArray[np.bool_], points: Points) -> None:
    if not good.all():
        index = int(np.argmin(good))
        raise OutOfDomain(index, (float(points[index, 0]), float(points[index, 1])), system.label)


def _check_degrees(system: System, lonlat: Points, points: Points) -> None:
    lon, lat = np.abs(lonlat).T
    _check(system, (lon <= 180) & (lat <= 90), points)


def _on_plane(system: System, points: Points) -> NDArray[np.bool_]:
    """Which points PROJ may be asked of: it winds what lies farther out around the Earth again. NaN is nowhere."""
    x, y = np.abs(points - (system.false_easting, 0.0)).T
    good: NDArray[np.bool_] = np.isfinite(x) & np.isfinite(y)
    if system.kind == "web-mercator":
        good &= x <= MERCATOR_HALF
    elif system.kind == "gauss-kruger":
        good &= (x <= QUADRANT) & (y <= QUADRANT)
    return good


def _inside(system: System, lonlat: Points) -> NDArray[np.bool_]:
    """Which WGS-84 points the system can hold; NaN is nowhere."""
    lon, lat = lonlat.T
    good: NDArray[np.bool_] = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    if system.meridian is not None:
        good &= np.abs(lon - system.meridian) <= REACH
    elif system.kind == "web-mercator":
        good &= np.abs(lat) <= MERCATOR_EDGE
    return good


def _run(system: System, points: Points, inverse: bool = False) -> Points:
    transformer = _transformers.made.get(system)
    if transformer is None:
        transformer = _transformers.made[system] = _transformer(system)
    x, y = transformer.transform(points[:, 0], points[:, 1], direction="INVERSE" if inverse else "FORWARD")
    return np.column_stack([x, y])


def _corrected(system: System, lonlat: Points, guess: Points) -> Points:
    """A point's height, and what PROJ neglects in turning rotations round, would leave some millimetres."""
    target = lonlat
    for _ in range(CORRECTIONS):
        target = target + (lonlat - _run(system, guess))
        guess = _run(system, target, inverse=True)
    return guess


def _transformer(system: System) -> Transformer:
    if system.local is not None:
        return Transformer.from_pipeline(_pipeline(system))
    # To the geographic system of the same datum: PROJ's own way from CGCS2000 to WGS 84 is a guess of its own kind.
    geographic = 4326 if system.datum == "WGS84" else 4490
    return Transformer.from_crs(system.epsg, geographic, always_xy=True)


def _pipeline(system: System) -> str:
    assert system.local is not None  # noqa: S101 (only a system with parameters comes here)
    old, new = (f"+a={a!r} +rf={rf!r}" for a, rf in (ELLIPSOIDS[system.datum], ELLIPSOIDS["CGCS2000"]))
    if system.meridian is None:
        first = "+step +proj=unitconvert +xy_in=deg +xy_out=rad"
    else:
        first = f"+step +inv +proj=tmerc +lon_0={system.meridian!r} +x_0={system.false_easting!r} {old}"
    return (
        f"+proj=pipeline {first} +step +proj=cart {old} {system.local.step()} +step +inv +proj=cart {new}"
        " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
