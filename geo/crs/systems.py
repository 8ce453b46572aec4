"""The coordinate systems that parcels come in: what each is, and the catalogue of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Literal

from datasets.labels import Label
from geo.crs.faults import LocalParametersNeeded
from geo.crs.local import LocalParameters

Kind = Literal["gauss-kruger", "geographic", "shifted", "web-mercator"]
Datum = Literal["CGCS2000", "WGS84", "Xian80", "Beijing54", "GCJ-02", "BD-09"]
Local = Mapping[str, LocalParameters]

FALSE_EASTING = 500_000.0
ZONE_STEP = 1_000_000
ZONES = {3: range(25, 46), 6: range(13, 24)}  # China lies in no others, so that a zone's number tells its width

DATUM_LABELS: Mapping[str, Label] = {
    "CGCS2000": Label("CGCS2000", "CGCS2000"),
    "WGS84": Label("WGS-84", "WGS 84"),
    "Xian80": Label("1980 西安坐标系", "Xian 1980"),
    "Beijing54": Label("1954 北京坐标系", "Beijing 1954"),
}
ELLIPSOIDS: Mapping[str, tuple[float, float]] = {
    "CGCS2000": (6378137.0, 298.257222101),
    "WGS84": (6378137.0, 298.257223563),
    "Xian80": (6378140.0, 298.257),
    "Beijing54": (6378245.0, 298.3),
}
GEOGRAPHIC: Mapping[str, int] = {"CGCS2000": 4490, "WGS84": 4326, "Xian80": 4610, "Beijing54": 4214}

# The first code of each family in the EPSG registry: (datum, width) → with the zone's prefix, by meridian.
FAMILIES: Mapping[tuple[Datum, int], tuple[int, int]] = {
    ("CGCS2000", 3): (4513, 4534),
    ("CGCS2000", 6): (4491, 4502),
    ("Xian80", 3): (2349, 2370),
    ("Xian80", 6): (2327, 2338),
    ("Beijing54", 3): (2401, 2422),
    ("Beijing54", 6): (21413, 21453),
}


@dataclass(frozen=True, slots=True)
class System:
    """A coordinate system; x is always easting or longitude, y northing or latitude.

    code: "EPSG:4526", "GCJ-02" or "BD-09". width, zone, meridian (degrees east): of a Gauss-Krüger zone, else None.
    prefixed: whether eastings begin with the zone's number (38 500 000 rather than 500 000). datum: the Earth it is
    on. local: the seven parameters of a place, for a system of an older datum.
    """

    code: str
    label: Label
    kind: Kind
    epsg: int | None
    width: int | None = None
    zone: int | None = None
    meridian: float | None = None
    prefixed: bool | None = None
    datum: Datum = "CGCS2000"
    local: LocalParameters | None = None

    @property
    def false_easting(self) -> float:
        """The easting of the central meridian in metres; 0 where there is none."""
        if self.kind != "gauss-kruger":
            return 0.0
        return FALSE_EASTING + (ZONE_STEP * (self.zone or 0) if self.prefixed else 0)


def central_meridian(width: int, zone: int) -> float:
    """The central meridian in degrees east of a zone 3 or 6 degrees wide."""
    return float(zone * 3 if width == 3 else zone * 6 - 3)


@cache
def systems() -> Mapping[str, System]:
    """The systems that need no parameters, by code: CGCS2000 in all its zones, WGS-84, Web-Mercator, GCJ-02, BD-09."""
    return MappingProxyType({s.code: s for s in _all() if s.datum not in ("Xian80", "Beijing54")})


@cache
def older_systems() -> Mapping[str, System]:
    """Xian 1980 and Beijing 1954 by code: recognised, but of use only with a place's own parameters (`with_local`)."""
    return MappingProxyType({s.code: s for s in _all() if s.datum in ("Xian80", "Beijing54")})


def with_local(system: System, local: Local | None) -> System:
    """The same system, ready for use: an older one gets the parameters configured for its datum.

    local: datum ("Xian80", "Beijing54") → parameters. Raises LocalParametersNeeded where they are missing.
    """
    if system.datum not in ("Xian80", "Beijing54") or system.local is not None:
        return system
    parameters = (local or {}).get(system.datum)
    if parameters is None:
        raise LocalParametersNeeded(system.datum, DATUM_LABELS[system.datum])
    return replace(system, local=parameters)


def _all() -> Iterator[System]:
    yield _degrees("CGCS2000", "China Geodetic Coordinate System 2000")
    yield _degrees("WGS84", "WGS 84")
    for datum, width in FAMILIES:
        yield from _zones(datum, width)
    mercator = Label("Web 墨卡托（WGS-84）", "WGS 84 / Pseudo-Mercator")
    yield System("EPSG:3857", mercator, "web-mercator", 3857, datum="WGS84")
    yield System("GCJ-02", Label("GCJ-02（高德、腾讯地图）", "GCJ-02 (Amap, Tencent)"), "shifted", None, datum="GCJ-02")
    yield System("BD-09", Label("BD-09（百度地图）", "BD-09 (Baidu)"), "shifted", None, datum="BD-09")
    yield _degrees("Xian80", "Xian 1980")
    yield _degrees("Beijing54", "Beijing 1954")


def _degrees(datum: Datum, english: str) -> System:
    epsg = GEOGRAPHIC[datum]
    return System(f"EPSG:{epsg}", Label(f"{DATUM_LABELS[datum].zh} 经纬度", english), "geographic", epsg, datum=datum)


def _zones(datum: Datum, width: int) -> Iterator[System]:
    name = DATUM_LABELS[datum]
    english = f"{name.en} / 3-degree Gauss-Kruger" if width == 3 else f"{name.en} / Gauss-Kruger"
    for prefixed, first in zip((True, False), FAMILIES[datum, width], strict=True):
        for step, zone in enumerate(ZONES[width]):
            meridian = central_meridian(width, zone)
            if prefixed:
                zh, en = f"第 {zone} 带（中央经线 {meridian:g}°）", f"zone {zone}"
            else:
                zh, en = f"中央经线 {meridian:g}°（不带带号）", f"CM {meridian:g}E"
            yield System(
                code=f"EPSG:{first + step}",
                label=Label(f"{name.zh} {width} 度带{'' if prefixed else '，'}{zh}", f"{english} {en}"),
                kind="gauss-kruger",
                epsg=first + step,
                width=width,
                zone=zone,
                meridian=meridian,
                prefixed=prefixed,
                datum=datum,
            )
