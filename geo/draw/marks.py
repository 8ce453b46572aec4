"""Marks: what stands on the map at a zoom, from one a city to the single feature."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from datasets.labels import DEFAULT_LANGUAGE
from datasets.world import World
from geo.draw import mercator
from geo.draw.cells import LeftOut, cells_of, rows_near
from geo.draw.counting import Counted, count_by_unit, in_cities
from geo.draw.gathering import gather, ranked, tally
from geo.draw.geojson import name_of
from geo.draw.places import point_of
from geo.query.selection import Selection

CITY_ZOOM = 8
COUNTY_ZOOM = 10
TOP_CHAINS = 3
MARK_LIMIT = 5000  # clusters and single features in one answer; a screen holds some hundreds

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
    counted: Callable[[], Counted] | None = None,
) -> Marks:
    """The same, but of clusters and located features only the `limit` that stand for the most features.

    counted: gives `count_by_unit` of the selection, where the caller keeps it; asked to zoom 10 only.
    """
    if zoom <= COUNTY_ZOOM:
        units = counted() if counted else count_by_unit(selection, world)
        if zoom <= CITY_ZOOM:
            return Marks(list(_of_units(in_cities(units, world), world, within, lang, city=True)), LeftOut(0, 0))
        return Marks(list(_of_units(units, world, within, lang)), LeftOut(0, 0))
    cells, left_out = _of_cells(selection, world, zoom, within, lang, limit)
    apart = count_by_unit(selection, world, unlocated=True)
    return Marks([*cells, *_of_units(apart, world, within, lang)], left_out)


def without_geometry(selection: Selection) -> Selection:
    """The selected features that have no geometry of their own: the vector tiles draw and count all others."""
    kept = {kind: selection.masks[kind].copy() for kind in selection.kinds}
    for kind, mask in kept.items():
        mask[: selection.snapshot.table(kind).located] = False
    return Selection(selection.snapshot, kept)


def _of_units(
    counted: Counted, world: World, within: mercator.Box | None, lang: str, *, city: bool = False
) -> Iterator[Mark]:
    """A mark for each county, city and place with any features. city: whether every unit is to stand as a city."""
    numbers, names = counted.number, (*counted.units, *counted.places)
    standing = [
        (
            group,
            _unit(world, names[group], lang, city=city)
            if group < len(counted.units)
            else _place(world, names[group], lang),
        )
        for group in np.flatnonzero(numbers).tolist()
    ]
    at = np.array([(lon, lat) for _, (_, lon, lat, _) in standing]).reshape(-1, 2)
    shown = np.ones(len(at), np.bool_) if within is None else mercator.inside(at[:, 0], at[:, 1], within)
    groups = [entry for entry, show in zip(standing, shown.tolist(), strict=True) if show]
    chosen = np.array([group for group, _ in groups], np.intp)
    for (group, (type_, lon, lat, name)), n, demos, mix, kinds, chains in zip(
        groups,
        numbers[chosen].tolist(),
        counted.demo[chosen].tolist(),
        ranked(counted.cluster[chosen]),
        ranked(counted.kind[chosen]),
        ranked(counted.chain[chosen]),
        strict=True,
    ):
        yield Mark(
            type=type_,
            id=names[group],
            lon=lon,
            lat=lat,
            n=n,
            name=name,
            mix=_named(mix, counted.clusters),
            chains=_named(chains[:TOP_CHAINS], counted.chains),
            kinds=_named(kinds, counted.kinds),
            demo=_some(demos, n),
        )


def _of_cells(
    selection: Selection, world: World, zoom: int, within: mercator.Box | None, lang: str, limit: int
) -> tuple[Iterator[Mark], LeftOut]:
    """A mark for each cell with features that have a geometry, and what the limit leaves out."""
    gathered = gather(selection, world, rows_near(selection, zoom, within))
    cells, left_out = cells_of(gathered.point, zoom, within, limit)
    if within is not None:
        cells = cells.only(mercator.inside(cells.middle[:, 0], cells.middle[:, 1], within))
    shown = np.flatnonzero(cells.of >= 0)
    group, size = cells.of[shown], len(cells.number)
    demo = np.bincount(group, gathered.demo[shown], minlength=size)
    mixes = tally(group, gathered.cluster[shown], size, len(gathered.clusters))
    kinds = tally(group, gathered.kind[shown], size, len(gathered.kinds))
    chain_group = cells.of[gathered.chained]
    listed = chain_group >= 0
    chains = tally(chain_group[listed], gathered.chain[listed], size, len(gathered.chains))

    def marks_() -> Iterator[Mark]:
        for id_, n, member, (lon, lat), box, demos, mix, kind, chain in zip(
            cells.ids,
            cells.number.tolist(),
            cells.first.tolist(),
            cells.middle.tolist(),
            cells.bounds.tolist(),
            demo.tolist(),
            mixes,
            kinds,
            chains,
            strict=True,
        ):
            single = n == 1
            own_kind = gathered.kinds[gathered.kind[member]] if single else None
            table = None if own_kind is None else selection.snapshot.table(own_kind)
            row = int(gathered.row[member])
            yield Mark(
                type="feature" if single else "cluster",
                id=id_ if table is None else str(table.column("id")[row]),
                lon=lon,
                lat=lat,
                n=n,
                name="" if table is None else name_of(table, row, lang),
                mix=_named(mix, gathered.clusters),
                chains=_named(chain[:TOP_CHAINS], gathered.chains),
                kinds=_named(kind, gathered.kinds),
                kind=own_kind,
                demo=_some(demos, n),
                bounds=None if single else tuple(box),
            )

    return marks_(), left_out


def _named(pairs: list[tuple[int, int]], names: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    return tuple((names[code], count) for code, count in pairs)


def _some(demos: float, n: int) -> bool | Literal["some"]:
    """Whether all, none or some of n features are demonstration data."""
    return "some" if 0 < demos < n else demos > 0


def _unit(world: World, adcode: str, lang: str, *, city: bool) -> tuple[Type, float, float, str]:
    unit = world.boundaries.unit(adcode)
    # A county that the province governs directly is its own city.
    rank: Type = "county" if adcode in world.boundaries.counties and not city else "city"
    return rank, *unit.anchor, unit.name.text(lang)


def _place(world: World, place: str, lang: str) -> tuple[Type, float, float, str]:
    lon, lat = point_of(world, place) or (np.nan, np.nan)
    return "place", lon, lat, world.gazetteer.places[place].name.text(lang)
