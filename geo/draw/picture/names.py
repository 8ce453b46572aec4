"""Names of cities, counties and features that never lie on each other or on a mark: the important ones first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from datasets.world import World
from geo.draw.marks import Mark
from geo.draw.picture import tones
from geo.draw.picture.paper import Box, Paper
from geo.draw.picture.view import View

CITY_TO_ZOOM = 10.0
COUNTY_FROM_ZOOM = 7.5
CITY_PX, COUNTY_PX, FEATURE_PX = 14.0, 11.5, 11.5
GAP = 2.0
FEATURE_MOST = 60
NAME_ROOM = 150.0


@dataclass(frozen=True)
class _Name:
    text: str
    x: float
    y: float
    size: float
    weight: int
    colour: str
    shifts: tuple[float, ...]


def draw(
    paper: Paper,
    view: View,
    world: World,
    lang: str,
    taken: list[Box],
    named: set[str],
    singles: list[tuple[Mark, bool]],
) -> None:
    """Names where there is room. taken: what they must not touch; named: units whose marks bear their name.

    singles: features that stand alone, and whether each is shown by a symbol, below which its name stands, or by its
    outline alone.
    """
    boxes = list(taken)
    paper.open(class_="names")
    for name in (*_singles(paper, view, singles), *_units(view, world, lang, named)):
        width = paper.typeface.width(name.text, name.size, name.weight)
        for shift in name.shifts:
            y = name.y + shift
            box = Box(
                name.x - width / 2 - GAP,
                y - name.size / 2 - GAP,
                name.x + width / 2 + GAP,
                y + name.size / 2 + GAP,
            )
            if view.frame.holds(box) and not any(box.meets(other) for other in boxes):
                boxes.append(box)
                paper.text(
                    name.x,
                    y + name.size * 0.36,
                    name.text,
                    name.size,
                    fill=name.colour,
                    weight=name.weight,
                    anchor="middle",
                    halo=tones.PAPER,
                    halo_px=2.6,
                )
                break
    paper.close()


def _singles(paper: Paper, view: View, singles: list[tuple[Mark, bool]]) -> Iterator[_Name]:
    if not singles:
        return
    at = view.pixels(np.array([(mark.lon, mark.lat) for mark, _ in singles])).tolist()
    for (mark, has_symbol), (x, y) in list(zip(singles, at, strict=True))[:FEATURE_MOST]:
        text = paper.typeface.cut(mark.name, FEATURE_PX, NAME_ROOM, 500)
        shifts = (21.0, -21.0) if has_symbol else (0.0, 12.0, -12.0)
        yield _Name(text, x, y, FEATURE_PX, 500, tones.INK, shifts)


def _units(view: View, world: World, lang: str, named: set[str]) -> Iterator[_Name]:
    known = world.boundaries
    around = (0.0, 16.0, -16.0, 23.0, -23.0)
    found: list[tuple[float, str, _Name]] = []
    if view.zoom < CITY_TO_ZOOM:
        for city in known.cities.values():
            if city.adcode not in named:
                (x, y) = view.pixels(np.array([city.anchor]))[0].tolist()
                name = _Name(city.short.text(lang), x, y, CITY_PX, tones.BOLD, tones.INK_2, around)
                found.append((1e6 + city.area_km2, city.adcode, name))
    if view.zoom >= COUNTY_FROM_ZOOM:
        for county in known.counties.values():
            # A county that the province governs directly is its own city: one name is enough.
            if county.adcode in named or (view.zoom < CITY_TO_ZOOM and county.city == county.adcode):
                continue
            (x, y) = view.pixels(np.array([county.anchor]))[0].tolist()
            text = (county.short if view.zoom < CITY_TO_ZOOM else county.name).text(lang)
            found.append((county.area_km2, county.adcode, _Name(text, x, y, COUNTY_PX, 400, tones.NAME, around)))
    for _, _, name in sorted(found, key=lambda entry: (-entry[0], entry[1])):
        yield name
