"""Polygons out of rings, by what lies in what and never by the ring's number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.model.finding import Finding
from geo.read.faults import error, warning

Points = NDArray[np.float64]

SNAP_METRES = 0.5
SNAP_DEGREES = 5e-6
MOST_VERTICES = 1_000_000
MANY_VERTICES = 100_000
MOST_PAIRS = 5_000_000
FARTHEST = 1e9


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring as the file has it, closed or not.

    xy: (n, 2), x = easting or longitude. where: its place in the file ("a.txt:17"). number: as the file numbers it (圈号).
    closes: whether the file itself says that the last point is the first again (same point id); None where it doesn't say.
    """

    xy: Points
    where: str
    number: str = ""
    closes: bool | None = None


class Assembled(NamedTuple):
    """A Polygon or MultiPolygon (None where no ring is left) and what was odd about the rings."""

    geometry: BaseGeometry | None
    findings: tuple[Finding, ...] = ()


def assembled(rings: Sequence[Ring]) -> Assembled:
    """The geometry of the rings: a ring in no other is a part, in a part a hole, in a hole an island, and so on.

    Parts and holes keep the order and the direction in which the file has them. A ring without its closing point is closed;
    one that closes within 0.5 m (5e-6°) is closed exactly, with a warning. Rings that cannot be (fewer than three points, not
    finite, too long) are left out with an error; self-crossing ones are kept as they are.
    """
    findings: list[Finding] = []
    sound: list[tuple[Points, Ring]] = []
    for position, ring in enumerate(rings, start=1):
        points = _closed(ring, ring.number or str(position), findings)
        if points is not None:
            sound.append((points, ring))
    if not sound:
        return Assembled(None, tuple(findings))
    if len(sound) == 1:
        return Assembled(shapely.Polygon(shapely.linearrings(sound[0][0])), tuple(findings))
    return Assembled(_nested(_without_repeats(sound, findings), rings[0].where, findings), tuple(findings))


def is_degrees(xy: Points) -> bool:
    """Whether these can only be degrees (no projected coordinate of ours is this small)."""
    return bool(len(xy)) and bool(np.nanmax(np.abs(xy)) <= 360)


def _closed(ring: Ring, number: str, findings: list[Finding]) -> Points | None:
    xy, where = np.asarray(ring.xy, dtype=np.float64).reshape(-1, 2), ring.where
    fault = _impossible(xy, where, number)
    if fault:
        findings.append(fault)
        return None
    xy = _snapped(xy, ring.closes, where, number, findings)
    while len(xy) > 1 and (xy[0] == xy[-1]).all():
        xy = xy[:-1]
    if not _has_three(xy):
        findings.append(
            error(
                "ring-too-few-points",
                where,
                f"第 {number} 圈不足三个不同的点，构不成面",
                f"ring {number} has fewer than three different points and encloses nothing",
            )
        )
        return None
    if len(xy) > MANY_VERTICES:
        findings.append(_many(len(xy), where, number))
        if len(xy) > MOST_VERTICES:
            return None
    return np.vstack([xy, xy[:1]])


def _impossible(xy: Points, where: str, number: str) -> Finding | None:
    wrong = ~(np.abs(xy) <= FARTHEST).all(axis=1)
    if not wrong.any():
        return None
    index = int(np.argmax(wrong))
    if np.isfinite(xy[index]).all():
        return error(
            "coordinate-out-of-range",
            where,
            f"第 {number} 圈第 {index + 1} 点的坐标大得不可能",
            f"ring {number}: the coordinates of point {index + 1} are impossibly large",
        )
    return error(
        "coordinate-not-finite",
        where,
        f"第 {number} 圈第 {index + 1} 点的坐标不是有限数值",
        f"ring {number}: the coordinates of point {index + 1} are not finite",
    )


def _snapped(xy: Points, closes: bool | None, where: str, number: str, findings: list[Finding]) -> Points:
    if len(xy) < 4:
        return xy
    gap = float(np.hypot(*(xy[-1] - xy[0])))
    degrees = is_degrees(xy)
    limit = SNAP_DEGREES if degrees else SNAP_METRES
    # A last point with an id of its own, or on a densely digitised ring, may be a real corner near the first.
    if closes is False:
        limit /= 5
    if not closes:
        limit = min(limit, float(np.median(np.hypot(*np.diff(xy, axis=0).T))) / 2)
    unit_zh, unit_en = ("度", "degrees") if degrees else ("米", "m")
    said = f"{gap:.7f}" if degrees else f"{gap:.3f}"
    if 0 < gap <= limit:
        findings.append(
            warning(
                "ring-not-closed-exactly",
                where,
                f"第 {number} 圈的终点与起点相差 {said} {unit_zh}，已按起点闭合",
                f"ring {number}: its last point is {said} {unit_en} off the first; closed at the first",
            )
        )
        return xy[:-1]
    if closes and gap > limit:
        findings.append(
            error(
                "closing-point-differs",
                where,
                f"第 {number} 圈的终点与起点编号相同，坐标却相差 {said} {unit_zh}，请核对",
                f"ring {number}: its last point has the first one's id but lies {said} {unit_en} off; check it",
            )
        )
    return xy


def _has_three(xy: Points) -> bool:
    if len(xy) < 3:
        return False
    others = xy[(xy != xy[0]).any(axis=1)]
    return len(others) > 1 and bool((others != others[0]).any())


def _many(count: int, where: str, number: str) -> Finding:
    if count > MOST_VERTICES:
        return error(
            "ring-too-long",
            where,
            f"第 {number} 圈有 {count:,} 个点，超过上限 {MOST_VERTICES:,}，请先抽稀",
            f"ring {number} has {count:,} points, more than {MOST_VERTICES:,}; simplify it first",
        )
    return warning(
        "ring-very-long",
        where,
        f"第 {number} 圈有 {count:,} 个点，处理较慢",
        f"ring {number} has {count:,} points and will be slow",
    )


def _nested(rings: list[Points], where: str, findings: list[Finding]) -> BaseGeometry:
    faces = np.array([shapely.Polygon(shapely.linearrings(ring)) for ring in rings], dtype=object)
    containers = _containers(faces, where, findings)
    holes: dict[int, list[int]] = {}
    for ring, around in enumerate(containers):
        if len(around) % 2 == 0:
            holes.setdefault(ring, [])
    for ring, around in enumerate(containers):
        if ring in holes:
            continue
        # Where rings cross, the innermost container may itself be a hole: the next part around it takes the ring.
        owner = next((outer for outer in reversed(around) if outer in holes), None)
        holes.setdefault(ring if owner is None else owner, []).extend([] if owner is None else [ring])
    parts = [shapely.Polygon(rings[shell], [rings[hole] for hole in holes[shell]]) for shell in sorted(holes)]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _without_repeats(rings: list[tuple[Points, Ring]], findings: list[Finding]) -> list[Points]:
    """Each ring once: one that a file holds twice would be a hole that swallows its own part."""
    seen: dict[bytes, Ring] = {}
    kept = []
    for points, ring in rings:
        corners = points[:-1]
        key = corners[np.lexsort(corners.T)].tobytes()
        if key not in seen:
            seen[key] = ring
            kept.append(points)
            continue
        first = seen[key]
        findings.append(
            warning(
                "ring-repeated",
                ring.where,
                f"此圈与 {first.where} 的圈完全相同，已略去",
                f"this ring is the same as the one at {first.where}; left out",
            )
        )
    return kept


def _containers(faces: NDArray[np.object_], where: str, findings: list[Finding]) -> list[list[int]]:
    """For each ring those that it lies in, largest first."""
    boxes = shapely.bounds(faces)
    spans = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    # Largest box first, for a ring inside another cannot have a larger one; the enclosed area breaks the tie.
    rank = np.empty(len(faces), dtype=np.int64)
    rank[np.lexsort((-shapely.area(faces), -spans))] = np.arange(len(faces))
    inner = shapely.point_on_surface(faces)
    tree = shapely.STRtree(list(faces))
    containers: list[list[int]] = [[] for _ in faces]
    if _pairs(tree, inner) > MOST_PAIRS:
        findings.append(
            error(
                "rings-too-entangled",
                where,
                f"{len(faces):,} 个环层层相套，无法判断内外关系",
                f"{len(faces):,} rings lie in one another; which is a hole cannot be told",
            )
        )
        return containers
    for outer in np.argsort(rank):
        near = tree.query(faces[outer])
        near = near[rank[near] > rank[outer]]
        shapely.prepare(faces[outer])
        inside = shapely.contains_xy(faces[outer], shapely.get_x(inner[near]), shapely.get_y(inner[near]))
        for ring in near[inside]:
            containers[int(ring)].append(int(outer))
    return containers


def _pairs(tree: shapely.STRtree, inner: NDArray[np.object_]) -> int:
    """How many point-in-box hits there are, known from a sample where there are many."""
    sample = inner if len(inner) <= 200 else inner[:: len(inner) // 100]
    hits = tree.query(sample).shape[1]
    return int(hits * len(inner) / len(sample))
