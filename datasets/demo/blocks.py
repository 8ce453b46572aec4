"""Outlines of industrial blocks, in metres around their own centre."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from random import Random

from shapely import affinity
from shapely.geometry import MultiPolygon, Polygon

Block = Polygon | MultiPolygon


def quad(rng: Random) -> Polygon:
    """A four-cornered block whose corners are not quite square."""
    width = rng.uniform(1.0, 1.7)
    corners = ((-width, -1.0), (width, -1.0), (width, 1.0), (-width, 1.0))
    return Polygon([(x + rng.uniform(-0.12, 0.12), y + rng.uniform(-0.12, 0.12)) for x, y in corners])


def ell(rng: Random) -> Block:
    """A block with one corner taken out."""
    width, notch_x, notch_y = rng.uniform(1.1, 1.6), rng.uniform(0.1, 0.5), rng.uniform(-0.2, 0.3)
    return Polygon([(-width, -1), (width, -1), (width, notch_y), (notch_x, notch_y), (notch_x, 1), (-width, 1)])


def hexagon(rng: Random) -> Block:
    """A six-cornered block, as between roads that meet askew."""
    corners = []
    for turn in range(6):
        angle = math.radians(60 * turn + rng.uniform(-10, 10))
        reach = rng.uniform(0.88, 1.12)
        corners.append((1.3 * reach * math.cos(angle), reach * math.sin(angle)))
    return Polygon(corners)


def hollow(rng: Random) -> Block:
    """A block around a piece of land that is not part of it, such as a village."""
    outer = quad(rng)
    inner = affinity.scale(quad(rng), 0.28, 0.28, origin=(0, 0))
    inner = affinity.translate(inner, rng.uniform(-0.3, 0.3), rng.uniform(-0.2, 0.2))
    return Polygon(outer.exterior, [inner.exterior])


def parts(rng: Random) -> Block:
    """A block in two parts with a road between them."""
    left, right, gap = rng.uniform(0.9, 1.5), rng.uniform(0.6, 1.0), rng.uniform(0.06, 0.1)
    return MultiPolygon(
        [
            Polygon([(-left - gap, -1), (-gap, -1), (-gap, 1), (-left - gap, rng.uniform(0.8, 1))]),
            Polygon([(gap, -1), (right + gap, -1), (right + gap, rng.uniform(0.4, 0.8)), (gap, 0.8)]),
        ]
    )


FORMS: Mapping[str, Callable[[Random], Block]] = {
    "quad": quad,
    "ell": ell,
    "hexagon": hexagon,
    "hollow": hollow,
    "parts": parts,
}
# Most blocks are four-cornered; holes and separate parts are rarer, but a map has to cope with them.
TURNS = ("quad", "ell", "hexagon", "quad", "hollow", "quad", "ell", "parts")


def block(rng: Random, turn: int, area_m2: float, bearing: float) -> Block:
    """The `turn`-th block: about `area_m2` square metres, turned by `bearing` degrees, centred on (0, 0)."""
    outline = FORMS[TURNS[turn % len(TURNS)]](rng)
    factor = math.sqrt(area_m2 / outline.area)
    sized = affinity.scale(outline, factor, factor, origin=(0, 0))
    return affinity.rotate(sized, bearing, origin=(0, 0))
