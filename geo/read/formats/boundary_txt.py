"""Boundary-point text (界址点坐标 TXT): parcels as header rows ending in @ and rows of numbered points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.model.finding import Finding
from geo.read.boundary_header import declared_of
from geo.read.boundary_rows import ParcelRows, RingRows, Scanned, scanned
from geo.read.boundary_systems import Systems, systems_of
from geo.read.extensions import extension
from geo.read.faults import error, unreadable, warning
from geo.read.raw import Progress, RawFeature, Reader, ReadFile, Sniff, Unreadable, counted
from geo.read.rings import Ring, assembled
from geo.read.texts import decoded, narrowed

NAMES = ("界址点数", "地块面积", "地块编号", "地块名称", "记录图形属性", "图幅号", "地块用途", "地类编码")
EXTRA = ("图斑类型", "地类", "改造前质量等别", "改造后质量等别", "备注")
_MARK = re.compile(r"[\[【〔]\s*(地块坐标|属性描述)\s*[\]】〕]")
_AT_END = re.compile(r"^[^\n@]{0,300},[^\n@]{0,300}@[ \t,;]{0,20}$", re.M)


def recognises(sniff: Sniff) -> int:
    """Certain by its section marks; very likely by a header row ending in @."""
    try:
        text = narrowed(decoded(sniff.head, sniff.name).text)
    except Unreadable:
        return 0
    if _MARK.search(text):
        return 95
    return 90 if _AT_END.search(text) else 0


def read(path: Path, name: str, progress: Progress) -> ReadFile:
    """The parcels of a file, northing-first or easting-first, metres or degrees."""
    return parsed(path.read_bytes(), name, progress)


def parsed(data: bytes, name: str, progress: Progress) -> ReadFile:
    """The same from bytes; raises Unreadable where there is no parcel at all."""
    text = decoded(data, name)
    scan = scanned(text.text, name, progress)
    if not scan.parcels:
        raise unreadable(
            "no-parcels",
            name,
            "没有找到地块：应有以“@”结尾的地块头行和其后的界址点",
            "no parcel is found: there should be header rows ending in @, each followed by its points",
        )
    systems = systems_of(scan, name)
    zone = systems.look.zone if systems.look else None
    features = tuple(counted(_features(scan, systems, name), len(scan.parcels), progress))
    findings = (*extension(READER, name, (".txt", "")), *text.findings, *scan.findings, *systems.findings)
    return ReadFile(name, READER.name, declared_of(scan.pairs, zone), features, findings)


def _features(scan: Scanned, systems: Systems, name: str) -> Iterator[RawFeature]:
    for index, parcel in enumerate(scan.parcels):
        where = f"{name}:{parcel.line}"
        geometry, faults = _geometry(parcel, systems.easting_first(index), name)
        found = [*parcel.findings, *systems.by_parcel.get(index, ()), *faults, *_counts(parcel, where)]
        yield RawFeature(where, _attributes(parcel.fields), geometry, tuple(found), systems.own(index))


def _attributes(fields: list[str]) -> dict[str, object]:
    """The header's fields under their usual names, as written; the area too, for its unit is often not what it should be."""
    names: tuple[str, ...] = NAMES
    extra = len(fields) - len(NAMES)
    if extra > 0:
        names += EXTRA[:extra] if extra in (4, 5) else tuple(f"附加字段{number}" for number in range(1, extra + 1))
    return dict(zip(names, fields, strict=False))


def _geometry(parcel: ParcelRows, easting_first: bool, name: str) -> tuple[BaseGeometry | None, tuple[Finding, ...]]:
    rings = [_ring(ring, easting_first, name) for ring in parcel.rings]
    shape = parcel.fields[4] if len(parcel.fields) > 4 else ""
    if not rings:
        return None, ()
    if shape == "点":
        points = np.vstack([ring.xy for ring in rings])
        return (shapely.Point(points[0]) if len(points) == 1 else shapely.MultiPoint(points)), ()
    if shape == "线":
        lines = [shapely.LineString(ring.xy) for ring in rings if len(ring.xy) > 1]
        return (lines[0] if len(lines) == 1 else shapely.MultiLineString(lines) if lines else None), ()
    return assembled(rings)


def _ring(ring: RingRows, easting_first: bool, name: str) -> Ring:
    columns = (ring.first, ring.second) if easting_first else (ring.second, ring.first)
    return Ring(np.array(columns, dtype=np.float64).T, f"{name}:{ring.line}", ring.number, ring.closes())


def _counts(parcel: ParcelRows, where: str) -> list[Finding]:
    said = parcel.fields[0] if parcel.fields else ""
    rows = sum(map(len, parcel.rings))
    if not rows:
        return [_no_points(said, where)]
    if not said.isdecimal() or len(said) > 9:
        return [
            warning(
                "point-count",
                where,
                f"地块头行第一项“{said}”应为界址点数，实有 {rows} 行",
                f"the header's first field '{said}' should be the number of points; there are {rows} rows",
            )
        ]
    closing = sum(ring.closed() for ring in parcel.rings)
    if rows - closing <= int(said) <= rows:
        return []
    return [
        warning(
            "point-count",
            where,
            f"地块头行写 {said} 个界址点，实有 {rows} 行（含闭合点 {closing} 个）",
            f"the header says {said} points; there are {rows} rows, {closing} of them closing ones",
        )
    ]


def _no_points(said: str, where: str) -> Finding:
    if said.strip("0") == "":
        return warning("parcel-without-points", where, "地块没有界址点", "the parcel has no points")
    return error(
        "parcel-without-points",
        where,
        f"地块头行写 {said} 个界址点，其后却没有可用的坐标行",
        f"the header says {said} points but no usable row follows",
    )


READER = Reader(
    name="boundary-txt",
    label=Label("界址点坐标文本", "Boundary-point text"),
    suffixes=(".txt",),
    recognises=recognises,
    read=read,
    order=10,
)
