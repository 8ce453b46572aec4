"""The pages of counties, cities and places."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from datasets.boundaries import City, County
from datasets.gazetteer import Place
from datasets.labels import Label
from geo.query import Filter
from webmap.asking import language
from webmap.present.areas import Area, area_page
from webmap.present.reader import Reader
from webmap.present.values import Link
from webmap.problems import NotHere
from webmap.site import site
from webmap.views.pages_render import page, reader

blueprint = Blueprint("pages_area", __name__)


@blueprint.get("/county/<adcode>")
def county(adcode: str) -> Response:
    """A county or a city: numbers, parks, projects, events, targets against actuals."""
    language()
    units = site().world.boundaries
    unit = units.cities.get(adcode) or units.counties.get(adcode)
    if unit is None:
        raise NotHere(
            Label(f"没有代码为 {adcode} 的县（市、区）。", f"There is no county or city with the code {adcode}.")
        )
    make = _city if isinstance(unit, City) else _county
    return page("area.html", lambda: make(unit, reader()))


@blueprint.get("/place/<place_id>")
def place(place_id: str) -> Response:
    """A functional district, town or landmark and what is known to lie there."""
    language()
    found = site().world.gazetteer.places.get(place_id)
    if found is None:
        raise NotHere(Label(f"没有名为“{place_id}”的地点。", f"There is no place '{place_id}'."))
    return page("area.html", lambda: _place(found, reader()))


def _county(unit: Any, who: Reader) -> dict[str, Any]:
    county: County = unit
    area = Area(
        select=f"county/{county.adcode}",
        rank=who.t("area.county"),
        name=county.name.text(who.lang),
        other_name=_other(county.name, who),
        wanted=Filter(counties=(county.adcode,)),
        parent=_parent(county.city, who),
        area_km2=county.area_km2,
    )
    only_city = site().select(Filter(counties=(county.city,))).total if county.city != county.adcode else 0
    return {"page": area_page(area, site().select(area.wanted), who, only_city=only_city)}


def _city(unit: Any, who: Reader) -> dict[str, Any]:
    city: City = unit
    area = Area(
        select=f"county/{city.adcode}",
        rank=who.t("area.city"),
        name=city.name.text(who.lang),
        other_name=_other(city.name, who),
        wanted=Filter(cities=(city.adcode,)),
        area_km2=city.area_km2,
    )
    counts = site().facets(Filter()).counts["county"]
    members = tuple(
        (Link(who.unit_name(code), who.link("county", code), f"county/{code}"), counts.get(code, 0))
        for code in city.counties
        if code != city.adcode
    )
    only = Filter(counties=(city.adcode,))
    return {
        "page": area_page(area, site().select(area.wanted), who, members=members),
        "only_city_n": site().select(only).total,
        "only_city_href": who.link("list", query=only.query()),
    }


def _place(found: Place, who: Reader) -> dict[str, Any]:
    area = Area(
        select=f"place/{found.id}",
        rank=who.t("area.place"),
        name=found.name.text(who.lang),
        other_name=_other(found.name, who),
        wanted=Filter(terms=(("place", (found.id,)),)),
        parent=_parent(found.county, who),
    )
    return {"page": area_page(area, site().select(area.wanted), who)}


def _parent(adcode: str, who: Reader) -> Link | None:
    return Link(who.unit_name(adcode), who.link("county", adcode), f"county/{adcode}") if who.has_unit(adcode) else None


def _other(name: Label, who: Reader) -> str:
    """The name in the other language, where it differs."""
    other = name.text("en" if who.lang == "zh" else "zh")
    return other if other != name.text(who.lang) else ""
