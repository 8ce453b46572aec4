"""The rows of a checked file, kept so that they can be shown a page at a time: one small SQLite file, written whole and swapped in."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo.check.intake import Intake, Row
from geo.check.spot import Spot
from geo.crs import Candidate, CrsFault
from geo.model.finding import Finding, Severity
from geo.publish import geometry_json
from geo.read.raw import Progress, nothing_done
from webmap.intake.book import LEFT_OUT
from webmap.intake.preparing import Prepared

GRAVITY = {None: 0, Severity.INFO: 1, Severity.WARNING: 2, Severity.ERROR: 3}
EVERY = 500
HULL_POINTS = 20_000

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE rows (
  number INTEGER PRIMARY KEY, place INTEGER NOT NULL, "where" TEXT NOT NULL, id TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL,
  county TEXT NOT NULL, worst INTEGER NOT NULL, unchanged INTEGER NOT NULL, fresh INTEGER NOT NULL, edited INTEGER NOT NULL,
  area REAL, declared REAL, "values" TEXT NOT NULL, findings TEXT NOT NULL, shape BLOB, west REAL, south REAL, east REAL, north REAL,
  size REAL
);
CREATE INDEX rows_by_worst ON rows (worst, number);
CREATE INDEX rows_by_size ON rows (worst DESC, size DESC);
"""
INSERT = "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def write(
    prepared: Prepared, path: Path, edited: set[int], meta: Mapping[str, Any], progress: Progress = nothing_done
) -> None:
    """Keep all rows at `path`, replacing what was there at once. edited: rows that the person has changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}-{os.getpid()}")
    scratch.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(scratch, isolation_level=None)) as connection:
            connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; {TABLES}")
            connection.executemany(INSERT, _rows(prepared, edited, progress))
            facts = {**_facts(prepared), **_counts(connection), **meta}
            texts = [(name, json.dumps(value, ensure_ascii=False)) for name, value in facts.items()]
            connection.executemany("INSERT INTO meta VALUES (?, ?)", texts)
            connection.execute("COMMIT")
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


def _rows(prepared: Prepared, edited: set[int], progress: Progress) -> Iterator[tuple[Any, ...]]:
    rows = prepared.intake.rows
    shapes = prepared.intake.sheet.geometries
    boxes = shapely.bounds(shapes)
    blobs = shapely.to_wkb(shapes)
    for place, (row, number) in enumerate(zip(rows, prepared.numbers, strict=True)):
        if place % EVERY == 0:
            progress(place, len(rows))
        west, south, east, north = boxes[place].tolist()
        located = not np.isnan(west)
        box = [west, south, east, north] if located else [None] * 4
        size = (east - west) + (north - south) if located else None
        yield _line(row, place, number, number in edited, blobs[place], box, size)
    for number, raw in prepared.left_out.items():
        name = next((str(cell) for cell in raw.attributes.values() if isinstance(cell, str) and cell.strip()), "")
        blank = (LEFT_OUT, 0, 1, 0, None, None, "{}", "[]", None, None, None, None, None, None)
        yield (number, -1, raw.where, "", "", name[:200], "", *blank)
    progress(len(rows), len(rows))


def _line(
    row: Row, place: int, number: int, edited: bool, blob: bytes | None, box: Sequence[Any], size: float | None
) -> tuple[Any, ...]:
    values = row.values
    spots = row.spots
    worst = max((GRAVITY[spot.finding.severity] for spot in spots), default=0)
    dumped = {name: prepared_json(value) for name, value in values.items()}
    return (
        number,
        place,
        row.where,
        row.id,
        str(values.get("code") or ""),
        str(values.get("name") or ""),
        str(values.get("county") or ""),
        worst,
        row.unchanged,
        row.is_new,
        edited,
        row.area_m2 or None,
        values.get("area_m2"),
        json.dumps(dumped, ensure_ascii=False),
        json.dumps([_spot(spot) for spot in spots], ensure_ascii=False),
        blob,
        *box,
        size,
    )


def prepared_json(value: Any) -> Any:
    """A stored value in its JSON form."""
    return list(value) if isinstance(value, tuple) else value


def _spot(spot: Spot) -> dict[str, Any]:
    told = _finding(spot.finding)
    told |= {"ring": spot.ring, "point": spot.point, "field": spot.field}
    if spot.geometry is not None and not spot.geometry.is_empty:
        told["geometry"] = geometry_json.geometry(spot.geometry)
    return told


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "where": finding.where,
        "zh": finding.message.zh,
        "en": finding.message.en,
    }


def _facts(prepared: Prepared) -> dict[str, Any]:
    intake = prepared.intake
    reason = intake.system_reason
    return {
        "name": intake.name,
        "format": intake.format,
        "kind": intake.kind.kind,
        "system": intake.system.code if intake.system else "",
        "swapped": intake.chosen.swapped if intake.chosen else False,
        "prefix": intake.chosen.prefix_added if intake.chosen else None,
        "reason": {"zh": reason.zh, "en": reason.en},
        "findings": [_finding(finding) for finding in intake.findings],
        "candidates": _candidates(intake),
        "fit": prepared.is_fit,
    }


def _candidates(intake: Intake) -> list[dict[str, Any]]:
    """The systems that the file could be in, each with its outline on the map."""
    points = shapely.get_coordinates(intake.sheet.given)
    points = points[np.isfinite(points).all(axis=1)]
    some = points[:: max(1, len(points) // HULL_POINTS)]
    around: Any = shapely.convex_hull(shapely.multipoints(some)) if len(some) else None
    hull = shapely.get_coordinates(around) if len(some) else some
    return [_candidate(candidate, hull) for candidate in intake.candidates]


def _candidate(candidate: Candidate, hull: Any) -> dict[str, Any]:
    outline: dict[str, Any] | None = None
    try:
        lonlat = candidate.to_wgs84(hull)
        around: Any = shapely.convex_hull(shapely.multipoints(lonlat))
        outline = geometry_json.geometry(around)
    except CrsFault:
        pass  # it cannot hold all of the points: no outline, and the score says so
    return {
        "system": candidate.system.code,
        "zh": candidate.system.label.zh,
        "en": candidate.system.label.text("en"),
        "swapped": candidate.swapped,
        "prefix": candidate.prefix_added,
        "score": round(candidate.score, 3),
        "inside": round(candidate.inside, 4),
        "reason": {"zh": candidate.reason.zh, "en": candidate.reason.en},
        "outline": outline,
    }


def _counts(connection: sqlite3.Connection) -> dict[str, Any]:
    per = dict(connection.execute("SELECT worst, count(*) FROM rows GROUP BY worst").fetchall())
    unchanged, fresh = connection.execute(
        "SELECT coalesce(sum(unchanged), 0), coalesce(sum(fresh AND NOT unchanged), 0) FROM rows WHERE worst >= 0"
    ).fetchone()
    box = connection.execute("SELECT min(west), min(south), max(east), max(north) FROM rows").fetchone()
    rows = sum(n for worst, n in per.items() if worst >= 0)
    return {
        "rows": rows,
        "left_out": per.get(LEFT_OUT, 0),
        "with_errors": per.get(3, 0),
        "with_warnings": per.get(2, 0),
        "unchanged": unchanged,
        "new": fresh,
        "changed": rows - unchanged - fresh,
        "box": None if box[0] is None else list(box),
    }
