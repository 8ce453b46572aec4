"""Demonstration routes: a county's own round, or one cluster's parks across the counties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random
from typing import cast

from pyproj import Geod
from shapely.geometry import LineString, Point

from datasets.boundaries import County
from datasets.chains import Chains
from datasets.demo.layout import Row, base
from datasets.demo.plan import dice

WGS84 = Geod(ellps="WGS84")
SPEED_KM_H = 40
STAYS = (20, 30, 30, 40, 50)
NOTE = (
    "演示数据：由程序生成，不对应任何真实线路。站间直线仅为示意，不是道路走向；"
    f"全程时间 = 各站停留 + 按示意里程每小时 {SPEED_KM_H} 公里估算的行车时间。"
)


def routes(county: County, count: int, parks: list[Row], chains: Chains, shown: Counter[str]) -> Iterator[Row]:
    """`count` routes that start in `county`, by turns a round within it and a tour of one cluster's parks.

    `parks` are the parks of all counties; `shown` counts the tours of each cluster and grows with each.
    """
    rng = dice("route", county.adcode)
    own = [park for park in parks if park["county"] == county.adcode]
    starts = rng.sample(own, count)
    for index, start in enumerate(starts):
        if index % 2:
            start = min(own, key=lambda park: shown[_cluster(park, chains)])  # noqa: PLW2901 (a tour picks its own)
            theme = _cluster(start, chains)
            shown[theme] += 1
            within = [park for park in parks if _cluster(park, chains) == theme]
        else:
            within = own
        yield _route(base("route", county, index + 1), _tour(start, within, rng.randint(3, 6)), rng)


def _cluster(park: Row, chains: Chains) -> str:
    return chains.chain(cast(tuple[str, ...], park["chains"])[0]).cluster


def _tour(start: Row, within: Iterable[Row], stops: int) -> list[Row]:
    """`start`, then always the nearest park that is left, `stops` in all (fewer where there are fewer)."""
    left = [park for park in within if park is not start]
    tour = [start]
    while left and len(tour) < stops:
        nearest = min(left, key=lambda park: _metres(tour[-1], park))
        left.remove(nearest)
        tour.append(nearest)
    return tour


def _route(row: Row, tour: list[Row], rng: Random) -> Row:
    stays = [rng.choice(STAYS) for _ in tour]
    line = LineString([_at(park) for park in tour])
    length_km = WGS84.geometry_length(line) / 1000
    seen = dict.fromkeys(chain for park in tour for chain in cast(tuple[str, ...], park["chains"]))
    return row | {
        "chains": tuple(seen),
        "nodes": (),
        "geometry": line,
        "note": NOTE,
        "stops": tuple(
            {"feature": park["id"], "name": park["name"], "minutes": stay}
            for park, stay in zip(tour, stays, strict=True)
        ),
        "minutes": sum(stays) + round(length_km / SPEED_KM_H * 60),
        "length_km": round(length_km, 1),
    }


def _at(park: Row) -> Point:
    return cast(Point, park["geometry"])


def _metres(a: Row, b: Row) -> float:
    return float(WGS84.inv(_at(a).x, _at(a).y, _at(b).x, _at(b).y)[2])
