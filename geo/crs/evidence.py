"""What the size of the numbers alone says: which systems could have written them, and in which order of columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datasets.labels import Label
from geo.crs.said import Said
from geo.crs.systems import FAMILIES, GEOGRAPHIC, ZONE_STEP, ZONES, System, central_meridian

Points = NDArray[np.float64]

CHINA = (73.0, 3.0, 136.0, 54.0)  # west, south, east, north, with some room
NORTHINGS = (330_000.0, 6_000_000.0)  # of China, in metres from the equator
EASTINGS = (100_000.0, 900_000.0)  # without a zone's number: 500 km and at most 350 km, with some room
MERCATOR_X, MERCATOR_Y = (8_100_000.0, 15_200_000.0), (330_000.0, 7_200_000.0)
RARE = 0.02  # share of points below which a zone's number is taken for a slip of the pen

PREFIX, DEGREES, MERCATOR, BARE_3, BARE_6, OUTSIDE_STRIP, OUTSIDE_CHINA = 1.0, 0.9, 0.8, 0.7, 0.6, 0.4, 0.2
"""How well numbers of a plausible size speak for a system: a zone's number most, six digits for any one meridian least."""


@dataclass(frozen=True)
class Guess:
    """A system that could have written the numbers. form: 0..1, as above. fits: which points have that size."""

    system: System
    swapped: bool
    form: float
    evidence: Label
    fits: NDArray[np.bool_]
    prefix_added: int | None = None


def guesses(points: Points, said: Said, catalogue: dict[int | str, System]) -> Iterator[Guess]:
    """All systems that the size of the numbers allows, in both orders of the columns.

    points: finite, shape (n, 2). said: only tells whether eastings without a zone's number lack the declared one.
    catalogue: the systems to choose from, by EPSG code or name.
    """
    for swapped in (False, True):
        east, north = points.T[::-1] if swapped else points.T
        yield from _degrees(east, north, swapped, catalogue)
        in_china = _within(north, NORTHINGS)
        yield from _prefixed(east, in_china, swapped, catalogue)
        yield from _bare(in_china & _within(east, EASTINGS), swapped, said, catalogue)
        square = _within(east, MERCATOR_X) & _within(north, MERCATOR_Y)
        if square.any() and 3857 in catalogue:
            evidence = Label(
                "坐标为百万米级且不像带号，符合 Web 墨卡托",
                "millions of metres that fit Web-Mercator rather than a zone",
            )
            yield Guess(catalogue[3857], swapped, MERCATOR * square.mean(), _ordered(evidence, swapped), square)


def _within(values: Points, bounds: tuple[float, float]) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = (bounds[0] <= values) & (values <= bounds[1])
    return result


def _ordered(evidence: Label, swapped: bool) -> Label:
    if not swapped:
        return evidence
    return Label(
        f"第一列是北坐标（或纬度），两列需对调；{evidence.zh}",
        f"the first column holds the northing or latitude; {evidence.en}",
    )


def _degrees(lon: Points, lat: Points, swapped: bool, catalogue: dict[int | str, System]) -> Iterator[Guess]:
    fits = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    if not fits.any():
        return
    west, south, east, north = CHINA
    at_home = fits & _within(lon, (west, east)) & _within(lat, (south, north))
    if at_home.any():
        form, fits = DEGREES * at_home.mean(), at_home
        evidence = Label("数值是度，落在中国范围内", "the numbers are degrees within China")
    else:
        form = OUTSIDE_CHINA * fits.mean()
        evidence = Label("数值可以是度，但不在中国范围内", "the numbers could be degrees, but not within China")
    for key in (*GEOGRAPHIC.values(), "GCJ-02", "BD-09"):
        if key in catalogue and (at_home.any() or not isinstance(key, str)):
            yield Guess(catalogue[key], swapped, form, _ordered(evidence, swapped), fits)


def _prefixed(
    east: Points, in_china: NDArray[np.bool_], swapped: bool, catalogue: dict[int | str, System]
) -> Iterator[Guess]:
    numbers, rest = np.divmod(east, ZONE_STEP)
    plausible = in_china & _within(rest, EASTINGS)
    for width, zones in ZONES.items():
        for zone in np.unique(numbers[plausible]):
            fits = plausible & (numbers == zone)
            system = _zone(catalogue, width, int(zone), prefixed=True) if zone in zones else None
            if system is None or fits.mean() < RARE:
                continue
            share = "" if fits.all() else f"（{percent(fits.mean())} 的点）"
            of_all = "" if fits.all() else f" ({percent(fits.mean())} of the points)"
            evidence = Label(
                f"东坐标以 {zone:.0f} 开头{share}，为 {width} 度带第 {zone:.0f} 带，中央经线 {system.meridian:g}°",
                f"eastings begin with {zone:.0f}{of_all}: {width}-degree zone {zone:.0f}, central meridian"
                f" {system.meridian:g}°",
            )
            yield Guess(system, swapped, PREFIX * float(fits.mean()), _ordered(evidence, swapped), fits)


def _bare(fits: NDArray[np.bool_], swapped: bool, said: Said, catalogue: dict[int | str, System]) -> Iterator[Guess]:
    if not fits.any():
        return
    for width, zones in ZONES.items():
        for zone in zones:
            declared = said.zone == zone and said.width == width and said.prefixed is not False
            system = _zone(catalogue, width, zone, prefixed=declared)
            if system is None:
                continue
            meridian = central_meridian(width, zone)
            if declared:
                evidence = Label(
                    f"东坐标为六位数，缺少带号；按声明补上第 {zone} 带（中央经线 {meridian:g}°）",
                    f"eastings have six digits and lack the zone's number; the declared zone {zone} (central meridian"
                    f" {meridian:g}°) is put before them",
                )
            else:
                evidence = Label(
                    f"东坐标为六位数，没有带号；按 {width} 度带、中央经线 {meridian:g}° 试算",
                    f"eastings have six digits and no zone's number; taken as {width}-degree, central meridian"
                    f" {meridian:g}°",
                )
            form = float(fits.mean()) * (BARE_3 if width == 3 else BARE_6)
            yield Guess(system, swapped, form, _ordered(evidence, swapped), fits, zone if declared else None)


def _zone(catalogue: dict[int | str, System], width: int, zone: int, prefixed: bool) -> System | None:
    for (_, degrees), firsts in FAMILIES.items():
        code = firsts[0 if prefixed else 1] + zone - ZONES[width].start
        if degrees == width and code in catalogue:
            return catalogue[code]
    return None


def percent(share: float) -> str:
    """A share as people read it, rounded down, so that 100% means all."""
    return f"{int(share * 1000 + 1e-9) / 10:g}%"
