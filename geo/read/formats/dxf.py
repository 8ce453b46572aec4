"""DXF drawings, ASCII and binary: closed polylines, those that lie in one another on the same layer as holes.

Arcs are flattened to within 0.05 m. A text inside a parcel becomes its attribute `text`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.model.finding import Finding
from geo.read.extensions import extension
from geo.read.faults import error, info, unreadable, warning
from geo.read.formats._dxf_drawing import BINARY, DWG, loaded
from geo.read.formats._dxf_lines import MOST_ENTITIES, Gathered, Text, gathered, ring_of
from geo.read.raw import Progress, RawFeature, Reader, ReadFile, Sniff, Unreadable
from geo.read.rings import Points, Ring, assembled
from geo.read.vectors import quietly

_BEGINS = re.compile(rb"^(?:\xef\xbb\xbf)?(?:\s*999[ \t]*\r?\n[^\n]*\n)*\s*0[ \t]*\r?\n[ \t]*SECTION", re.IGNORECASE)
_METRES = {
    1: ("英寸", "inches", 0.0254),
    2: ("英尺", "feet", 0.3048),
    4: ("毫米", "mm", 0.001),
    5: ("厘米", "cm", 0.01),
    7: ("千米", "km", 1000.0),
}
_MOST_NAMED = 50


def _recognises(sniff: Sniff) -> int:
    if sniff.head.startswith(BINARY) or _BEGINS.match(sniff.head):
        return 95
    if DWG.match(sniff.head):
        return 96
    return 30 if sniff.suffix in READER.suffixes else 0


def _read(path: Path, name: str, progress: Progress) -> ReadFile:
    document, findings = loaded(path, name)
    found = gathered(document.modelspace(), lambda done: progress(done, 0))
    scale, about = _scale(document, found, name)
    findings += (*extension(READER, name, READER.suffixes), *about)
    rings: dict[str, list[Ring]] = {}
    for line in found.lines:
        xy = ring_of(line, scale)
        if xy is not None:
            where = f"{line.layer}:{line.handle}"
            rings.setdefault(line.layer, []).append(Ring(xy, where, closes=False if line.closed else None))
    if not rings:
        raise _no_closed_lines(found, name)
    features: list[RawFeature] = []
    for layer, listed in rings.items():
        made, left = _parcels(layer, listed)
        features += made
        findings += left
        progress(len(features), 0)
    features = _labelled(features, [Text(each.text, each.x * scale, each.y * scale) for each in found.texts])
    findings += _left_out(found, name, sum(len(each) for each in rings.values()))
    return ReadFile(name, READER.name, None, tuple(features), tuple(findings))


@quietly
def _scale(document: Any, found: Gathered, name: str) -> tuple[float, tuple[Finding, ...]]:
    """How many metres a unit of the drawing is; templates often say millimetres over coordinates in metres."""
    zh, en, scale = _METRES.get(_units(document), ("", "", 1.0))
    if scale == 1.0 or not found.lines:
        return 1.0, ()
    middle = np.median(np.vstack([line.xy[:1] for line in found.lines]), axis=0)
    if _in_china(middle) and not _in_china(middle * scale):
        return 1.0, (
            warning(
                "dxf-units-ignored",
                name,
                f"图纸单位写的是{zh}，坐标却是以米计的测量坐标，已按米读取",
                f"the drawing says {en} but its coordinates are survey coordinates in metres; read as metres",
            ),
        )
    return scale, (
        warning(
            "dxf-units-scaled", name, f"图纸单位是{zh}，坐标已换算为米", f"the drawing is in {en}; scaled to metres"
        ),
    )


def _units(document: Any) -> int:
    try:
        return int(document.header.get("$INSUNITS", 0))
    except (TypeError, ValueError):
        return 0


def _in_china(xy: Points) -> bool:
    """Whether these are Gauss-Krüger metres of China: northing, then easting without or with a zone number."""
    x, y = float(xy[0]), float(xy[1])
    return 3e5 <= y <= 6.2e6 and (1e5 <= x <= 9e5 or 13e6 <= x <= 46e6)


@quietly
def _parcels(layer: str, rings: Sequence[Ring]) -> tuple[list[RawFeature], list[Finding]]:
    """The polygons of one layer, each named after its outer line; findings that belong to none of them."""
    geometry, findings = assembled(rings)
    if geometry is None:
        return [], list(findings)
    names = _named(rings)
    mine: dict[str, list[Finding]] = {}
    for finding in findings:
        mine.setdefault(finding.where, []).append(finding)
    features = []
    for polygon in shapely.get_parts(geometry).tolist():
        where = names.get(_key(shapely.get_coordinates(polygon.exterior)), f"{layer}:?")
        inner = [names.get(_key(shapely.get_coordinates(hole)), "?") for hole in polygon.interiors]
        about = [each for line in (where, *inner) for each in mine.pop(line, ())]
        if inner:
            about.append(_holes(where, inner))
        features.append(RawFeature(where, {"layer": layer}, polygon, tuple(about)))
    return features, [each for listed in mine.values() for each in listed]


def _holes(where: str, inner: Sequence[str]) -> Finding:
    return info(
        "dxf-inner-lines",
        where,
        f"同图层内的 {len(inner)} 条闭合线在此线之内，已作为内环扣除：{'、'.join(inner[:5])}",
        f"{len(inner)} closed lines of the layer lie inside this one and were taken as holes: {', '.join(inner[:5])}",
    )


def _key(xy: Points) -> bytes:
    return bytes(xy[:3].tobytes())


def _named(rings: Sequence[Ring]) -> dict[bytes, str]:
    """Each ring's place by its first corners: what tells it among the finished polygons."""
    named: dict[bytes, str] = {}
    for ring in rings:
        named.setdefault(_key(np.vstack([ring.xy, ring.xy[:1]])), ring.where)
    return named


@quietly
def _labelled(features: list[RawFeature], texts: Sequence[Text]) -> list[RawFeature]:
    """The features with the texts inside: each text belongs to the smallest parcel around it, `text` is the innermost."""
    if not texts or not features:
        return features
    shapes: list[BaseGeometry] = [each.geometry for each in features if each.geometry is not None]
    points = shapely.points([(each.x, each.y) for each in texts])
    areas = shapely.area(shapes)
    owner: dict[int, int] = {}
    for text, row in shapely.STRtree(shapes).query(points, predicate="within").T.tolist():
        if text not in owner or areas[row] < areas[owner[text]]:
            owner[text] = row
    inside: dict[int, list[int]] = {}
    for text, row in sorted(owner.items()):
        inside.setdefault(row, []).append(text)
    labelled = list(features)
    for row, listed in inside.items():
        centre = shapely.centroid(shapes[row])
        nearest = min(listed, key=lambda text: float(shapely.distance(points[text], centre)))
        attributes = {**features[row].attributes, "text": texts[nearest].text}
        if len(listed) > 1:
            attributes["texts"] = "; ".join(texts[each].text for each in listed[:_MOST_NAMED])
        labelled[row] = RawFeature(features[row].where, attributes, features[row].geometry, features[row].findings)
    return labelled


def _left_out(found: Gathered, name: str, closed: int) -> list[Finding]:
    findings = [
        info(
            "no-crs",
            name,
            "DXF 不写坐标系，需按坐标判断并由您确认",
            "a DXF names no coordinate system: it is told by the coordinates and needs your word",
        )
    ]
    if found.too_many:
        findings.append(
            error(
                "dxf-too-many",
                name,
                f"图元（连同展开的图块）超过 {MOST_ENTITIES:,} 个，其余未读取；请只保留地块界线图层",
                f"with blocks exploded there are over {MOST_ENTITIES:,} entities, not all were read; save only the parcels",
            )
        )
    loose = found.loose + len(found.lines) - closed
    if loose:
        findings.append(
            info(
                "dxf-open-lines",
                name,
                f"{loose} 条未闭合的线未读取",
                f"{loose} lines that are not closed were not read",
            )
        )
    if found.nested:
        findings.append(
            warning(
                "dxf-nested-blocks",
                name,
                f"{found.nested} 个嵌套图块未读取，请先分解（EXPLODE）",
                f"{found.nested} blocks inside blocks were not read; explode them first",
            )
        )
    if found.high:
        findings.append(
            info(
                "heights-dropped", name, "图形带有高程（Z），已略去", "the lines have heights (Z), which were left out"
            )
        )
    findings += [
        warning("dxf-entity-damaged", where, "图元已损坏，未读取", "the entity is damaged and was not read")
        for where in found.damaged[:_MOST_NAMED]
    ]
    return findings


def _no_closed_lines(found: Gathered, name: str) -> Unreadable:
    loose = found.loose + len(found.lines)
    return unreadable(
        "dxf-no-closed-lines",
        name,
        f"没有闭合的多段线（有 {loose} 条未闭合的线）；请在 CAD 中用 PEDIT 合并并闭合，或用 BOUNDARY 生成边界后另存",
        f"there is no closed polyline ({loose} open lines); join and close them with PEDIT, or make them with BOUNDARY, and save",
    )


READER = Reader(
    name="dxf",
    label=Label("DXF", "DXF"),
    suffixes=(".dxf",),
    recognises=_recognises,
    read=_read,
    order=50,
)
