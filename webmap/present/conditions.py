"""The conditions of a filter in words, each with the query that drops it."""

from __future__ import annotations

from dataclasses import dataclass

from geo.model.field import Field
from geo.model.fields import Area, Code
from geo.query import Filter
from geo.query.choices import choices
from geo.query.parameters import LOWER, UPPER, parameters
from webmap.i18n import catalogue
from webmap.present.reader import Reader


@dataclass(frozen=True)
class Chip:
    """A condition that is set, and the query without it."""

    param: str
    value: str
    text: str
    without: tuple[tuple[str, str], ...]


def chips(wanted: Filter, reader: Reader) -> list[Chip]:
    """Every condition of a filter in words, each with the query that drops it."""
    return [
        Chip(param, value, condition(param, value, reader), tuple(wanted.minus(param, value).query()))
        for param, value in wanted.active()
    ]


def condition(param: str, value: str, reader: Reader) -> str:
    """One pair of a query string in words."""
    declared = parameters(reader.kinds)
    if param == "q":
        return reader.t("filter.text", q=value)
    if param in ("bbox", "near"):
        return reader.t(f"filter.{param}")
    if param in ("year_from", "year_to"):
        end = param.removeprefix("year_")
        return reader.t(f"filter.years_{end}", **{end: value})
    if param not in declared.lists:
        return _bound(param, value, reader)
    if param == "county" and value in reader.world.boundaries.cities and value not in reader.world.boundaries.counties:
        return f"{reader.unit_name(value)} · {reader.t('filter.only_city')}"
    known = choices(param, declared, reader.kinds, reader.world)
    if known is not None:
        return known[value].text(reader.lang) if value in known else value
    field = declared.any[param].any_field
    other = reader.record(field.of, value) if isinstance(field, Code) else None
    return reader.title_of(other) if other else value


def _bound(param: str, value: str, reader: Reader) -> str:
    end = LOWER if param.endswith(LOWER) else UPPER
    field = parameters(reader.kinds).ranges[param.removesuffix(end)].any_field
    words = catalogue(reader.lang)
    unit = param_unit(field, reader)
    number = words.number(float(value), 4)
    written = reader.t("unit.joined", n=number, unit=unit) if unit else number
    key, name = ("filter.from_only", "minimum") if end == LOWER else ("filter.to_only", "maximum")
    return reader.t(key, label=field.label.text(reader.lang), **{name: written})


def param_unit(field: Field, reader: Reader) -> str:
    """The unit that a range is asked for in, which for an area is not the one it is held in."""
    if isinstance(field, Area):
        return reader.t("unit.mu")
    return field.unit.text(reader.lang) if field.unit else ""
