"""Axes and systems of a boundary-point text: which column is the easting, which zone the eastings carry, and who deviates."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geo.model.finding import Finding
from geo.read.axes import UNCLEAR, Look, commonest, look_of, looks
from geo.read.boundary_header import says_degrees, zone_of
from geo.read.boundary_rows import ParcelRows, Scanned
from geo.read.faults import error, warning
from geo.read.raw import Declared


@dataclass(slots=True)
class Systems:
    """look: what most parcels look like. parcels: the look of each. swapped: whether a parcel's first column is its easting.

    findings: of the file; by_parcel: of each parcel by its index.
    """

    look: Look | None
    parcels: list[Look | None]
    findings: list[Finding] = field(default_factory=list)
    by_parcel: dict[int, list[Finding]] = field(default_factory=dict)

    def easting_first(self, parcel: int) -> bool:
        """Whether this parcel's first number column is the easting; as in the rest of the file where it doesn't say."""
        look = self.parcels[parcel] or self.look
        return bool(look and look.easting_first)

    def own(self, parcel: int) -> Declared | None:
        """What a parcel says of its own system where it differs from the rest."""
        look = self.parcels[parcel]
        if look is None or self.look is None or _system(look) == _system(self.look):
            return None
        return Declared(zone=look.zone, text=look.zh)


def systems_of(scan: Scanned, name: str) -> Systems:
    """The looks of all parcels with the findings about them; every finding names a line."""
    codes, lines = _codes(scan.parcels)
    own = [commonest(code) for code in codes]
    common = commonest(np.array(own, dtype=np.int64))
    found = Systems(look_of(common), [look_of(code) for code in own])
    _odd_rows(found, codes, own, lines, name)
    _mixed_parcels(found, scan.parcels, name)
    _whole_file(found, scan, lines, name)
    return found


def _codes(parcels: list[ParcelRows]) -> tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]]:
    """The looks of each parcel's rows, and their lines."""
    if not parcels:
        return [], []
    rings = [ring for parcel in parcels for ring in parcel.rings]
    first, second = array("d"), array("d")
    lines = array("L")
    for ring in rings:
        first += ring.first
        second += ring.second
        lines += ring.lines
    ends = np.cumsum([sum(map(len, parcel.rings)) for parcel in parcels])[:-1]
    codes = looks(np.array(first, dtype=np.float64), np.array(second, dtype=np.float64))
    return np.split(codes, ends), np.split(np.array(lines, dtype=np.int64), ends)


def _system(look: Look) -> tuple[bool, int | None]:
    return look.degrees, look.zone


def _odd_rows(
    found: Systems, codes: list[NDArray[np.int64]], own: list[int], lines: list[NDArray[np.int64]], name: str
) -> None:
    for index, (rows, common) in enumerate(zip(codes, own, strict=True)):
        if common == UNCLEAR or (rows == common).all():
            continue
        wrong = np.flatnonzero(rows != common)
        line = int(lines[index][wrong[0]])
        other, usual = look_of(int(rows[wrong[0]])), found.parcels[index]
        found.by_parcel.setdefault(index, []).append(_odd_row(f"{name}:{line}", len(wrong), other, usual))


def _odd_row(where: str, count: int, other: Look | None, usual: Look | None) -> Finding:
    if other is None or usual is None:
        return error(
            "coordinate-implausible",
            where,
            f"坐标既不像高斯投影坐标也不像经纬度（本地块共 {count} 行），可能缺位或多位",
            f"the coordinates are neither Gauss-Krüger nor degrees ({count} rows of this parcel); a digit may be missing",
        )
    if _system(other) == _system(usual):
        return error(
            "axes-mixed",
            where,
            f"此行的东、北坐标次序与本地块其他行相反（共 {count} 行）",
            f"easting and northing stand the other way round than in the rest of this parcel ({count} rows)",
        )
    return error(
        "mixed-systems",
        where,
        f"同一地块混用坐标系：此行为{other.zh}，其他行为{usual.zh}（共 {count} 行）",
        f"one parcel mixes systems: this row has {other.en}, the others have {usual.en} ({count} rows)",
    )


def _mixed_parcels(found: Systems, parcels: list[ParcelRows], name: str) -> None:
    usual = found.look
    if usual is None:
        return
    for index, look in enumerate(found.parcels):
        where = f"{name}:{parcels[index].line}"
        if look is None:
            continue
        if _system(look) != _system(usual):
            found.by_parcel.setdefault(index, []).append(
                error(
                    "mixed-systems",
                    where,
                    f"此地块为{look.zh}，文件中多数地块为{usual.zh}；请统一坐标系或拆分文件",
                    f"this parcel has {look.en}, most of the file has {usual.en}; use one system or split the file",
                )
            )
        elif look.easting_first != usual.easting_first:
            found.by_parcel.setdefault(index, []).append(
                warning(
                    "axes-mixed",
                    where,
                    "此地块的东、北坐标次序与其他地块相反，已按数值大小识别",
                    "easting and northing stand the other way round than in other parcels; told by magnitude",
                )
            )


def _whole_file(found: Systems, scan: Scanned, lines: list[NDArray[np.int64]], name: str) -> None:
    first_line = next((int(rows[0]) for rows in lines if len(rows)), 0)
    where, look = f"{name}:{first_line}", found.look
    if first_line and look is None:
        found.findings.append(
            error(
                "coordinates-unknown",
                where,
                "坐标既不像高斯投影坐标（北 100–650 万，东 6 位或带号加 6 位）也不像经纬度，无法定位",
                "the coordinates are neither Gauss-Krüger (northing 1.0–6.5 million, easting of 6 or 8 digits) nor degrees",
            )
        )
    if look is None:
        return
    if look.easting_first:
        found.findings.append(
            warning(
                "easting-first",
                where,
                "坐标列为东坐标（经度）在前，与规定的北坐标（X）在前相反，已按数值大小识别",
                "the easting (longitude) comes first, not the northing (X) as is usual; told by magnitude",
            )
        )
    found.findings += _header_faults(scan, _zones(found), look, where)


def _zones(found: Systems) -> Counter[int]:
    return Counter(look.zone for look in found.parcels if look is not None and look.zone is not None)


def _header_faults(scan: Scanned, zones: Counter[int], look: Look, where: str) -> list[Finding]:
    faults = []
    said = zone_of(scan.pairs)
    if said is not None and zones and set(zones) != {said} and not 73 <= said <= 136:
        seen = "、".join(str(zone) for zone in zones)
        faults.append(
            warning(
                "zone-mismatch",
                where,
                f"文件头写带号={said}，东坐标却以 {seen} 开头；按坐标本身的带号处理，请核对",
                f"the header says zone {said} but the eastings begin with {seen}; the coordinates' own zone is used",
            )
        )
    degrees = says_degrees(scan.pairs)
    if degrees is not None and degrees != look.degrees:
        unit = scan.pairs.get("计量单位", "")
        faults.append(
            warning(
                "unit-mismatch",
                where,
                f"文件头写计量单位={unit}，坐标却是{'经纬度' if look.degrees else '平面坐标'}；按坐标本身处理",
                f"the header's unit is '{unit}' but the coordinates are {'degrees' if look.degrees else 'metres'}; these count",
            )
        )
    return faults
