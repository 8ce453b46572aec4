"""Dates as numbers that stand in their order."""

from __future__ import annotations

import numpy as np

QUARTER_MONTHS = {"Q1": "01", "Q2": "04", "Q3": "07", "Q4": "10"}


def day_number(text: str) -> float:
    """A date as yyyymmdd, 00 for a month or day that is not known; a quarter by its first month, NaN where there is none."""
    if not text:
        return np.nan
    year, _, rest = text.partition("-")
    return float((year + QUARTER_MONTHS.get(rest, rest.replace("-", ""))).ljust(8, "0"))
