"""Dates and times in a filter: stretches of time in microseconds since 1970, both ends included.

A date of the record is as exact as it is known: a year is a stretch from its first to its last day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from geo.publish.columns import TextColumn
from geo.publish.packed import counts_of
from geo.query.cql2.faults import Misfit
from geo.query.cql2.ternary import Mask, Ternary

Micros = NDArray[np.int64]
DAY = 86_400_000_000
EVER = np.int64(2**62)  # an end that is open
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIMESTAMP = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})")


@dataclass(frozen=True, eq=False)
class Times:
    """A stretch a row (or one for all). start, end: microseconds; for days (`daily`) both are midnights.

    known: where there is one. instant: a single date or time, which has no inside.
    """

    start: Micros
    end: Micros
    known: Mask
    daily: bool
    instant: bool = False

    def exact(self) -> Times:
        """The same to the microsecond: a day lasts until just before the next."""
        if not self.daily:
            return self
        return Times(self.start, np.where(self.end == EVER, EVER, self.end + DAY - 1), self.known, False, self.instant)


def of_days(column: TextColumn) -> Times:
    """The stretches that a column of dates (`2022`, `2022-Q1`, `2022-03`, `2022-03-03`) says."""
    lengths = counts_of(column.offsets)
    known = lengths > 0
    begin = column.offsets[:-1].astype(np.int64)

    def digits(place: int, count: int, rows: NDArray[np.intp]) -> NDArray[np.int64]:
        value = np.zeros(len(rows), np.int64)
        for step in range(place, place + count):
            value = value * 10 + (column.data[begin[rows] + step] - ord("0"))
        return value

    rows = np.flatnonzero(known)
    year = np.ones(len(lengths), np.int64)
    first, months, day = np.ones_like(year), np.full_like(year, 12), np.zeros_like(year)
    year[rows] = digits(0, 4, rows)
    inner = np.flatnonzero(lengths >= 7)
    quarterly = np.zeros(len(lengths), np.bool_)
    quarterly[inner] = column.data[begin[inner] + 5] == ord("Q")
    quarters, monthly = np.flatnonzero(quarterly), inner[~quarterly[inner]]
    first[quarters], months[quarters] = digits(6, 1, quarters) * 3 - 2, 3
    first[monthly], months[monthly] = digits(5, 2, monthly), 1
    daily = np.flatnonzero(lengths == 10)
    day[daily] = digits(8, 2, daily)
    from_month = (year - 1970) * 12 + first - 1
    starts, after = (m.astype("M8[M]").astype("M8[D]").astype(np.int64) for m in (from_month, from_month + months))
    start = starts + np.maximum(day - 1, 0)
    end = np.where(day > 0, start, after - 1)
    return Times(start * DAY, end * DAY, known, True)


def read_instant(text: object, want: str = "") -> Times:
    """A date or a timestamp (RFC 3339) of a literal. want: "date" or "timestamp" where only one will do. Raises Misfit."""
    if isinstance(text, str):
        try:
            if want != "timestamp" and _DATE.fullmatch(text):
                at = date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()
                return _one(at * DAY, at * DAY, daily=True)
            found = _TIMESTAMP.fullmatch(text) if want != "date" else None
            if found:
                return _one(*[_micros(*found.groups())] * 2, daily=False)
        except (ValueError, OverflowError):
            pass
    shown = str(text)[:40]
    form = "2022-03-03" if want == "date" else "2022-03-03T08:00:00Z"
    raise Misfit(
        f"“{shown}”不是有效的{'日期' if want == 'date' else '时间'}，应写作 {form}",
        f"'{shown}' is no valid {want or 'date or time'}; write it like {form}",
    )


def read_interval(low: object, high: object) -> Times:
    """A stretch between two literals; `..` leaves an end open. Raises Misfit, its step naming the faulty end."""
    ends = []
    for step, text in enumerate((low, high)):
        try:
            ends.append(None if text in ("..", "") else read_instant(text))
        except Misfit as fault:
            fault.step = f"/interval/{step}"
            raise
    return between(*ends)


def between(low: Times | None, high: Times | None) -> Times:
    """The stretch from the start of one to the end of the other; None leaves it open.

    Where a row's own dates would have it end before it begins there is none. Raises Misfit where two literals say so.
    """
    if low is not None and high is not None and low.daily != high.daily:
        low, high = low.exact(), high.exact()
    daily = all(each.daily for each in (low, high) if each is not None)
    start = np.array([-EVER]) if low is None else low.start
    end = np.array([EVER]) if high is None else high.end
    known = (np.array([True]) if low is None else low.known) & (np.array([True]) if high is None else high.known)
    if ((start > end) & known).any() and start.size == end.size == 1:
        raise Misfit("时段的开始晚于结束", "the interval begins after it ends", "/interval")
    return Times(start, end, known & (start <= end), daily)


def compared(op: str, left: Times, right: Times) -> Ternary:
    """A comparison of instants, each known only to lie within its stretch: true or false only where that is certain."""
    if left.daily != right.daily:
        left, right = left.exact(), right.exact()
    a, b, c, d = left.start, left.end, right.start, right.end
    yes, no = {
        "=": ((a == b) & (c == d) & (a == c), (b < c) | (a > d)),
        "<": (b < c, a >= d),
        "<=": (b <= c, a > d),
        ">": (a > d, b <= c),
        ">=": (a >= d, b < c),
    }["=" if op == "<>" else op]
    known = left.known & right.known
    found = Ternary(yes & known, no & known)
    return ~found if op == "<>" else found


def related(relation: str, left: Times, right: Times) -> Ternary:
    """A temporal function on stretches, as CQL2 takes them from the Time Ontology."""
    if left.daily != right.daily:
        left, right = left.exact(), right.exact()
    a, b, c, d = left.start, left.end, right.start, right.end
    verdict: Mask = {
        "after": a > d,
        "before": b < c,
        "disjoint": (a > d) | (b < c),
        "intersects": (a <= d) & (b >= c),
        "equals": (a == c) & (b == d),
        "contains": (a < c) & (b > d),
        "during": (a > c) & (b < d),
        "finishedby": (a < c) & (b == d),
        "finishes": (a > c) & (b == d),
        "meets": b == c,
        "metby": a == d,
        "overlappedby": (a > c) & (a < d) & (b > d),
        "overlaps": (a < c) & (b > c) & (b < d),
        "startedby": (a == c) & (b > d),
        "starts": (a == c) & (b < d),
    }[relation]
    return Ternary.of(verdict, left.known & right.known)


RELATIONS = (
    "after",
    "before",
    "contains",
    "disjoint",
    "during",
    "equals",
    "finishedby",
    "finishes",
    "intersects",
    "meets",
    "metby",
    "overlappedby",
    "overlaps",
    "startedby",
    "starts",
)
FOR_INSTANTS = frozenset({"after", "before", "disjoint", "equals", "intersects"})


def _one(start: int, end: int, *, daily: bool) -> Times:
    return Times(np.array([start]), np.array([end]), np.array([True]), daily, instant=True)


def _micros(day: str, clock: str, part: str | None, zone: str) -> int:
    seconds = 60 if clock.endswith(":60") else 0  # a leap second is counted as the next one's start
    moment = datetime.fromisoformat(
        f"{day}T{clock[:6]}{'00' if seconds else clock[6:]}{zone.upper().replace('Z', '+00:00')}"
    )
    micros = round(float(part or 0) * 1_000_000)
    return round((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000 + seconds * 1_000_000 + micros
