"""Geometries of a GIS file looked over all at once, and made into raw features.

Each format brings its rows as arrays; here heights are dropped, coordinates and rings measured, and every odd row gets its
finding. Rows are counted from 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.model.finding import Finding
from geo.read.faults import error, info, warning
from geo.read.raw import Declared, Progress, RawFeature, counted
from geo.read.rings import FARTHEST, MANY_VERTICES, MOST_VERTICES

Geometries = NDArray[np.object_]

_NO_WKB = (shapely.GEOSException, TypeError, ValueError, NotImplementedError)
_TYPES = {
    0: ("点", "points"),
    1: ("线", "lines"),
    2: ("线", "lines"),
    3: ("面", "areas"),
    4: ("点", "points"),
    5: ("线", "lines"),
    6: ("面", "areas"),
    7: ("集合", "collections"),
}


@dataclass
class Rows:
    """The rows of one layer.

    label: what findings about the layer as a whole point at ("plots.shp"). where: each row's place. attributes, geometries
    (None where a row has none): each row's. heights: whether any row had Z or M that is gone already. findings: by row,
    counted from 0, what is known of it so far. crs: what the layer says of its system, where layers may differ.
    """

    label: str
    where: Sequence[str]
    attributes: Sequence[Mapping[str, object]]
    geometries: Geometries
    heights: bool = False
    findings: dict[int, list[Finding]] = field(default_factory=dict)
    crs: Declared | None = None

    def add(self, row: int, finding: Finding) -> None:
        """Gives a row a finding."""
        self.findings.setdefault(row, []).append(finding)


# NaN makes numpy warn in passing; it is looked for and reported by row.
quietly = np.errstate(all="ignore")


@quietly
def from_wkb(wkb: Geometries, rows_label: Sequence[str]) -> tuple[Geometries, dict[int, list[Finding]]]:
    """Geometries of WKB, None where there is none or it cannot be read; by row what was wrong.

    Rings that are not closed are closed, with a warning, and damaged WKB is an error finding; nothing is raised.
    """
    try:
        return shapely.from_wkb(wkb), {}
    except _NO_WKB:
        pass
    found: Geometries = np.full(len(wkb), None, dtype=object)
    findings: dict[int, list[Finding]] = {}
    for row, each in enumerate(wkb):
        try:
            found[row] = shapely.from_wkb(each)
        except NotImplementedError:
            findings[row] = [_curved(rows_label[row])]
        except _NO_WKB:
            found[row] = _mended(each)
            findings[row] = [not_closed(rows_label[row]) if found[row] is not None else damaged(rows_label[row])]
    return found, findings


def _mended(wkb: object) -> object:
    """The geometry with its rings closed, where nothing else is wrong with it."""
    try:
        return shapely.from_wkb(wkb, on_invalid="fix")  # type: ignore[call-overload]
    except _NO_WKB:
        return None


def _curved(where: str) -> Finding:
    return error(
        "curved-geometry",
        where,
        "图形含圆弧等曲线，请先在软件中转为折线再导出",
        "the geometry has curves; turn them into straight segments before exporting",
    )


@quietly
def features(rows: Rows, progress: Progress) -> tuple[tuple[RawFeature, ...], tuple[Finding, ...]]:
    """The rows as raw features, and findings about the layer: heights dropped, types mixed, rows without geometry."""
    general = _flattened(rows)
    _look_over(rows)
    general += _types(rows)
    found = (
        RawFeature(where, attributes, geometry, tuple(rows.findings.get(row, ())), rows.crs)
        for row, (where, attributes, geometry) in enumerate(
            zip(rows.where, rows.attributes, rows.geometries.tolist(), strict=True)
        )
    )
    return tuple(counted(found, len(rows.where), progress)), tuple(general)


def not_closed(where: str) -> Finding:
    """The finding of a ring whose last point isn't its first."""
    return warning(
        "ring-was-open",
        where,
        "有环首尾点不重合，已自动闭合",
        "a ring does not end at its first point; it was closed",
    )


def damaged(where: str) -> Finding:
    """The finding of a row whose geometry cannot be made out."""
    return error("geometry-damaged", where, "图形数据已损坏，无法读取", "the geometry is damaged and cannot be read")


def _flattened(rows: Rows) -> list[Finding]:
    """Z and M dropped, with a note."""
    high = rows.heights or bool((shapely.has_z(rows.geometries) | shapely.has_m(rows.geometries)).any())
    if not high:
        return []
    rows.geometries = shapely.force_2d(rows.geometries)
    return [
        info(
            "heights-dropped",
            rows.label,
            "图形带有高程（Z）或量测值（M），地块只用平面坐标，已略去",
            "the geometries have heights (Z) or measures (M); parcels need neither, they were left out",
        )
    ]


def _look_over(rows: Rows) -> None:
    """Rows without geometry, with impossible coordinates, with overlong rings."""
    for row in np.flatnonzero(shapely.is_missing(rows.geometries) | shapely.is_empty(rows.geometries)).tolist():
        rows.geometries[row] = None
        if row not in rows.findings:
            rows.add(row, warning("no-geometry", rows.where[row], "此行没有图形", "this row has no geometry"))
    xy, owner = shapely.get_coordinates(rows.geometries, return_index=True)
    for row in np.unique(owner[~np.isfinite(xy).all(axis=1)]).tolist():
        _refuse(
            rows,
            row,
            "coordinate-not-finite",
            "坐标不是有限数值（NaN 或无穷大）",
            "coordinates are not finite (NaN or infinite)",
        )
    far = (np.abs(xy) > FARTHEST).any(axis=1) & np.isfinite(xy).all(axis=1)
    for row in np.unique(owner[far]).tolist():
        _refuse(rows, row, "coordinate-out-of-range", "坐标大得不可能", "coordinates are impossibly large")
    counts = np.bincount(owner, minlength=len(rows.geometries))
    for row in np.flatnonzero(counts > MANY_VERTICES).tolist():
        _measure_rings(rows, row)


def _measure_rings(rows: Rows, row: int) -> None:
    if rows.geometries[row] is None:
        return
    parts = shapely.get_parts(rows.geometries[row])
    rings = shapely.get_rings(parts[shapely.get_type_id(parts) == 3])
    lines = rings if len(rings) else parts
    longest = int(shapely.get_num_coordinates(lines).max()) - len(rings[:1])
    if longest > MOST_VERTICES:
        said = f"{longest:,}"
        _refuse(
            rows,
            row,
            "ring-too-long",
            f"有一圈共 {said} 个点，超过上限 {MOST_VERTICES:,}，请先抽稀",
            f"a ring has {said} points, more than {MOST_VERTICES:,}; simplify it first",
        )
    elif longest > MANY_VERTICES:
        rows.add(
            row,
            warning(
                "ring-very-long",
                rows.where[row],
                f"有一圈共 {longest:,} 个点，处理较慢",
                f"a ring has {longest:,} points and will be slow",
            ),
        )


def _refuse(rows: Rows, row: int, code: str, zh: str, en: str) -> None:
    rows.geometries[row] = None
    rows.add(row, error(code, rows.where[row], zh, en))


def _types(rows: Rows) -> list[Finding]:
    kinds = shapely.get_type_id(rows.geometries)
    counts = Counter(_TYPES[kind] for kind in kinds[kinds >= 0].tolist())
    if len(counts) < 2:
        return []
    zh = "、".join(f"{name} {count} 个" for (name, _), count in counts.most_common())
    en = ", ".join(f"{count} {name}" for (_, name), count in counts.most_common())
    return [
        info(
            "mixed-geometry-types",
            rows.label,
            f"图形类型混杂：{zh}；都已保留",
            f"the geometries are of several types: {en}; all were kept",
        )
    ]


def common(declared: Sequence[Declared | None], name: str) -> tuple[Declared | None, tuple[Finding, ...]]:
    """What all layers say of their system; None with a warning where they differ."""
    said = [(each.epsg, each.wkt if not each.epsg else "") if each else None for each in declared]
    if all(each == said[0] for each in said):
        return declared[0], ()
    words = "; ".join(dict.fromkeys(each.text or str(each.epsg) if each else "?" for each in declared))
    return None, (
        warning(
            "mixed-systems",
            name,
            f"各图层的坐标系不同（{words}），将分别换算",
            f"the layers are in different coordinate systems ({words}); each is transformed by its own",
        ),
    )
