"""From a density's share of the greatest one to its place on the colour ramp."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from datasets.labels import Label
from geo.draw.mercator import Floats

LOG_DECADES = 3.0
TICK_DISTANCE = 0.16
LOWEST_TICK = 0.05


@dataclass(frozen=True)
class Scale:
    """position: share of the greatest value (0..1) → place on the ramp (0..1), both monotonic."""

    label: Label
    position: Callable[[Floats], Floats]
    mantissas: tuple[int, ...]

    def ticks(self, greatest: float) -> list[float]:
        """Round values up to `greatest`, descending, far enough apart on the ramp to be told from one another."""
        if greatest <= 0:
            return []
        found: list[float] = []
        last = np.inf
        top = int(np.floor(np.log10(greatest)))
        for exponent in range(top, top - int(LOG_DECADES) - 2, -1):
            for mantissa in self.mantissas:
                value = round(mantissa * 10.0**exponent, max(0, -exponent))
                at = float(self.position(np.array([value / greatest]))[0])
                if value <= greatest and at >= LOWEST_TICK and last - at >= TICK_DISTANCE:
                    found.append(value)
                    last = at
        return found


def _log(share: Floats) -> Floats:
    """Three decades below the greatest value; what is less than a thousandth of it shows as nothing."""
    floor = 10.0**-LOG_DECADES
    position: Floats = 1 + np.log10(np.maximum(share, floor)) / LOG_DECADES
    return position


SCALES: Mapping[str, Scale] = {
    "linear": Scale(Label("线性", "Linear"), lambda share: np.clip(share, 0, 1), (8, 6, 5, 4, 3, 2, 1)),
    "sqrt": Scale(Label("平方根", "Square root"), lambda share: np.sqrt(np.clip(share, 0, 1)), (5, 2, 1)),
    "log": Scale(Label("对数", "Logarithmic"), lambda share: _log(np.clip(share, 0, 1)), (5, 2, 1)),
}
