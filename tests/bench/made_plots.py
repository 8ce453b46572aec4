"""Made-up plots in any number: 8 vertices each, 70 % of them around the cities of the province."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from datasets import vocab
from datasets.world import World
from geo.model import Feature, default_kinds

CLUSTERED = 0.7
VERTICES = 8
SPREAD = 0.08  # degrees around a city
PROVINCE = 7.0  # degrees from one province to the next
COLUMNS = 4
PIECE = 20_000
NAMES = 50_000  # after which names repeat


def plots(
    number: int, world: World, seed: int = 1, shift: tuple[float, float] = (0, 0), suffix: str = ""
) -> Iterator[Feature]:
    """`number` plots, the same each time: names, chains, status, land use, price and area drawn at random.

    shift: degrees by which all lie further east and north. suffix: of their ids. They are made a piece at a time, so
    that what is measured with them is not the memory that they take.
    """
    for start in range(0, number, PIECE):
        yield from _piece(range(start, min(start + PIECE, number)), world, seed, shift, suffix)


def _piece(numbers: range, world: World, seed: int, shift: tuple[float, float], suffix: str) -> Iterator[Feature]:
    number = len(numbers)
    draw = np.random.default_rng([seed, numbers.start])
    shapes = _shapes(number, world, draw, shift)
    kind = default_kinds().get("plot")
    lists = {
        "county": list(world.boundaries.counties),
        "chain": list(world.chains.chains),
        "status": list(vocab.load("plot_status").codes()),
        "land_use": list(vocab.load("land_use").codes()),
    }
    codes = {name: draw.integers(0, len(values), number).tolist() for name, values in lists.items()}
    price, area = draw.uniform(5, 80, number).tolist(), draw.uniform(1e3, 3e5, number).tolist()
    for at, n in enumerate(numbers):
        own = {name: lists[name][codes[name][at]] for name in lists}
        yield kind(  # type: ignore[call-arg]
            id=f"plot-{n:07}{suffix}",
            name=f"地块{n % NAMES}号",
            county=own["county"],
            chains=(own["chain"],),
            precision="surveyed",
            source="demo",
            code=f"A-{n}",
            area_m2=area[at],
            status=own["status"],
            land_use=own["land_use"],
            price_wan_mu=price[at],
            as_of="2024-05",
            demo=True,
            geometry=shapes[at],
        )


def provinces(number: int, many: int, world: World) -> Iterator[Feature]:
    """`number` plots, equally many in each of `many` provinces that lie side by side.

    The first is `plots(number // many)` to the last digit, so that a tile in it holds the same however many there are.
    """
    for province in range(many):
        shift = (PROVINCE * (province % COLUMNS), PROVINCE * (province // COLUMNS))
        yield from plots(number // many, world, province + 1, shift, f"-{province}" if province else "")


def _shapes(number: int, world: World, draw: np.random.Generator, shift: tuple[float, float]) -> np.ndarray:
    """Polygons (number,) of a few hundred metres."""
    centres = np.array([city.anchor for city in world.boundaries.cities.values()])
    around = centres[draw.integers(0, len(centres), number)] + draw.normal(0, SPREAD, (number, 2))
    anywhere = draw.uniform((110.4, 31.4), (116.6, 36.3), (number, 2))
    at = np.where(draw.random((number, 1)) < CLUSTERED, around, anywhere) + shift
    angle = np.arange(VERTICES) / VERTICES * 2 * np.pi + draw.uniform(-0.3, 0.3, (number, VERTICES))
    radius = draw.lognormal(-6.9, 0.5, (number, 1)) * draw.uniform(0.7, 1, (number, VERTICES))
    xy = at[:, None, :] + radius[..., None] * np.stack([1.2 * np.cos(angle), np.sin(angle)], axis=-1)
    return np.asarray(shapely.polygons(np.concatenate([xy, xy[:, :1]], axis=1)))
