"""What the browser needs to compute the heat itself: the grid, each project's place on it, the picture's pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

from datasets.world import World
from geo.draw import palette
from geo.draw.heat import UNIT
from geo.draw.heat_grid import EXACT_SIGMA_M, PLACE_SIGMA_M, HeatGrid
from geo.draw.heat_scale import SCALES
from geo.draw.investment import Columns
from geo.draw.places import point_of
from geo.model import Kinds
from geo.model.kinds.project import Project
from geo.publish import Snapshot

STEP = 16  # pixels between known places on the grid: between them the two projections are straight to 0.01 cells
DECIMALS = 4


def described(snapshot: Snapshot, kinds: Kinds, world: World, grid: HeatGrid) -> dict[str, Any]:
    """JSON of the shape `OfflineHeat` (webmap/assets/offline.d.ts)."""
    ramp = [[int(stop[at : at + 2], 16) for at in (1, 3, 5)] for stop in palette.RAMP]
    return {
        "shape": list(grid.shape),
        "cell_m": grid.cell_m,
        "exact_m": EXACT_SIGMA_M,
        "place_m": PLACE_SIGMA_M,
        "counties": list(grid.codes),
        "county": _runs(grid),
        "members": grid.members,
        "where": _where(snapshot, kinds, world, grid),
        "picture": _picture(grid),
        "palette": _palette(),
        "ramp": ramp,
        "mantissas": {name: list(scale.mantissas) for name, scale in SCALES.items()},
        "unit": {"zh": UNIT.zh, "en": UNIT.en},
    }


def _runs(grid: HeatGrid) -> list[int]:
    """The county of every cell, line by line: how many cells, then whose they are."""
    flat = grid.county.ravel()
    starts = np.concatenate([[0], np.flatnonzero(np.diff(flat)) + 1])
    lengths = np.diff(np.append(starts, len(flat)))
    runs: list[int] = np.column_stack([lengths, flat[starts]]).ravel().tolist()
    return runs


def _where(snapshot: Snapshot, kinds: Kinds, world: World, grid: HeatGrid) -> list[list[Any]]:
    """For each project how it is known, and its column and line on the grid where it weighs at a point."""
    if Project.kind not in kinds.names or Project.kind not in snapshot.kinds:
        return []
    table = snapshot.table(Project.kind)
    money, nowhere = Columns(table), (np.nan, np.nan)
    known = np.array([*(point_of(world, place) or nowhere for place in money.places), nowhere])
    places = known[money.place(slice(0, table.rows))]
    found: list[list[Any]] = [["area", 0, 0] for _ in range(table.rows)]
    for how, points in (("place", places), ("point", table.point)):
        column, line = grid.cell_of(points)
        for at in np.flatnonzero(grid.holds(points)).tolist():
            found[at] = [how, float(column[at]), float(line[at])]
    return found


def _picture(grid: HeatGrid) -> dict[str, Any]:
    """The pixels of the picture; `lines`: line and column on the grid of every sixteenth pixel's centre each way."""
    rows, columns = grid.pixels.shape
    west, north, size = grid.pixels.west, grid.pixels.north, grid.pixels.size
    lines = [
        [
            [round(float(line), DECIMALS), round(float(column), DECIMALS)]
            for line, column in zip(*grid.pixels.places(np.arange(0, columns + STEP, STEP), row), strict=True)
        ]
        for row in range(0, rows + STEP, STEP)
    ]
    edges = {"west": west, "north": north, "size": size}
    return {"rows": rows, "columns": columns, **edges, "step": STEP, "lines": lines}


def _palette() -> list[list[int]]:
    """Red, green, blue and alpha of every level of the picture."""
    steps = [level / palette.LEVELS for level in range(palette.LEVELS + 1)]
    return [
        [*(int(palette.colour(step)[at : at + 2], 16) for at in (1, 3, 5)), round(255 * palette.opacity(step))]
        for step in steps
    ]
