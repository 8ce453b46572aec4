"""Where points lie against the area that a person works in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.crs.evidence import CHINA, percent

Points = NDArray[np.float64]

TOLERANCE_M = 300.0  # the county polygons are generalised by 105-170 m in the median
METRES_PER_DEGREE = 111_195.0
USUAL_PLACE = (113.6, 33.9)  # the middle of Henan, whose boundaries ship with the project; decides among equals


@dataclass(frozen=True, slots=True)
class Standing:
    """Where points lie.

    inside: share within home and its border tolerance. weight: 0..1, with the larger areas counting less. lon: the median
    longitude. distance: of the median point from the middle of home, in degrees. words: for a reason.
    """

    inside: float
    weight: float
    lon: float
    distance: float
    words: Label


class Grounds:
    """Home and the areas around it, made ready for asking. Without a home, China stands in, which says little."""

    def __init__(self, home: BaseGeometry | None, around: Sequence[BaseGeometry], names: Sequence[Label]) -> None:
        given = home is not None and not home.is_empty
        areas = [home, *around] if home is not None and given else [box(*CHINA), *around]
        self._centre = np.array(shapely.get_coordinates(areas[0].centroid)[0] if given else USUAL_PLACE)
        self._squeeze = np.array([np.cos(np.radians(self._centre[1])), 1.0]) * METRES_PER_DEGREE
        self._areas = [shapely.transform(area, self._flat) for area in areas]
        shapely.prepare(self._areas)
        usual = [
            Label("所在县（市、区）", "the county") if given else Label("中国", "China"),
            *(Label("周边地区", "the area around") for _ in around),
        ]
        self._names = [*names[: len(areas)], *usual[len(names) :]] if given else usual
        self._first = 1.0 if given else 0.25

    def standing(self, lonlat: Points, of: int) -> Standing:
        """Where points (n, 2) lie, as shares of a number `of` points."""
        flat = self._flat(lonlat)
        spots = shapely.points(flat)
        shares = [float(shapely.dwithin(area, spots, TOLERANCE_M).sum()) / of for area in self._areas]
        weights = [share * self._first / 2**step for step, share in enumerate(shares)]
        middle = np.median(lonlat, axis=0)
        return Standing(
            inside=shares[0],
            weight=max(weights),
            lon=float(middle[0]),
            distance=float(np.hypot(*(middle - self._centre))),
            words=self._words(shares),
        )

    def _flat(self, lonlat: Points) -> Points:
        flat: Points = (lonlat - self._centre) * self._squeeze
        return flat

    def _words(self, shares: list[float]) -> Label:
        name = self._names[0]
        if shares[0] > 0:
            part = percent(shares[0])
            return Label(f"{part} 的点落在{name.zh}境内", f"{part} of the points lie in {name.en}")
        for share, larger in zip(shares[1:], self._names[1:], strict=True):
            if share > 0:
                return Label(
                    f"不在{name.zh}境内，但 {percent(share)} 的点落在{larger.zh}境内",
                    f"not in {name.en}, but {percent(share)} of the points lie in {larger.en}",
                )
        return Label(f"不在{name.zh}境内", f"not in {name.en}")
