"""From a file that was read to rows that are checked and can be committed: `prepare`."""

from __future__ import annotations

import gc
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from datasets.boundaries import Boundaries
from geo.check import duplicates, overlaps, ranges, required, rings, territory
from geo.check.aliases import Mapped, mapped
from geo.check.completing import Completion, complete
from geo.check.context import Context
from geo.check.existing import Existing
from geo.check.outlines import AREAL, WIDE_DEGREES, Outlines
from geo.check.placement import Grounds, Placement, given_system, placed
from geo.check.repair import repair
from geo.check.rows import Intake, Row, Sheet
from geo.check.spot import Geometries, Points, Spot, Spotted, info
from geo.check.spot import placed as spot_at
from geo.check.values import Values, values_of
from geo.crs import geodesic_area_m2
from geo.model import Feature
from geo.model.finding import Finding
from geo.read import ReadFile
from geo.read.raw import Progress, nothing_done

__all__ = ["Context", "Intake", "Row", "prepare"]

STEPS = 14
EVERY = 500


@dataclass(eq=False)
class _Told:
    """Turns steps into rows for a progress that counts rows."""

    progress: Progress
    total: int
    step: int = 0

    def __call__(self) -> None:
        self.progress(min(self.step, STEPS) * self.total // STEPS, self.total)

    def next(self) -> None:
        self.step += 1
        self()


def prepare(read: ReadFile, kind: type[Feature], context: Context, progress: Progress = nothing_done) -> Intake:
    """The file's features as rows of a kind, on the map, with all findings; nothing is written or repaired.

    progress: called with rows done and rows in all; it may raise to cancel. Never raises for what a file holds.
    """
    with _uncollected():
        return _prepared(read, kind, context, _Told(progress, len(read.features)))


@dataclass
class _Ungathered:
    """How many intakes run without the collector just now: the last one to end puts it back."""

    lock: threading.Lock
    now: int = 0
    was: bool = True


_ungathered = _Ungathered(threading.Lock())


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: none are made here, and walking a hundred thousand rows again and again doubles the time."""
    with _ungathered.lock:
        _ungathered.now += 1
        if _ungathered.now == 1:
            _ungathered.was = gc.isenabled()
            gc.disable()
    try:
        yield
    finally:
        with _ungathered.lock:
            _ungathered.now -= 1
            if _ungathered.now == 0 and _ungathered.was:
                gc.enable()


def _prepared(read: ReadFile, kind: type[Feature], context: Context, told: _Told) -> Intake:
    told()
    ground = territory.Territory(context.world.boundaries)
    shapes = _shapes(read)
    chosen = given_system(context.system, context.swapped, context.prefix) if context.system else None
    placement = placed(read, shapes, chosen, _grounds(context), told)
    _mend(placement, context.repairs)
    told.next()
    attributes = [feature.attributes for feature in read.features]
    columns = mapped(_headings(read), kind)
    values = values_of(attributes, kind, context.world, columns, told)
    told.next()
    flat = Outlines.of(placement.geometries)
    measured = _areas(placement.geometries, flat)
    done = complete(read, kind, values, placement.geometries, measured, context, ground)
    if done.kept:
        flat = Outlines.of(placement.geometries)
        measured = _areas(placement.geometries, flat)
    told.next()
    sheet = Sheet(kind, read.features, values.columns, shapes, placement.crs, placement.geometries, measured)
    sheet.known = {row for row, name in enumerate(values.columns["id"]) if name in context.existing.place}
    _collect(sheet, read, placement, values, done, flat, context, ground, told)
    sheet.unchanged = _unchanged(sheet, context.existing)
    findings = [*read.findings, *placement.findings, *done.findings, *_of_columns(read.name, columns)]
    return Intake(
        read.name, read.format, kind, placement.chosen, placement.reason, placement.candidates, sheet, findings
    )


def _mend(placement: Placement, repairs: Mapping[int, Sequence[str]]) -> None:
    """Make the accepted repairs; one that no longer fits its shape changes nothing."""
    for row, names in repairs.items():
        for name in names:
            shape = placement.geometries[row]
            if shape is not None:
                placement.geometries[row] = repair(name, shape) or shape


def _collect(
    sheet: Sheet,
    read: ReadFile,
    placement: Placement,
    values: Values,
    done: Completion,
    flat: Outlines,
    context: Context,
    ground: territory.Territory,
    told: _Told,
) -> None:
    """Run every check and put its spots where they belong."""
    geometries, columns = sheet.geometries, values.columns
    wheres = [feature.where for feature in read.features]
    names, ids, counties = columns["name"], columns["id"], columns["county"]
    codes = columns.get("code", [""] * len(names))
    valid = shapely.is_valid(geometries)
    comparable = overlaps.comparable(geometries, valid)
    existing = context.existing
    checks: list[Spotted] = [
        ((row, Spot(finding)) for row, feature in enumerate(read.features) for finding in feature.findings),
        iter(placement.spots),
        iter(values.spots),
        iter(done.spots),
        rings.check_rings(geometries, sheet.kind, sheet.given, flat, valid),
        territory.check_territory(geometries, counties, ground, context.may_write),
        ranges.check_ranges(sheet.kind, columns),
        required.check_required(sheet.kind, columns, values.unreadable(), done.told_once),
    ]
    if "code" in columns:
        checks += [
            overlaps.check_within(comparable, sheet.areas, wheres, names),
            overlaps.check_existing(comparable, sheet.areas, ids, existing),
            duplicates.check_codes(codes, counties, wheres),
            duplicates.check_recorded_codes(ids, codes, counties, existing),
        ]
    checks.append(duplicates.check_ids(ids, codes, wheres))
    spots: dict[int, list[Spot]] = defaultdict(list)
    for check in checks:
        told.next()
        for count, (row, spot) in enumerate(check, start=1):
            spots[row].append(spot if spot.finding.where else spot_at(spot, wheres[row]))
            if count % EVERY == 0:
                told()
    _without_echoes(spots)
    sheet.spots = dict(spots)
    told.step = STEPS
    told()


def _without_echoes(spots: dict[int, list[Spot]]) -> None:
    """What the reader said of a ring already is not said again by the checks."""
    for found in spots.values():
        if len(found) > 1:
            seen: set[tuple[str, str]] = set()
            kept = []
            for spot in found:
                key = (spot.code, "" if spot.code == "ring-very-long" else spot.finding.where + spot.finding.message.en)
                if key not in seen:
                    seen.add(key)
                    kept.append(spot)
            found[:] = kept


def _shapes(read: ReadFile) -> Geometries:
    shapes = np.full(len(read.features), None, object)
    shapes[:] = [feature.geometry for feature in read.features]
    return shapes


def _headings(read: ReadFile) -> list[str]:
    seen: dict[str, None] = {}
    last: Any = None
    for feature in read.features:
        # Most formats share one set of columns: the same keys again need no look.
        keys = feature.attributes.keys()
        if last is None or keys != last:
            seen.update(dict.fromkeys(keys))
            last = keys
    return list(seen)


def _grounds(context: Context) -> Grounds:
    boundaries = context.world.boundaries
    held = [context.county] if context.county else sorted(context.may_write or ())
    held = [code for code in held if code in boundaries.counties or code in boundaries.cities]
    whole = _province(boundaries)
    if not held:
        return Grounds(whole, (), (), context.local)
    home = shapely.union_all([boundaries.unit(code).geometry for code in held])
    around = [boundaries.unit(boundaries.city_of(held[0])).geometry, whole] if len(held) == 1 else [whole]
    return Grounds(home, around, [boundaries.name(code) for code in held[:1]], context.local)


@cache
def _province(boundaries: Boundaries) -> BaseGeometry:
    whole: BaseGeometry = shapely.union_all([city.geometry for city in boundaries.cities.values()])
    return whole


def _areas(geometries: Geometries, flat: Outlines) -> Points:
    """Geodesic ㎡ of every row, in one go for all but the few that are large."""
    measured = flat.area
    boxes = shapely.bounds(geometries)
    wide = np.flatnonzero(np.nan_to_num(boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0) > WIDE_DEGREES)
    for row in wide[np.isin(shapely.get_type_id(geometries[wide]), AREAL)]:
        measured[row] = geodesic_area_m2(geometries[row])
    return measured


def _unchanged(sheet: Sheet, existing: Existing) -> set[int]:
    """Rows whose fields and shape the record has just so."""
    if not (len(existing.payloads) and sheet.known):
        return set()
    rows = np.array(sorted(sheet.known))
    places = np.array([existing.place[sheet.columns["id"][row]] for row in rows])
    mine, theirs = sheet.geometries[rows], existing.geometries[places]
    same = overlaps.same_shape(mine, theirs) | (shapely.is_missing(mine) & shapely.is_missing(theirs))
    found = set()
    for row, place in zip(rows[same].tolist(), places[same].tolist(), strict=True):
        feature = Row(sheet, row).feature
        if feature is not None and feature.payload() == dict(existing.payload(place)):
            found.add(row)
    return found


def _of_columns(name: str, columns: Mapped) -> list[Finding]:
    if not columns.unknown:
        return []
    listed = "、".join(columns.unknown[:12]) + (" …" if len(columns.unknown) > 12 else "")
    spot = info(
        "unknown-column",
        f"这些列未采用：{listed}",
        f"these columns are left out: {listed.replace('、', ', ')}",
    )
    return [spot_at(spot, name).finding]
