"""From a filter to the rows that it selects: one mask a condition and kind."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

import numpy as np
from numpy.typing import NDArray

from datasets.boundaries import UnknownUnit
from datasets.world import World
from geo.model import Kinds
from geo.publish import Snapshot, Table
from geo.publish.columns import NumberColumn, TermColumn, TermsColumn
from geo.query.filter import Filter
from geo.query.masks import (
    Mask,
    between,
    containing,
    crossing,
    distance_km,
    holding,
    in_years,
    rows_at,
    term_table,
)
from geo.query.parameters import Parameters, parameters
from geo.query.selection import Selection
from geo.query.values import Box, Near


def select(filter: Filter, snapshot: Snapshot, kinds: Kinds, world: World) -> Selection:  # noqa: A002 - its name
    """The rows of every kind that meet all conditions.

    A kind without a field meets no condition on it, nor does an empty value. Chain together with segment asks for one
    node that is of both. A feature without a geometry of its own lies, for `bbox`, wherever its county or city does,
    and for `near` at the anchor of its county or city.
    """
    declared = parameters(kinds)
    masks: dict[str, Mask] = {}
    for kind in kinds.names:
        if kind not in snapshot.kinds:
            masks[kind] = np.zeros(0, np.bool_)
            continue
        table = snapshot.table(kind)
        if filter.kinds and kind not in filter.kinds:
            masks[kind] = np.zeros(table.rows, np.bool_)
            continue
        mask = np.ones(table.rows, np.bool_)
        for condition in conditions(filter, table, declared, world).values():
            mask &= condition
        masks[kind] = mask
    return Selection(snapshot, masks)


def conditions(filter: Filter, table: Table, declared: Parameters, world: World) -> dict[str, Mask]:  # noqa: A002
    """One mask for each condition that the filter sets on the rows of a table, `kind` left aside.

    The key is the parameter; a range goes by its name without _min and _max, the years by `year`, and chain and
    segment, which depend on each other, are one condition under `chain`.
    """
    found: dict[str, Mask] = {}
    if filter.segments:
        rows, codes, nodes = node_entries(table)
        wanted = node_table(nodes.terms, world, filter.chains, filter.segments)
        found["chain"] = np.zeros(table.rows, np.bool_)
        found["chain"][rows[wanted[codes]]] = True
    elif filter.chains:
        found["chain"] = holding(table.column("chains"), filter.chains)
    if filter.counties:
        found["county"] = holding(table.column("county"), filter.counties)
    if filter.cities:
        found["city"] = holding(table.column("city"), filter.cities)
    if filter.years != (None, None):
        found["year"] = in_years(table.year, *filter.years)
    for param, codes_wanted in filter.terms:
        name = declared.any[param].fields.get(table.kind)
        found[param] = holding(table.column(name), codes_wanted) if name in table.names else _none(table)
    for param, bounds in filter.ranges:
        entry = declared.ranges[param]
        name = entry.fields.get(table.kind)
        if name in table.names:
            numbers = cast(NumberColumn, table.column(name))
            found[param] = between(numbers, bounds, entry.any_field.param_scale)
        else:
            found[param] = _none(table)
    if filter.bbox:
        found["bbox"] = _in_box(table, filter.bbox, world)
    if filter.near:
        found["near"] = _near(table, filter.near, world)
    if filter.q:
        found["q"] = containing(table.search, filter.q.lower().split())
    return found


def node_entries(table: Table) -> tuple[NDArray[np.intp], NDArray[np.int32], TermsColumn]:
    """Every node of every row: the rows, the codes of the nodes in the column, and the column."""
    column = cast(TermsColumn, table.column("nodes"))
    return rows_at(column.offsets, np.arange(len(column.codes))), column.codes, column


def node_table(nodes: Collection[str], world: World, chains: Collection[str], segments: Collection[str]) -> Mask:
    """For each node whether its chain is among `chains` and its segment among `segments`; empty ones allow all."""
    wanted = {
        node.id
        for chain in world.chains.chains.values()
        if not chains or chain.id in chains
        for node in chain.nodes
        if not segments or node.segment in segments
    }
    return term_table(nodes, wanted.__contains__)


def _none(table: Table) -> Mask:
    return np.zeros(table.rows, np.bool_)


def _in_box(table: Table, box: Box, world: World) -> Mask:
    counties = _counties(table)
    units = np.array([_measures(adcode, world)[:4] for adcode in counties.terms]).reshape(-1, 4)
    found = _unlocated(table, counties, crossing(units, *box))
    found[table.meeting(*box)] = True
    return found


def _near(table: Table, near: Near, world: World) -> Mask:
    counties = _counties(table)
    anchors = np.array([_measures(adcode, world)[4:] for adcode in counties.terms]).reshape(-1, 2)
    points = table.point[: table.located]
    inside, units = (distance_km(at[:, 0], at[:, 1], near[:2]) <= near.km for at in (points, anchors))
    found = _unlocated(table, counties, units)
    found[: table.located] = inside
    return found


def _unlocated(table: Table, counties: TermColumn, verdicts: Mask) -> Mask:
    """For each row without a geometry what is true of its county, False for all others.

    verdicts: one entry a term of the column.
    """
    found = np.zeros(table.rows, np.bool_)
    found[table.located :] = np.append(verdicts, False)[counties.codes[table.located :]]
    return found


def _counties(table: Table) -> TermColumn:
    return cast(TermColumn, table.column("county"))


def _measures(adcode: str, world: World) -> tuple[float, ...]:
    """West, south, east, north and the anchor of a county or city; NaN where the boundaries no longer have it."""
    try:
        unit = world.boundaries.unit(adcode)
    except UnknownUnit:
        return (np.nan,) * 6
    return (*unit.bbox, *unit.anchor)
