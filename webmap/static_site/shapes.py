"""Areas and lines as the browser draws them, those that lie together on the map in one piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from geo.draw import geojson
from geo.publish import Snapshot
from geo.query import Filter
from webmap.static_site.edition import Edition

SHAPES_A_PIECE = 200


def shapes(edition: Edition) -> tuple[dict[str, Any], Iterator[tuple[str, Any]]]:
    """By kind the number of each row's piece (-1 for none), and the pieces `shapes/<kind>-<number>`.

    Rows stand along a curve over the map, so those of one piece lie near one another.
    """
    site = edition.site
    everything = site.select(Filter())
    found: dict[str, dict[int, dict[str, Any]]] = {kind: {} for kind in edition.kinds}
    largest = sum(site.snapshot.table(kind).rows for kind in edition.kinds)
    for feature in geojson.shapes(everything, site.world, limit=largest + 1)["features"]:
        own = feature["properties"]
        row = site.snapshot.table(own["kind"]).row_of(own["id"])
        if row is not None:
            found[own["kind"]][row] = feature
    where = {kind: {"piece": _numbers(site.snapshot, kind, held)} for kind, held in found.items() if held}
    return where, _pieces(found)


def _numbers(snapshot: Snapshot, kind: str, held: dict[int, dict[str, Any]]) -> list[int]:
    numbers = [-1] * snapshot.table(kind).rows
    for at, row in enumerate(sorted(held)):
        numbers[row] = at // SHAPES_A_PIECE
    return numbers


def _pieces(found: dict[str, dict[int, dict[str, Any]]]) -> Iterator[tuple[str, Any]]:
    for kind, held in found.items():
        rows = sorted(held)
        for start in range(0, len(rows), SHAPES_A_PIECE):
            part = rows[start : start + SHAPES_A_PIECE]
            yield f"shapes/{kind}-{start // SHAPES_A_PIECE}", {held[row]["properties"]["id"]: held[row] for row in part}
