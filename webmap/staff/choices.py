"""What can be chosen in a form: the person's counties, places, chains, other records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from flask import g

from datasets.labels import Label
from geo.store.listing import Wanted, listing
from webmap.staff.desk import desk
from webmap.staff.visiting import covers, units_in_scope, visit
from webmap.staff.words import in_words, t

LOOKED_UP = 400  # records offered while typing; any other id can be typed in full
STOPS = ("park", "plot", "project", "opportunity", "enterprise")  # what a visit can lead to, the likeliest first


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    value: str
    text: str
    swatch: str = ""


@dataclass(frozen=True)
class Group:
    """Options under a heading; open: shown from the start."""

    title: str
    options: Sequence[Option]
    open: bool = False


def with_value(options: Collection[tuple[str, str]], value: str) -> list[Group]:
    """One group without a heading, which holds `value` even where it is unknown."""
    known = [Option(code, text) for code, text in options]
    if value and all(option.value != value for option in known):
        known.append(Option(value, value))
    return [Group("", known)]


def unit_groups(chosen: Collection[str]) -> list[Group]:
    """The person's counties and cities to tick, those groups open that hold something chosen, or that stand alone."""
    groups = units("", "filter.whole_city")
    return [
        replace(group, open=len(groups) == 1 or any(option.value in chosen for option in group.options))
        for group in groups
    ]


def units(value: str, whole: str = "staff.whole_city") -> list[Group]:
    """The counties that the person looks after, by city; the city itself, worded by `whole`, where all of it is his."""
    account, boundaries = visit().account, desk().world.boundaries
    groups = []
    for city in boundaries.cities.values():
        options = [
            Option(code, in_words(boundaries.counties[code].name)) for code in city.counties if covers(account, code)
        ]
        if covers(account, city.adcode) and city.adcode not in city.counties:
            name = in_words(city.name)
            options.insert(0, Option(city.adcode, t(whole, name=name)))
        if options:
            groups.append(Group(in_words(city.name), options))
    return [*groups, *_missing(groups, value)]


def places(value: str) -> list[Group]:
    """The gazetteer's places in the person's counties, by county."""
    account, world = visit().account, desk().world
    by_county: dict[str, list[Option]] = {}
    for place in world.gazetteer.places.values():
        if covers(account, place.county):
            by_county.setdefault(place.county, []).append(Option(place.id, in_words(place.name)))
    known = world.boundaries.counties.keys() | world.boundaries.cities.keys()
    groups = [
        Group(in_words(world.boundaries.name(county)) if county in known else county, options)
        for county, options in sorted(by_county.items())
    ]
    return [*groups, *_missing(groups, value)]


def chains(chosen: Sequence[str]) -> list[Group]:
    """The chains by cluster; groups with a chosen one are open."""
    known = desk().world.chains
    groups = []
    for cluster in known.clusters.values():
        options = [
            Option(chain.id, in_words(chain.label)) for chain in known.chains.values() if chain.cluster == cluster.id
        ]
        groups.append(Group(in_words(cluster.label), options, any(option.value in chosen for option in options)))
    return [*groups, *_unknown(groups, chosen)]


def nodes(chosen: Sequence[str]) -> list[Group]:
    """The nodes by chain; groups with a chosen one are open."""
    groups = []
    for chain in desk().world.chains.chains.values():
        options = [Option(node.id, in_words(node.label)) for node in chain.nodes]
        if options:
            groups.append(Group(in_words(chain.label), options, any(option.value in chosen for option in options)))
    return [*groups, *_unknown(groups, chosen)]


def records(kind: str) -> list[Group]:
    """Records of a kind in the person's counties, or with "" those that a visit can lead to; asked for once a request."""
    remembered: dict[str, list[Group]] = g.setdefault("record_choices", {})
    if kind not in remembered:
        wanted_kinds = [kind] if kind else [name for name in STOPS if name in desk().kinds]
        found: list[Option] = []
        for name in wanted_kinds:
            wanted = Wanted(units=units_in_scope(visit().account), kind=name)
            _, rows = listing(desk().store.engine, wanted, limit=LOOKED_UP - len(found))
            found += [Option(row.id, row.name) for row in rows]
        remembered[kind] = [Group("", found)]
    return remembered[kind]


def _missing(groups: Sequence[Group], value: str) -> list[Group]:
    return _unknown(groups, [value] if value else [])


def _unknown(groups: Sequence[Group], chosen: Sequence[str]) -> list[Group]:
    known = {option.value for group in groups for option in group.options}
    strangers = [Option(code, _name(code)) for code in chosen if code not in known]
    return [Group(t("staff.others"), strangers, True)] if strangers else []


def _name(code: str) -> str:
    world = desk().world
    units_ = world.boundaries
    label: Label | None = None
    if code in units_.counties or code in units_.cities:
        label = units_.name(code)
    elif code in world.gazetteer.places:
        label = world.gazetteer.places[code].name
    return in_words(label) if label else code
