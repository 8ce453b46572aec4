"""What a repair is, and the proposals that fit a shape's findings."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from datasets.labels import DEFAULT_LANGUAGE, Label
from geo.check.outlines import areas_m2, in_metres

MOST_ROUNDS = 5
MOST_POINTS = 200_000  # mending a longer outline would take a minute: it is for the survey office to simplify
_Made = tuple[str, Label, BaseGeometry | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Repair:
    """One way to mend a shape. A module of `geo.check.repair` holds one as REPAIR.

    codes: the findings that it removes. apply: WGS-84 geometry → mended one, or None where it cannot mend it or would leave
    nothing; idempotent. order: which of several goes first. alternative: it mends what another one mends too, in another way, and
    is left out of "all".
    """

    name: str
    label: Label
    codes: frozenset[str]
    apply: Callable[[BaseGeometry], BaseGeometry | None]
    order: int
    alternative: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A repair of one shape, to be shown and accepted or not.

    code: the repair's name, or "all". repairs: the names of the repairs that, made one after the other, lead from before to
    after. before, after: WGS-84. area_before, area_after: ㎡. moved_m: how far at most the outline moves.
    """

    code: str
    label: Label
    before: BaseGeometry
    after: BaseGeometry
    area_before: float
    area_after: float
    moved_m: float
    repairs: tuple[str, ...]

    def payload(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
        """The JSON form, shapes as GeoJSON."""
        return {
            "code": self.code,
            "label": self.label.text(lang),
            "before": shapely.geometry.mapping(self.before),
            "after": shapely.geometry.mapping(self.after),
            "area_before": round(self.area_before, 2),
            "area_after": round(self.area_after, 2),
            "moved_m": round(self.moved_m, 3),
        }


@cache
def all_repairs() -> Mapping[str, Repair]:
    """Every repair by its name, in the order in which they are best made: one module of this folder each."""
    names = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    modules = [importlib.import_module(f"geo.check.repair.{name}") for name in names]
    found = sorted((module.REPAIR for module in modules if hasattr(module, "REPAIR")), key=lambda each: each.order)
    return {each.name: each for each in found}


def repair(name: str, geometry: BaseGeometry) -> BaseGeometry | None:
    """The shape mended by the repair of that name; None where it cannot mend it. KeyError for an unknown name."""
    return all_repairs()[name].apply(geometry)


def proposals(geometry: BaseGeometry | None, codes: Collection[str]) -> list[Proposal]:
    """The repairs that would remove findings of these codes from a WGS-84 shape, each by itself.

    None for an outline of more than 200,000 points. Where several fit, the last proposal makes all of them one after the other ("all").
    """
    if geometry is None or geometry.is_empty or shapely.get_num_coordinates(geometry) > MOST_POINTS:
        return []
    fitting = [each for each in all_repairs().values() if each.codes & set(codes)]
    made: list[_Made] = [(each.name, each.label, each.apply(geometry), (each.name,)) for each in fitting]
    together = [each for each in fitting if not each.alternative]
    if len(together) > 1:
        made.append(("all", Label("全部修复", "All of these"), *_all(geometry, together)))
    return [
        _proposal(name, label, geometry, after, names)
        for name, label, after, names in made
        if after is not None and not _same(after, geometry)
    ]


def _all(geometry: BaseGeometry, together: list[Repair]) -> tuple[BaseGeometry, tuple[str, ...]]:
    """One after the other, and again where one brought up what another mends (a cut spike leaves two equal points)."""
    mended, names = geometry, []
    for _ in range(MOST_ROUNDS):
        before = mended
        for each in together:
            after = each.apply(mended)
            if after is not None and not _same(after, mended):
                mended = after
                names.append(each.name)
        if _same(before, mended):
            break
    return mended, tuple(names)


def _same(one: BaseGeometry, two: BaseGeometry) -> bool:
    return one.geom_type == two.geom_type and bool(one.equals_exact(two, 0))


def _proposal(name: str, label: Label, before: BaseGeometry, after: BaseGeometry, repairs: tuple[str, ...]) -> Proposal:
    area_before, area_after = areas_m2(np.array([before, after], object)).tolist()
    return Proposal(name, label, before, after, area_before, area_after, moved_m(before, after), repairs)


def moved_m(before: BaseGeometry, after: BaseGeometry) -> float:
    """Metres that a point of either shape, at most, lies off the other's outline."""
    west, south, east, north = before.bounds
    middle = ((west + east) / 2, (south + north) / 2)
    one, two = _lines(before), _lines(after)
    return max(_farthest(one, two, middle), _farthest(two, one, middle))


def _lines(shape: BaseGeometry) -> shapely.Geometry:
    return shapely.boundary(shape) if shapely.get_dimensions(shape) == 2 else shape


def _farthest(shape: shapely.Geometry, other: shapely.Geometry, middle: tuple[float, float]) -> float:
    points = shapely.get_coordinates(shape)
    known = {tuple(point) for point in shapely.get_coordinates(other).tolist()}
    strange = np.array([tuple(point) not in known for point in points.tolist()], bool)
    if not strange.any():
        return 0.0
    own = shapely.points(shapely.get_coordinates(in_metres(shapely.MultiPoint(points[strange]), middle)))
    return float(shapely.distance(in_metres(other, middle), own).max())
