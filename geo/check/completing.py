"""What a row doesn't say but can be told: county, id, code, area, precision, source; and what the record knows already.

Everything that is assumed rather than read is said in a finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import numpy as np
import shapely

from datasets.labels import Label
from geo.check.areas import LEAST_M2, QUIET_SHARE, judge
from geo.check.context import Context
from geo.check.identity import ids_of
from geo.check.spot import Geometries, Points, Spot, info, warning
from geo.check.territory import Territory, held
from geo.check.values import Values
from geo.model import Feature, fields_of
from geo.model.finding import Finding, Severity
from geo.read import ReadFile

FIRST_STATUS = "reserve"
ONCE = 200  # rows; in a longer file what all of them lack is told once, not in each
METRE_DEGREES = 1e-5
NOT_KEPT = frozenset({"id", "county", "source", "precision"})


@dataclass(eq=False)
class Completion:
    """What completing found. told_once: fields whose lack is told for the whole file. kept: whether a
    shape was taken from the record."""

    spots: list[tuple[int, Spot]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    told_once: set[str] = field(default_factory=set)
    kept: bool = False


def complete(
    read: ReadFile,
    kind: type[Feature],
    values: Values,
    geometries: Geometries,
    areas: Points,
    context: Context,
    ground: Territory,
) -> Completion:
    """Fill the columns of `values`, and a geometry that only the record has, in place."""
    done = Completion()
    columns = values.columns
    columns["county"] = _counties(columns["county"], geometries, context, ground)
    if "code" in columns:
        _codes_and_names(read, values, done)
    columns["id"] = ids_of(
        kind,
        columns["id"],
        columns.get("code", [""] * len(read.features)),
        columns["name"],
        columns["county"],
        context.existing,
    )
    _from_record(kind, values, geometries, context, done)
    if "area_m2" in columns:
        _areas(kind, values, areas, done, read.name, context)
    if "status" in columns and "code" in columns:
        _assume_status(values, done, read.name)
    columns["precision"] = [
        given or _precision(shape, county, place, context)
        for given, shape, county, place in zip(
            columns["precision"], geometries, columns["county"], columns["place"], strict=True
        )
    ]
    columns["source"] = [given or read.name for given in columns["source"]]
    _told_once(kind, values, done, read.name)
    return done


def _counties(given: Sequence[str], geometries: Geometries, context: Context, ground: Territory) -> list[str]:
    """Each row's county: its own, the one chosen for the file, the one it lies in if the editor holds that, his only one, the one
    it lies in."""
    boundaries = context.world.boundaries
    if context.county:
        return [own or context.county for own in given]
    blank = np.array([not own for own in given], bool)
    if not blank.any():
        return list(given)
    found = list(given)
    here = ground.county_of(geometries[blank])
    only = next(iter(context.may_write)) if context.may_write is not None and len(context.may_write) == 1 else ""
    for row, there in zip(np.flatnonzero(blank).tolist(), here, strict=True):
        fits = there and held(there, boundaries, context.may_write)
        found[row] = there if fits else only or there
    return found


def _codes_and_names(read: ReadFile, values: Values, done: Completion) -> None:
    codes, names = values.columns["code"], values.columns["name"]
    stem = PurePath(read.name).stem
    for row, (code, name) in enumerate(zip(codes, names, strict=True)):
        if code and name:
            continue
        if not code and not name:
            names[row] = codes[row] = f"{stem}-{row + 1}"
            zh, en = f"没有编号和名称，暂记为“{codes[row]}”", f"no code and no name; '{codes[row]}' for the time being"
            done.spots.append((row, warning("code-assumed", zh, en, field="code")))
        elif not code:
            codes[row] = name[:80]
            zh, en = f"没有地块编号，暂以名称“{name}”代替", f"no plot code; the name '{name}' stands in"
            done.spots.append((row, warning("code-assumed", zh, en, field="code")))
        else:
            names[row] = code


def _from_record(
    kind: type[Feature], values: Values, geometries: Geometries, context: Context, done: Completion
) -> None:
    """A row about a feature of the record keeps what its file doesn't speak of."""
    existing, mapped = context.existing, values.mapped
    if not len(existing):
        return
    spoken = {*mapped.sources, *(("far_min", "far_max") if mapped.far else ())} | NOT_KEPT
    settled: set[tuple[int, str]] = set()
    silent = {name: spec for name, spec in fields_of(kind).items() if name not in spoken}
    for row, name in enumerate(values.columns["id"]):
        place = existing.place.get(name, -1)
        if place < 0:
            continue
        payload = existing.payload(place)
        for other, spec in silent.items():
            if other in payload:
                values.columns[other][row] = spec.read(payload[other])
        for other in ("source", "precision"):
            if other not in mapped.sources and payload.get(other):
                values.columns[other][row] = payload[other]
        settled |= _settled(row, payload, values)
        if _only_a_point(geometries[row], existing.geometries[place]):
            geometries[row] = existing.geometries[place]
            zh, en = (
                "文件只有其中点或没有图形，沿用库中的图形",
                "the file has its middle or no shape at all; the record's is kept",
            )
            done.spots.append((row, info("geometry-kept", zh, en)))
            done.kept = True
    values.spots = [
        (row, spot)
        for row, spot in values.spots
        if not (spot.code == "ambiguous-term" and (row, spot.field) in settled)
    ]


def _settled(row: int, payload: Mapping[str, Any], values: Values) -> set[tuple[int, str]]:
    """Make words that may mean several codes mean the one that the record has; the cells where that was so."""
    found = {(row, name) for name in values.columns if payload.get(name) in values.others.get((row, name), ())}
    for _, name in found:
        values.columns[name][row] = payload[name]
    return found


def _only_a_point(shape: Any, known: Any) -> bool:
    if known is None or known.is_empty:
        return False
    if shape is None:
        return True
    return (
        shape.geom_type == "Point" and known.geom_type != "Point" and bool(shapely.dwithin(known, shape, METRE_DEGREES))
    )


def _areas(
    kind: type[Feature], values: Values, measured: Points, done: Completion, name: str, context: Context
) -> None:
    """Plots without a declared area get the boundary's; declared ones are compared with it."""
    column = values.columns["area_m2"]
    declared = np.array(column, dtype=float)
    if kind.kind == "plot":
        missing = np.isnan(declared) & (measured > 0)
        for row in np.flatnonzero(missing).tolist():
            column[row] = round(float(measured[row]), 2)
        odd = (measured > 0) & (np.abs(declared - measured) > np.maximum(LEAST_M2, QUIET_SHARE * measured))
        for row in np.flatnonzero(odd).tolist():
            cell = values.area_of(row) if values.area_of else None
            if cell is None or cell.area is None:
                continue
            judged = judge(cell.area, float(measured[row]))
            known = context.existing.place.get(values.columns["id"][row], -1)
            before = context.existing.payload(known).get("area_m2") if known >= 0 else None
            # Rounded figures of the area that the record has say nothing new.
            same = before is not None and abs(before - judged.m2) <= max(judged.half_digit_m2, 0.01)
            column[row] = before if same else round(judged.m2, 4)
            if judged.spot:
                done.spots.append((row, judged.spot))
    for heading_field, heading in values.bare.items():
        if heading_field != "area_m2" or not (measured > 0).any():
            spec = fields_of(kind)[heading_field]
            unit = spec.unit or Label("", "")
            words = Label(
                f"“{heading}”列没有写单位，按{unit.zh}处理",
                f"the column '{heading}' names no unit; {unit.en} is assumed",
            )
            done.findings.append(Finding("unit-assumed", Severity.WARNING, name, words))


def _assume_status(values: Values, done: Completion, name: str) -> None:
    column = values.columns["status"]
    told = values.unreadable()
    blank = [row for row, value in enumerate(column) if not value and "status" not in told.get(row, ())]
    for row in blank:
        column[row] = FIRST_STATUS
    zh, en = "没有供地状态，暂记为“储备”", "no status is given; entered as 'in reserve'"
    if len(blank) == len(column) and len(column) > ONCE:
        done.findings.append(
            Finding("status-assumed", Severity.WARNING, name, Label(f"所有地块{zh}", f"{en}, for all plots"))
        )
        return
    done.spots.extend((row, warning("status-assumed", zh, en, field="status")) for row in blank)


def _precision(shape: Any, county: str, place: str, context: Context) -> str:
    if shape is not None:
        return "address" if shape.geom_type in ("Point", "MultiPoint") else "surveyed"
    found = context.world.gazetteer.places.get(place) if place else None
    if found is not None:
        return "town" if found.kind in ("town", "subdistrict", "village") else "district"
    return (
        "city"
        if county in context.world.boundaries.cities and county not in context.world.boundaries.counties
        else "county"
    )


def _told_once(kind: type[Feature], values: Values, done: Completion, name: str) -> None:
    """In a long file, a field that no row has is told for the file."""
    for field_name, spec in fields_of(kind).items():
        lacking = field_name not in values.mapped.sources and spec.required_to_publish and not spec.required
        column = values.columns[field_name]
        if lacking and len(column) > ONCE and not any(column):
            done.told_once.add(field_name)
            words = Label(
                f"文件没有“{spec.label.zh}”，发布前须填写（{len(column)} 行）",
                f"the file has no '{spec.label.en}', which must be given before publication ({len(column)} rows)",
            )
            done.findings.append(Finding("missing-for-publication", Severity.WARNING, name, words))
