"""Coordinate pairs in loose text: `x,y`, `J1,1,X,Y`, "lon lat" between anything, degrees-minutes-seconds.

A pair is two neighbouring numbers that can be a northing and an easting, or a latitude and a longitude (`geo.read.axes`); what
stands before it in the line numbers the point and its ring.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from geo.read.angles import angles
from geo.read.axes import DEGREES, Look, look_of
from geo.read.rings import Ring
from geo.read.texts import narrowed

_NUMBER = re.compile(r"(?<![\w.])[-+]?\d{1,12}(?:\.\d{1,18})?(?![\w.])", re.ASCII)
_ID = re.compile(r"[\w-]{1,20}")
_WORDS = re.compile(r"[^\W\d_]")
_CAPTION = re.compile(r"点号|圈号|序号|坐标|经度|纬度|^\W*[xy]\W+[xy]\W*$|lon|lat", re.I)


class Pair(NamedTuple):
    """A point: its line, x (easting or longitude), y, and the words before it in the line."""

    line: int
    x: float
    y: float
    before: tuple[str, ...]


class Break(NamedTuple):
    """What stands between points: a blank line ("") or a heading's words."""

    line: int
    words: str


class Found(NamedTuple):
    """Pairs and breaks in order, the look that the pairs have in common, lines whose numbers fit another system or none."""

    items: list[Pair | Break]
    look: Look | None
    other_system: list[int]
    no_pair: list[int]


def found_in(text: str) -> Found:
    """All pairs of a text, in the order of axes that most of them have."""
    lines = [narrowed(line).strip() for line in text.split("\n")]
    numbers = [_line_numbers(line) for line in lines]
    votes = Counter(code for row in numbers for code in _codes(row))
    if not votes:
        return Found([], None, [], [])
    common = max(votes, key=lambda code: votes[code])
    found = Found([], look_of(common), [], [])
    for number, (line, row) in enumerate(zip(lines, numbers, strict=True), start=1):
        _take(found, number, line, row, common)
    return found


def rings_of(pairs: Sequence[Pair], name: str) -> list[Ring]:
    """The rings of one parcel: by ring number where there is one, and after each point that repeats its ring's first."""
    rings: list[Ring] = []
    for number, run in groupby(zip(_numbered(pairs), pairs, strict=True), key=lambda entry: entry[0]):
        ring: list[Pair] = []
        for _, pair in run:
            if len(ring) > 3 and ring[0][1:3] == ring[-1][1:3]:
                if pair[1:3] == ring[0][1:3]:
                    continue
                rings.append(_ring(ring, number, name))
                ring = []
            ring.append(pair)
        rings.append(_ring(ring, number, name))
    return rings


def _ring(pairs: Sequence[Pair], number: str, name: str) -> Ring:
    xy = np.array([(pair.x, pair.y) for pair in pairs], dtype=np.float64)
    first, last = pairs[0].before[:1], pairs[-1].before[:1]
    closes = (first == last) if first and pairs[1:] and pairs[1].before[:1] != first else None
    return Ring(xy, f"{name}:{pairs[0].line}", number, closes)


def _numbered(pairs: Sequence[Pair]) -> list[str]:
    """The ring number of each point: the second word before it, or the only one if it stays the same for rings at a time."""
    if all(len(pair.before) >= 2 for pair in pairs):
        return [pair.before[1] for pair in pairs]
    if all(len(pair.before) == 1 for pair in pairs):
        words = [pair.before[0] for pair in pairs]
        if all(len(list(run)) >= 3 for _, run in groupby(words)):
            return words
    return [""] * len(pairs)


def _take(found: Found, number: int, line: str, row: list[tuple[float, int]], common: int) -> None:
    before = len(found.items)
    index = 0
    while index + 1 < len(row):
        if _code(row[index][0], row[index + 1][0]) != common:
            index += 1
            continue
        first, second = row[index][0], row[index + 1][0]
        x, y = (first, second) if common > 1000 else (second, first)
        words = tuple(_ID.findall(line[: row[index][1]])) if index <= 2 else ()
        found.items.append(Pair(number, x, y, words))
        index += 2
    if len(found.items) > before:
        return
    if any(code != common for code in _codes(row)):
        found.other_system.append(number)
    elif not line or not row or _WORDS.search(line):
        found.items.append(Break(number, "" if _CAPTION.search(line) else line[:60]))
    else:
        found.no_pair.append(number)


def _line_numbers(line: str) -> list[tuple[float, int]]:
    """The numbers of a line, each with its start; angles in degrees, minutes and seconds count as numbers."""
    if any(sign in line for sign in "°º˚度"):
        seen = angles(line)
        if seen:
            return [(angle.value, angle.start) for angle in seen]
    return [(float(match.group()), match.start()) for match in _NUMBER.finditer(line)]


def _codes(row: list[tuple[float, int]]) -> list[int]:
    codes = []
    index = 0
    while index + 1 < len(row):
        code = _code(row[index][0], row[index + 1][0])
        if code:
            codes.append(code)
        index += 2 if code else 1
    return codes


def _code(first: float, second: float) -> int:
    """As `geo.read.axes.looks`, for one pair."""
    return _upright(first, second) or (1000 + rest if (rest := _upright(second, first)) else 0)


def _upright(north: float, east: float) -> int:
    if 1.0e6 <= north < 6.5e6:
        zone = int(east // 1_000_000)
        return zone if 13 <= zone <= 45 else int(1.0e5 <= east < 1.0e6)
    return DEGREES if 3 <= north <= 54 and 73 <= east <= 136 else 0
