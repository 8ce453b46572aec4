"""Where a fact lies, and how exactly that is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shapely.geometry import Point

from datasets.gazetteer import Place
from datasets.world import World

# How exactly a feature is known that is known to lie in a place of this kind.
PRECISION_OF_PLACE = {
    "functional_district": "district",
    "town": "town",
    "subdistrict": "town",
    "village": "town",
}


def placed(row: Mapping[str, Any], world: World) -> dict[str, Any]:
    """The row with `place` as the gazetteer's id, its precision, source, date and, where an address is known, a point.

    A fact known only to a town, district, county or city gets no geometry: it must not pose as a point.
    """
    values = dict(row)
    document, lines = values.pop("document"), values.pop("lines")
    values["source"] = f"{document}:{','.join(_span(*pair) for pair in lines)}"
    values["as_of"] = values.pop("date")
    place = world.gazetteer.find(values["place"], near=values["county"]) if values["place"] else None
    if place is not None:
        values["place"] = place.id
    values["precision"] = _precision(place, values["county"], world)
    if values["precision"] == "address" and place is not None and place.lon is not None and place.lat is not None:
        values["geometry"] = Point(place.lon, place.lat)
    return values


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _precision(place: Place | None, county: str, world: World) -> str:
    if place is not None:
        if place.lon is not None and place.precision == "address":
            return "address"
        holder = world.gazetteer.places.get(place.within or "")
        for known in (place, holder):
            if known is not None and known.kind in PRECISION_OF_PLACE:
                return PRECISION_OF_PLACE[known.kind]
    return "city" if county in world.boundaries.cities and county not in world.boundaries.counties else "county"
