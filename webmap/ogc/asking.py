"""What a request for items asks: our own filter, a box, a time, CQL2, a system, a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar, cast

import shapely
from flask import request

from datasets.labels import Label
from geo.crs.ogc import OgcCrs
from geo.model import Feature, Kinds
from geo.query import cql2
from geo.query.choices import unknown_name
from geo.query.cql2 import times
from geo.query.cql2.faults import Cql2Fault, Misfit
from geo.query.cql2.shapes import read_bbox
from geo.query.faults import BadParameter, BadParameters
from geo.query.filter import Filter
from geo.query.parameters import parameters
from geo.query.values import Box, Unfit, read_number
from webmap.asking import whole
from webmap.ogc.negotiation import ANYWHERE
from webmap.ogc.systems import system_of
from webmap.site import site

T = TypeVar("T")
LIMIT, MOST = 100, 10_000
FARTHEST = 10**9
FILTER = ("filter", "filter-lang", "filter-crs")
OWN = ("bbox", "bbox-crs", "datetime", *FILTER)
EVERYTHING = Filter()
PAGING = ("limit", "offset", "after", "before")
LANGUAGES = ("cql2-text", "cql2-json")


@dataclass(frozen=True)
class Conditions:
    """Which features are wanted.

    plain: our own filter, without its box. selecting: the other parameters that select, in one order. equal: (property,
    value) that must agree. area: WGS-84 lon/lat, a Box where it is one. period: a stretch of time. cql2: a filter and
    the system of its geometries.
    """

    kind: str
    plain: Filter
    selecting: tuple[tuple[str, str], ...] = ()
    equal: tuple[tuple[str, str], ...] = ()
    area: shapely.Geometry | Box | None = None
    period: times.Times | None = None
    cql2: cql2.Expression | None = None
    cql2_crs: OgcCrs | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What is equal for requests that want the same."""
        return self.kind, self.plain, self.selecting

    def within(self, given: str, area: Box) -> Conditions:
        """The same with the box that `given` asks for in place of this one."""
        selecting = [(name, given if name == "bbox" else value) for name, value in self.selecting]
        return replace(self, selecting=tuple(sorted(selecting)), area=area)

    @property
    def only_plain(self) -> bool:
        """Whether our own filter says it all."""
        return not self.equal and self.area is None and self.period is None and self.cql2 is None


@dataclass(frozen=True)
class Place:
    """Which page is wanted. `asked` is the limit in the request where it was more than is given."""

    limit: int
    after: str
    before: str
    offset: int
    asked: int | None


def conditions(kind: type[Feature], *further: str) -> Conditions:
    """What the request asks of a collection; `further` names parameters that the view reads itself.

    Raises BadParameters with every unknown name and the faults of what it names.
    """
    plain_names, equal_names, known = _names(site().kinds, cast(Any, kind), further)
    args = request.args
    pairs = list(args.items(multi=True))
    faults = [unknown_name(name, value, known) for name, value in pairs if name not in known]
    try:
        own = [(name, value) for name, value in pairs if name in plain_names]
        plain = Filter.parse(own, site().kinds, site().world) if own else EVERYTHING
    except BadParameters as error:
        faults += error.faults
    if faults:
        raise BadParameters(faults)
    _once(*OWN, "crs")
    expression, cql2_crs = _filter()
    return Conditions(
        kind=kind.kind,
        plain=plain,
        selecting=tuple(sorted((name, value) for name, value in pairs if name in equal_names or name in OWN)),
        equal=tuple((name, value) for name, value in pairs if name in equal_names),
        area=_area(),
        period=_period(),
        cql2=expression,
        cql2_crs=cql2_crs,
    )


@lru_cache(maxsize=256)
def _names(kinds: Kinds, kind: Any, further: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The names of our own filter, those that ask for one property to be equal, and all that a request may have."""
    plain = frozenset(parameters(kinds).names) - {"bbox"}
    equal = frozenset(simple_queryables(kind)) - plain
    return plain, equal, frozenset({*plain, *equal, *OWN, *further, *ANYWHERE})


def place() -> Place:
    """The page that the request asks for. Raises BadParameters."""
    _once(*PAGING)
    asked = whole("limit", LIMIT, 1, FARTHEST)
    after, before = request.args.get("after", ""), request.args.get("before", "")
    if after and before:
        message = Label("after 与 before 不能同时使用", "after and before cannot stand together")
        raise BadParameters([BadParameter("before", before, message)])
    return Place(
        limit=min(asked, MOST),
        after=after,
        before=before,
        offset=whole("offset", 0, 0, FARTHEST),
        asked=asked if asked > MOST else None,
    )


def simple_queryables(kind: type[Feature]) -> Mapping[str, cql2.Queryable]:
    """The properties with one plain value: each is a parameter of its own, for equality."""
    return {name: each for name, each in cql2.queryables(kind).items() if each.sort not in ("geometry", "codes")}


def position_of(fault: Cql2Fault) -> BadParameters:
    """A fault of the filter as that of the parameter, with its place."""
    text = request.args.get("filter", "")
    shown = text if len(text) <= 200 else text[:200] + "…"
    return BadParameters([BadParameter("filter", shown, _placed(fault), fault.spot.members())])


def _placed(fault: Cql2Fault) -> Label:
    spot = fault.spot
    if spot.offset < 0:
        where = Label(f"（位置 {spot.pointer or '/'}）", f" (at {spot.pointer or '/'})")
    else:
        where = Label(f"（第 {spot.line} 行第 {spot.column} 个字符）", f" (line {spot.line}, character {spot.column})")
    return Label(fault.label.zh + where.zh, fault.label.en + where.en)


def _once(*names: str) -> None:
    args = request.args
    faults = [
        BadParameter(name, args.getlist(name)[1], Label(f"{name} 只能出现一次", f"{name} may stand once"))
        for name in names
        if name in args and len(args.getlist(name)) > 1
    ]
    if faults:
        raise BadParameters(faults)


def _area() -> shapely.Geometry | Box | None:
    system = system_of("bbox-crs")
    given = request.args.get("bbox", "").strip()
    if not given:
        return None
    if system.system is None and (found := plain_box(given)) is not None:
        return found
    try:
        numbers = [read_number(part) for part in given.split(",")]
    except Unfit as fault:
        raise BadParameters([BadParameter("bbox", given, fault.label)]) from None
    if len(numbers) not in (4, 6):
        message = Label(
            "应为四个数字：第一轴最小值,第二轴最小值,第一轴最大值,第二轴最大值（六个数字时含高程，高程不参与筛选）",
            "four numbers are expected: minimum of axis 1, of axis 2, maximum of axis 1, of axis 2 (six with heights, "
            "which are left aside)",
        )
        raise BadParameters([BadParameter("bbox", given, message)])
    return _fitting("bbox", given, lambda: read_bbox(list(numbers), system))


def plain_box(given: str) -> Box | None:
    """A box of lon/lat with a width and a height that lies within the world; None for whatever else is given."""
    try:
        west, south, east, north = map(read_number, given.split(","))
    except ValueError:
        return None
    return Box(west, south, east, north) if -180 <= west < east <= 180 and -90 <= south < north <= 90 else None


def _period() -> times.Times | None:
    given = request.args.get("datetime", "").strip()
    if not given:
        return None
    first, slash, last = given.partition("/")
    if not slash:
        return _fitting("datetime", given, lambda: times.read_instant(first))
    return _fitting("datetime", given, lambda: times.read_interval(first, last))


def _filter() -> tuple[cql2.Expression | None, OgcCrs | None]:
    if request.args.keys().isdisjoint(FILTER):
        return None, None
    language = request.args.get("filter-lang", LANGUAGES[0])
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise BadParameters([BadParameter("filter-lang", language, Label(f"可用：{known}", f"known are {known}"))])
    system = system_of("filter-crs")
    given = request.args.get("filter")
    if given is None:
        return None, None
    try:
        read = cql2.read_text if language == LANGUAGES[0] else cql2.read_json
        return read(given), system
    except Cql2Fault as fault:
        raise position_of(fault) from None


def _fitting(name: str, value: str, make: Callable[[], T]) -> T:
    try:
        return make()
    except Misfit as fault:
        raise BadParameters([BadParameter(name, value, fault.label)]) from None
