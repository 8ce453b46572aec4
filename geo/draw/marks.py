"""Marks: what stands on the map at a zoom, from one a city to the single feature."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from datasets.labels import DEFAULT_LANGUAGE
from datasets.world import World
from geo.draw import mercator
from geo.draw.gathering import Codes, Gathered, gather, tally
from geo.draw.geojson import name_of
from geo.draw.mercator import Floats
from geo.draw.places import point_of
from geo.query.selection import Selection

CITY_ZOOM = 8
COUNTY_ZOOM = 10
SEPARATE_ZOOM = 15
CELL_PX = 64
TOP_CHAINS = 3
MARK_LIMIT = 5000  # clusters and single features in one answer; a screen holds some hundreds
CELL_BITS = 32  # lines and columns of cells, negative ones too, stay within a number of 64 bits
SAME_PLACE_DECIMALS = 7  # about a centimetre: points closer than that can never be told apart on the map

Type = Literal["city", "county", "place", "cluster", "feature"]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One mark; lon/lat are WGS-84 degrees.

    id: an adcode (city, county), a gazetteer id (place), a feature's id, or a cell (`zoom/x/y`). n: how many
    features it stands for. mix: chain clusters with their numbers, descending, "" for none; a feature with chains of
    several clusters counts once, under its first chain. chains: the most frequent chains, a feature counting under
    each of its own. kind: a single feature's. demo: whether all, none or some are demonstration data. bounds: west,
    south, east, north of a cluster's members; without extent where they all stand at one place.
    """

    type: Type
    id: str
    lon: float
    lat: float
    n: int
    name: str
    mix: tuple[tuple[str, int], ...]
    chains: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    kind: str | None = None
    demo: bool | Literal["some"] = False
    bounds: tuple[float, float, float, float] | None = None

    def payload(self) -> dict[str, Any]:
        """The JSON form; `kind` and `bounds` only where they apply."""
        return {key: value for key, value in asdict(self).items() if value is not None}


@dataclass(frozen=True)
class _Group:
    """Where a mark stands and what it is, before its members are counted. member: its first feature."""

    type: Type
    id: str
    lon: float
    lat: float
    name: str = ""
    member: int = -1
    bounds: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class LeftOut:
    """What an answer leaves out because it would be too large: how many marks, and the features that they stand for."""

    marks: int
    features: int


@dataclass(frozen=True)
class Marks:
    """Marks, and what was left out of them."""

    marks: list[Mark]
    left_out: LeftOut


def marks(
    selection: Selection,
    world: World,
    zoom: int,
    within: mercator.Box | None = None,
    lang: str = DEFAULT_LANGUAGE,
) -> list[Mark]:
    """The marks of a selection at a Web-Mercator zoom; with `within` only those that stand in that box.

    To zoom 8 one a city; to 10 one a county, and one a city for what is only known to it; from 11 located features
    in grid cells of 64 px, all others at their place, county or city; from 15 cells hold only what is at one place.
    Without `within` the numbers add up to the selection's total.
    """
    return most_marks(selection, world, zoom, within, lang, limit=sys.maxsize).marks


def most_marks(
    selection: Selection,
    world: World,
    zoom: int,
    within: mercator.Box | None = None,
    lang: str = DEFAULT_LANGUAGE,
    limit: int = MARK_LIMIT,
) -> Marks:
    """The same, but of clusters and located features only the `limit` that stand for the most features."""
    gathered = gather(selection, world, _rows_near(selection, zoom, within))
    keys, groups, left_out = _grouped(gathered, world, zoom, within, lang, limit)
    if within is not None:
        positions = np.array([(group.lon, group.lat) for group in groups]).reshape(-1, 2)
        shown = mercator.inside(positions[:, 0], positions[:, 1], within)
        groups = [group for group, show in zip(groups, shown, strict=True) if show]
        keys = np.append(np.where(shown, np.cumsum(shown) - 1, -1), -1)[keys]
    return Marks(list(_counted(gathered, keys, groups, selection, lang)), left_out)


def without_geometry(selection: Selection) -> Selection:
    """The selected features that have no geometry of their own: the vector tiles draw and count all others."""
    kept = {kind: selection.masks[kind].copy() for kind in selection.kinds}
    for kind, mask in kept.items():
        mask[: selection.snapshot.table(kind).located] = False
    return Selection(selection.snapshot, kept)


def _rows_near(selection: Selection, zoom: int, within: mercator.Box | None) -> dict[str, Codes] | None:
    """By kind the selected rows that may stand in a cell that meets `within`, and those without a point; None for all."""
    if within is None or zoom <= COUNTY_ZOOM:
        return None
    cell = CELL_PX / mercator.TILE_PX / 2**zoom
    x, y = mercator.fraction(np.array(within[::2]), np.array(within[1::2]))
    (west, east), (south, north) = mercator.degrees(x + np.array([-cell, cell]), y + np.array([cell, -cell]))
    # What lies beyond the square map stands in its first and last line of cells.
    south, north = (-90 if south < -mercator.MAX_LATITUDE else south), (90 if north > mercator.MAX_LATITUDE else north)
    found = {}
    for kind in selection.kinds:
        table, mask = selection.snapshot.table(kind), selection.masks[kind]
        near = table.meeting(float(west), float(south), float(east), float(north))
        found[kind] = np.concatenate([near[mask[near]], table.located + np.flatnonzero(mask[table.located :])])
    return found


def _grouped(
    gathered: Gathered, world: World, zoom: int, within: mercator.Box | None, lang: str, limit: int
) -> tuple[Codes, list[_Group], LeftOut]:
    """Each feature's group, -1 for what is far from `within` or left out, the groups, and what is left out."""
    if zoom <= CITY_ZOOM:
        keys, cities = _distinct(gathered.city, gathered, world, lang)
        # A county that the province governs directly is its own city.
        return keys, [replace(city, type="city") for city in cities], LeftOut(0, 0)
    if zoom <= COUNTY_ZOOM:
        return *_distinct(gathered.unit, gathered, world, lang), LeftOut(0, 0)
    placed = np.array([point_of(world, place) is not None for place in (*gathered.places, "")], np.bool_)
    belongs = np.where(placed[gathered.place], len(gathered.units) + gathered.place, gathered.unit)
    located, elsewhere = np.flatnonzero(gathered.located), np.flatnonzero(~gathered.located)
    column, line = _grid(gathered.point[located], zoom)
    if within is not None:
        near = _near(column, line, zoom, within)
        located, column, line = located[near], column[near], line[near]
    cell_of, cells, left_out = _cells(gathered.point[located], located, column, line, zoom, limit)
    unit_of, units = _distinct(belongs[elsewhere], gathered, world, lang)
    keys = np.full(len(gathered), -1, np.intp)
    keys[located] = cell_of
    keys[elsewhere] = unit_of + len(cells)
    return keys, [*cells, *units], left_out


def _distinct(keys: Codes, gathered: Gathered, world: World, lang: str) -> tuple[Codes, list[_Group]]:
    """Groups of features that belong to a unit or, numbered after all units, to a place."""
    found = np.flatnonzero(np.bincount(keys))
    number = np.zeros(int(found[-1]) + 1 if len(found) else 0, np.intp)
    number[found] = np.arange(len(found))
    names = (*gathered.units, *gathered.places)
    groups = [
        _unit(world, names[key], lang) if key < len(gathered.units) else _place(world, names[key], lang)
        for key in found
    ]
    return number[keys], groups


def _unit(world: World, adcode: str, lang: str) -> _Group:
    unit = world.boundaries.unit(adcode)
    rank: Type = "county" if adcode in world.boundaries.counties else "city"
    return _Group(rank, adcode, *unit.anchor, unit.name.text(lang))


def _place(world: World, place: str, lang: str) -> _Group:
    lon, lat = point_of(world, place) or (np.nan, np.nan)
    return _Group("place", place, lon, lat, world.gazetteer.places[place].name.text(lang))


def _grid(point: Floats, zoom: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Column and line of the cell that each point (n, 2) falls into."""
    lon, lat = point.T
    if zoom >= SEPARATE_ZOOM:
        scale = 10**SAME_PLACE_DECIMALS
        return np.rint(lon * scale).astype(np.int64), np.rint(lat * scale).astype(np.int64)
    x, y = mercator.fraction(lon, lat)
    scale = 2**zoom * mercator.TILE_PX // CELL_PX
    return np.floor(x * scale).astype(np.int64), np.floor(y * scale).astype(np.int64)


def _near(column: NDArray[np.int64], line: NDArray[np.int64], zoom: int, within: mercator.Box) -> NDArray[np.bool_]:
    """Which cells meet `within`: a cell at its edge must stay whole, or its mark would move as one pans."""
    west, south, east, north = within
    columns, lines = _grid(np.array([(west, south), (east, north)]), zoom)
    across = (column >= columns.min()) & (column <= columns.max())
    near: NDArray[np.bool_] = across & (line >= lines.min()) & (line <= lines.max())
    return near


def _cells(
    point: Floats, members: Codes, column: NDArray[np.int64], line: NDArray[np.int64], zoom: int, limit: int
) -> tuple[Codes, list[_Group], LeftOut]:
    """Groups of located features that share a cell; a cell of one is that feature. At most `limit` of them: what is in
    the others has the group -1."""
    _, first, inverse, count = np.unique(
        (column << CELL_BITS) + line, return_index=True, return_inverse=True, return_counts=True
    )
    every, left_out = inverse, LeftOut(0, 0)
    if len(count) > limit:
        kept = np.sort(np.argsort(-count, kind="stable")[:limit])
        left_out = LeftOut(len(count) - limit, int(count.sum() - count[kept].sum()))
        number = np.full(len(count), -1, np.intp)
        number[kept] = np.arange(limit)
        every = number[inverse]
        chosen = every >= 0
        inverse, point, first, count = every[chosen], point[chosen], first[kept], count[kept]
    if not len(count):
        return every, [], left_out
    cells = np.column_stack([column[first], line[first]])
    low, high = _bounds(inverse, point)
    # The mean may leave its members' box by the last bit.
    middle = np.clip([np.bincount(inverse, degree) / count for degree in point.T], low.T, high.T).T
    groups = []
    for (x, y), n, one, at, box in zip(
        cells.tolist(), count.tolist(), first, middle.tolist(), np.hstack([low, high]).tolist(), strict=True
    ):
        groups.append(
            _Group("feature", "", at[0], at[1], member=int(members[one]))
            if n == 1
            else _Group("cluster", f"{zoom}/{x}/{y}", at[0], at[1], bounds=tuple(box))
        )
    return every, groups, left_out


def _bounds(cell: Codes, point: Floats) -> tuple[Floats, Floats]:
    """The south-western and north-eastern corners of each cell's members, (cells, 2) lon/lat."""
    order = np.argsort(cell, kind="stable")
    starts = np.searchsorted(cell[order], np.arange(cell.max() + 1))
    return np.minimum.reduceat(point[order], starts), np.maximum.reduceat(point[order], starts)


def _counted(gathered: Gathered, keys: Codes, groups: list[_Group], selection: Selection, lang: str) -> Iterator[Mark]:
    """The groups with what stands in them; features of the key -1 are left out."""
    shown = np.flatnonzero(keys >= 0)
    group, size = keys[shown], len(groups)
    number = np.bincount(group, minlength=size)
    demo = np.bincount(group, gathered.demo[shown], minlength=size)
    mixes = tally(group, gathered.cluster[shown], size, len(gathered.clusters))
    kinds = tally(group, gathered.kind[shown], size, len(gathered.kinds))
    chain_group = keys[gathered.chained]
    listed = chain_group >= 0
    chains = tally(chain_group[listed], gathered.chain[listed], size, len(gathered.chains))
    for at, n, demos, mix, kind, chain in zip(
        groups, number.tolist(), demo.tolist(), mixes, kinds, chains, strict=True
    ):
        own_kind, own_id, own_name = _single(gathered, at, selection, lang)
        yield Mark(
            type=at.type,
            id=own_id,
            lon=at.lon,
            lat=at.lat,
            n=n,
            name=own_name,
            mix=tuple((gathered.clusters[code], count) for code, count in mix),
            chains=tuple((gathered.chains[code], count) for code, count in chain[:TOP_CHAINS]),
            kinds=tuple((gathered.kinds[code], count) for code, count in kind),
            kind=own_kind,
            demo="some" if 0 < demos < n else demos > 0,
            bounds=at.bounds,
        )


def _single(gathered: Gathered, at: _Group, selection: Selection, lang: str) -> tuple[str | None, str, str]:
    """Kind, id and name of a mark: a single feature's own, otherwise the group's without a kind."""
    if at.member < 0:
        return None, at.id, at.name
    kind, row = gathered.kinds[gathered.kind[at.member]], int(gathered.row[at.member])
    table = selection.snapshot.table(kind)
    return kind, str(table.column("id")[row]), name_of(table, row, lang)
