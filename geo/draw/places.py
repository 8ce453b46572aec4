"""Which places of the gazetteer may stand on the map as a point."""

from __future__ import annotations

from datasets.world import World

TOO_ROUGH = frozenset({"county", "city"})


def point_of(world: World, place_id: str) -> tuple[float, float] | None:
    """The WGS-84 lon/lat of a place; None where it has none, or only one that stands for a whole county or city.

    What belongs to such a place is drawn with its county: it must not pose as a point.
    """
    place = world.gazetteer.places.get(place_id)
    if place is None or place.lon is None or place.lat is None or place.precision in TOO_ROUGH:
        return None
    return place.lon, place.lat
