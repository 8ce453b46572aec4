"""Finds places by name, and a point for any name: the place's own, or one that stands for its county."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from datasets.boundaries import Boundaries
from datasets.gazetteer.faults import AmbiguousPlace
from datasets.gazetteer.places import Located, Place, normalised
from datasets.labels import Label

AREA = {"county": Label(zh="县域", en="county"), "city": Label(zh="市域", en="city")}
RANK = {"county": Label(zh="县级", en="county"), "city": Label(zh="市级", en="city")}


class Gazetteer:
    """Places by id, and by every name that they bear."""

    places: Mapping[str, Place]

    def __init__(self, places: Iterable[Place], boundaries: Boundaries) -> None:
        self.places = MappingProxyType({place.id: place for place in places})
        self._boundaries = boundaries
        self._named: dict[str, list[Place]] = {}
        for place in self.places.values():
            for key in sorted({normalised(name) for name in (place.name.zh, place.name.en, *place.aliases)}):
                self._named.setdefault(key, []).append(place)

    def find(self, name: str, near: str | None = None) -> Place | None:
        """The place that bears this whole name (Chinese, English or alias), else None.

        `near` is the adcode of a county or city: only places of that city count, those of that very county
        first. Raises `AmbiguousPlace` where several remain, `UnknownUnit` if `near` is no such code.
        """
        candidates = self._named.get(normalised(name), [])
        if near is not None:
            city = self._boundaries.city_of(near)
            candidates = [place for place in candidates if self._boundaries.city_of(place.county) == city]
            candidates = [place for place in candidates if place.county == near] or candidates
        if len(candidates) > 1:
            raise AmbiguousPlace(name, candidates)
        return candidates[0] if candidates else None

    def locate(self, name: str, county: str) -> Located:
        """A point for a name that was given together with a county's or city's adcode.

        Without coordinates, or for a name that is not in the table, the interior point of the county, else
        of the city, stands in, and the answer says so. The county that is given outweighs the table: a place
        of that name in another county is another place. Raises `UnknownUnit`, `AmbiguousPlace`.
        """
        place = self.find(name, near=county)
        if place is None:
            reason = (
                Label(zh=f"地名表中没有“{name}”", en=f"{name} is not in the gazetteer")
                if normalised(name)
                else Label(zh="未给出地点", en="No place is given")
            )
            return self._stand_in(None, county, reason)
        if self._elsewhere(place, county):
            there = self._boundaries.name(place.county)
            return self._stand_in(
                None,
                county,
                Label(
                    zh=f"地名表中的“{name}”在{there.zh}，与所给区县不符",
                    en=f"The gazetteer has {name} in {there.text('en')}, not in the county given",
                ),
            )
        # A place known only to its city takes the county that comes with the name.
        known = place.county if place.county in self._boundaries.counties else county
        if place.lon is None or place.lat is None:
            return self._stand_in(place, known, Label(zh=f"“{name}”未找到坐标", en=f"No coordinates for {name}"))
        if place.precision == "city" and known != place.county:
            reason = Label(
                zh=f"“{name}”的坐标只精确到市级", en=f"The coordinates of {name} are precise to the city only"
            )
            return self._stand_in(place, known, reason)
        fits = self._boundaries.within_m(known, place.lon, place.lat)
        return Located(
            place=place,
            county=known if fits else place.county,
            lon=place.lon,
            lat=place.lat,
            precision=place.precision,
            source=place.source,
            fallback=False,
            explanation=_own_point(place),
        )

    def _elsewhere(self, place: Place, county: str) -> bool:
        counties = self._boundaries.counties
        return place.county != county and place.county in counties and county in counties

    def _stand_in(self, place: Place | None, county: str, reason: Label) -> Located:
        unit = self._boundaries.unit(county)
        lon, lat = unit.anchor
        precision = "county" if county in self._boundaries.counties else "city"
        area = AREA[precision]
        return Located(
            place=place,
            county=county,
            lon=lon,
            lat=lat,
            precision=precision,
            source=self._boundaries.source.en,
            fallback=True,
            explanation=Label(
                zh=f"{reason.zh}，按{area.zh}内点示意（{unit.name.zh}）",
                en=f"{reason.en}: an interior point of the {area.en} {unit.name.text('en')} stands in",
            ),
        )


def _own_point(place: Place) -> Label:
    rank = RANK.get(place.precision)
    if rank is None:
        return Label(zh=f"坐标来源：{place.source}", en=f"Coordinates from {place.source}")
    return Label(
        zh=f"代表点坐标，只精确到{rank.zh}；来源：{place.source}",
        en=f"A representative point, precise to the {rank.en} only; from {place.source}",
    )
