"""The seven parameters by which a place's Xian 1980 or Beijing 1954 coordinates become CGCS2000."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from typing import Literal

Convention = Literal["coordinate_frame", "position_vector"]


@dataclass(frozen=True, slots=True)
class LocalParameters:
    """A Helmert transformation from the old datum to CGCS2000: the Bursa model (布尔莎模型).

    dx, dy, dz: metres. rx, ry, rz: seconds of arc. k: the scale's difference from 1 in millionths (ppm). convention: the
    sign of the rotations; the Bursa model as Chinese surveyors write it turns the coordinate frame (EPSG method 9607).
    They are valid for one place only and are given out by its surveying authority; the project ships none.
    """

    dx: float
    dy: float
    dz: float
    rx: float
    ry: float
    rz: float
    k: float
    convention: Convention = "coordinate_frame"

    def __post_init__(self) -> None:
        numbers = astuple(self)[:7]
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError("the seven parameters must be finite numbers")
        if self.convention not in ("coordinate_frame", "position_vector"):
            raise ValueError(f"unknown convention '{self.convention}'")

    def step(self) -> str:
        """The step of a PROJ pipeline over geocentric coordinates."""
        return (
            f"+step +proj=helmert +x={self.dx!r} +y={self.dy!r} +z={self.dz!r} +rx={self.rx!r} +ry={self.ry!r}"
            f" +rz={self.rz!r} +s={self.k!r} +convention={self.convention}"
        )
