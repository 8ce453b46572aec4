"""A file's coordinates → WGS-84: in the system that the person chose, that the file declares, or that fits best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.check.spot import Geometries, Points, Spot, error
from geo.crs import (
    Candidate,
    CrsFault,
    Declared,
    LocalParametersNeeded,
    OutOfDomain,
    System,
    candidates,
    to_wgs84,
)
from geo.crs.systems import Local
from geo.model.finding import Finding, Severity
from geo.read import ReadFile

CHOSEN = Label("由录入人选定", "chosen by the person")
NO_GEOMETRY = Label("文件中没有坐标", "the file holds no coordinates")
ALIKE_DEGREES = 1e-5  # about a metre: two candidates that put a point no farther apart say the same
CLOSE_SCORE = 0.05
SURE = 0.99


@dataclass(frozen=True, eq=False)
class Grounds:
    """Where the person works: home and larger areas about it, WGS-84, with their names (home first)."""

    home: BaseGeometry | None = None
    around: Sequence[BaseGeometry] = ()
    names: Sequence[Label] = ()
    local: Local | None = None


@dataclass(eq=False)
class Placement:
    """geometries: WGS-84, None where a row has none or it could not be placed. crs: each row's system and arrangement in words
    for the record ("EPSG:4526", "EPSG:4526 swapped"). chosen: the candidate of most rows; candidates: all of theirs."""

    geometries: Geometries
    crs: list[str]
    chosen: Candidate | None = None
    candidates: list[Candidate] = field(default_factory=list)
    reason: Label = NO_GEOMETRY
    spots: list[tuple[int, Spot]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def given_system(system: System, swapped: bool = False, prefix: int | None = None) -> Candidate:
    """What a person chose, as a candidate."""
    return Candidate(system, swapped, prefix, 1.0, CHOSEN, 0.0)


def arrangement(candidate: Candidate) -> str:
    """The system and how the numbers were read, for the record."""
    added = f" +{candidate.prefix_added}000000" if candidate.prefix_added else ""
    return f"{candidate.system.code}{' swapped' if candidate.swapped else ''}{added}"


def placed(
    read: ReadFile, shapes: Geometries, chosen: Candidate | None, grounds: Grounds, tell: Callable[[], None]
) -> Placement:
    """The rows' shapes (in the file's units) on the map. tell: called now and then; it may raise to cancel."""
    placement = Placement(np.full(len(shapes), None, object), [""] * len(shapes))
    usable = ~shapely.is_missing(shapes)
    _refuse_infinite(shapes, usable, placement)
    groups = _groups(read, usable, chosen is not None)
    for declared, rows in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        options = [chosen] if chosen else _options(read, declared, shapes[rows], grounds, placement)
        if not options:
            continue
        best = options[0]
        if placement.chosen is None:
            placement.chosen, placement.candidates, placement.reason = best, options, best.reason
        _move(shapes, rows, best, placement, tell)
        words = arrangement(best)
        for row in rows.tolist():
            placement.crs[row] = words
    return placement


def _refuse_infinite(shapes: Geometries, usable: NDArray[np.bool_], placement: Placement) -> None:
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    bad = np.flatnonzero(~np.isfinite(points).all(axis=1))
    for row, first in zip(*np.unique(owner[bad], return_index=True), strict=True):
        number = int(bad[first] - np.searchsorted(owner, row)) + 1
        placement.spots.append(
            (
                int(row),
                error(
                    "coordinate-not-finite",
                    f"第 {number} 点的坐标不是有限数值",
                    f"the coordinates of point {number} are not finite",
                    point=number,
                ),
            )
        )
        usable[row] = False


def _groups(read: ReadFile, usable: NDArray[np.bool_], together: bool) -> dict[Declared | None, NDArray[np.intp]]:
    """The rows of each declared system, for a file may mix them."""
    rows = np.flatnonzero(usable)
    if together or all(feature.crs is None for feature in read.features):
        return {read.declared: rows} if rows.size else {}
    groups: dict[Declared | None, list[int]] = {}
    for row in rows.tolist():
        own = read.features[row].crs
        groups.setdefault(read.declared if own is None else own, []).append(row)
    return {declared: np.array(found) for declared, found in groups.items()}


def _options(
    read: ReadFile, declared: Declared | None, shapes: Geometries, grounds: Grounds, placement: Placement
) -> list[Candidate]:
    points = shapely.get_coordinates(shapes)
    try:
        found = candidates(points, declared, grounds.home, grounds.names, grounds.around, grounds.local)
    except LocalParametersNeeded as fault:
        placement.findings.append(_finding("local-parameters-needed", Severity.ERROR, read.name, fault.label))
        placement.reason = fault.label
        return []
    if not found:
        words = Label(
            "坐标不合任何支持的坐标系，请选定坐标系，或检查两列的先后与带号",
            "the coordinates fit no supported system: choose one, or check the order of the columns and the zone",
        )
        placement.findings.append(_finding("crs-unknown", Severity.ERROR, read.name, words))
        placement.reason = words
        return []
    finding = _doubt(read.name, declared, found, points)
    if finding:
        placement.findings.append(finding)
    return found


def _doubt(name: str, declared: Declared | None, found: list[Candidate], points: Points) -> Finding | None:
    best = found[0]
    zh, en = best.reason.zh, best.reason.en
    if best.contradicts:
        severity = Severity.WARNING if best.inside >= SURE else Severity.ERROR
        words = Label(f"坐标系按“{best.system.label.zh}”处理：{zh}", f"read as '{best.system.label.en}': {en}")
        return _finding("crs-contradicts", severity, name, words)
    if declared is not None and declared != Declared():
        return None
    rivals = [each for each in found[1:] if each.score > best.score - CLOSE_SCORE and _differs(best, each, points)]
    if rivals:
        others = [each.system.label for each in rivals[:3]]
        words = Label(
            f"文件没有说明坐标系，暂按“{best.system.label.zh}”处理（{zh}）；也可能是{'、'.join(o.zh for o in others)}，请选定",
            f"the file does not name its system; read as '{best.system.label.en}' ({en}), but it may be "
            f"{', '.join(o.en for o in others)}: choose one",
        )
        return _finding("crs-uncertain", Severity.WARNING, name, words)
    words = Label(
        f"文件没有说明坐标系，按“{best.system.label.zh}”处理：{zh}",
        f"the file does not name its system; read as '{best.system.label.en}': {en}",
    )
    return _finding("crs-guessed", Severity.INFO, name, words)


def _differs(one: Candidate, two: Candidate, points: Points) -> bool:
    finite = points[np.isfinite(points).all(axis=1)][:1]
    try:
        return bool(np.abs(one.to_wgs84(finite) - two.to_wgs84(finite)).max() > ALIKE_DEGREES)
    except CrsFault:
        return True


CHUNK = 20_000


def _move(
    shapes: Geometries, rows: NDArray[np.intp], best: Candidate, placement: Placement, tell: Callable[[], None]
) -> None:
    pending = [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)][::-1]
    while pending:
        some = pending.pop()
        tell()
        try:
            placement.geometries[some] = shapely.transform(
                shapes[some], lambda xy: to_wgs84(best.system, best.arranged(xy))
            )
        except OutOfDomain as fault:
            if len(some) == 1:
                placement.spots.append((int(some[0]), _outside(fault)))
            else:
                # The fault names the first bad point only: halving finds the rest without a call for each row.
                middle = len(some) // 2
                pending += [some[middle:], some[:middle]]


def _outside(fault: OutOfDomain) -> Spot:
    return error("coordinate-out-of-range", fault.label.zh, fault.label.en, point=fault.index + 1, at=fault.point)


def _finding(code: str, severity: Severity, where: str, words: Label) -> Finding:
    return Finding(code, severity, where, words)
