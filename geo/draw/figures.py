"""Round numbers for legends, and numbers as text."""

from __future__ import annotations

import math
from decimal import Decimal

MANTISSAS = (1.0, 0.5, 0.2)
DEPTH = 15  # decimal digits a float holds


def figure(value: float, digits: int = 4) -> str:
    """A number with thousands separators, at least `digits` significant digits where it has them, never 1e-05.

    Both languages of the product group by three with a comma.
    """
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{Decimal(repr(float(value))):,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def roundest(low: float, high: float) -> float:
    """The number with the fewest digits in [low, high): a bound that parts the values as `low` does, and reads well."""
    size = math.floor(math.log10(max(abs(low), abs(high))))
    for exponent in range(size + 1, size - DEPTH, -1):
        for mantissa in MANTISSAS:
            step = mantissa * 10.0**exponent
            candidate = round(math.ceil(low / step - 1e-9) * step, max(0, 1 - exponent))
            if low <= candidate < high:
                return candidate
    return low


def round_up(value: float) -> float:
    """A round number at most a tenth above a positive `value`."""
    return roundest(value, value * 1.1)


def round_down(value: float) -> float:
    """A round number at most a third below a positive `value`."""
    return -roundest(-value, -value * 0.7)
