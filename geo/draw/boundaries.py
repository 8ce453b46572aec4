"""The base map: counties light enough for the first view, their borders still shared.

Measured for Henan's 157 counties at 500 m and 4 decimals, all labels included: 77 kB by gzip, 49 kB by Brotli at its longest,
which is done once (`webmap.views.api_map`). Shared arcs with deltas (as TopoJSON has them) would take 29 kB of coordinates by gzip,
deltas alone 46 kB by Brotli, but every reader would have to decode them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping

from datasets.boundaries import Boundaries, City, County
from datasets.labels import DEFAULT_LANGUAGE
from datasets.world import World

TOLERANCE_M = 500.0
DECIMALS = 4  # about 10 m; the source is generalised by more than 100 m


def base_map(world: World, lang: str = DEFAULT_LANGUAGE, tolerance_m: float = TOLERANCE_M) -> dict[str, Any]:
    """`counties`: GeoJSON with adcode, name, short, city, anchor (lon, lat) and area_km2; `cities`: the same as a list.

    `tolerance_m` is that of `Boundaries.simplified`. Corners are rounded alike, so neighbours keep the same border;
    a county that rounding would spoil keeps its unrounded shape.
    """
    shapes = _thinned(world.boundaries, tolerance_m)
    counties = [
        {
            "type": "Feature",
            "id": county.adcode,
            "geometry": dict(mapping(shapes[county.adcode])),
            "properties": _named(county, lang) | {"city": county.city},
        }
        for county in world.boundaries.counties.values()
    ]
    cities = [
        _named(city, lang) | {"bounds": [round(edge, DECIMALS) for edge in city.bbox], "counties": list(city.counties)}
        for city in world.boundaries.cities.values()
    ]
    return {"counties": {"type": "FeatureCollection", "features": counties}, "cities": cities}


def _named(unit: County | City, lang: str) -> dict[str, Any]:
    return {
        "adcode": unit.adcode,
        "name": unit.name.text(lang),
        "short": unit.short.text(lang),
        "anchor": [round(degree, DECIMALS) for degree in unit.anchor],
        "area_km2": round(unit.area_km2, 1),
    }


@lru_cache(maxsize=4)
def _thinned(boundaries: Boundaries, tolerance_m: float) -> dict[str, Polygon | MultiPolygon]:
    thinned = {}
    for adcode, shape in boundaries.simplified(tolerance_m).items():
        oriented = shapely.orient_polygons(shape)
        rounded = shapely.transform(oriented, lambda xy: np.round(xy, DECIMALS))
        thinned[adcode] = rounded if rounded.is_valid else oriented
    return thinned
