"""The lines of a boundary-point text (界址点坐标 TXT) as parcels with rings of numbered points; nothing is decided here about axes.

The format is a habit of the 报部 software and no published standard, so every part is read as loosely as its meaning allows.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

from geo.model.finding import Finding
from geo.read.angles import degrees
from geo.read.faults import error, warning
from geo.read.raw import Progress
from geo.read.texts import lines_of, narrowed

_SECTION = re.compile(r"\s*[\[【〔](.{1,40}?)[\]】〕]\s*(.*)")
_SPLIT = re.compile(r"[;\s]+")
_POINT_ID = re.compile(r"[A-Za-z]{0,3}-?\d{1,9}(?:[-_]\d{1,9})?")
_PAIR = re.compile(r"\s*([^=:,\d][^=:,]{0,30}?)\s*[=:]\s*(.*)")
_CAPTION = re.compile(r"点号|界址点数|圈号|point")
_SHAPES = frozenset({"点", "线", "面"})
_SYSTEM_KEYS = ("坐标系", "几度分带", "带号", "中央子午线", "计量单位", "投影类型")
_NOT_FINITE = frozenset({"nan", "-nan", "inf", "+inf", "-inf", "infinity", "-infinity", "1.#inf", "1.#qnan", "-1.#ind"})
MOST_FINDINGS = 200


@dataclass(slots=True)
class RingRows:
    """The points of one ring: the two number columns in file order and the line of each, the ids that tell its closing."""

    number: str
    line: int
    ids: list[str] = field(default_factory=list)
    last_id: str = ""
    first: array[float] = field(default_factory=lambda: array("d"))
    second: array[float] = field(default_factory=lambda: array("d"))
    lines: array[int] = field(default_factory=lambda: array("L"))

    def add(self, line: int, point_id: str, first: float, second: float) -> None:
        """One more row."""
        if len(self.ids) < 2:
            self.ids.append(point_id)
        self.last_id = point_id
        self.first.append(first)
        self.second.append(second)
        self.lines.append(line)

    def __len__(self) -> int:
        return len(self.lines)

    def closed(self) -> bool:
        """Whether the last row is the first one again, by id or by coordinates."""
        return len(self) > 3 and (self.closes() is True or self.repeats(self.first[-1], self.second[-1]))

    def closes(self) -> bool | None:
        """Whether the last row has the first one's id; None where the ids tell nothing."""
        if len(self) < 3 or self.ids[0] == self.ids[1]:
            return None
        return self.last_id == self.ids[0]

    def repeats(self, first: float, second: float) -> bool:
        """Whether these are the coordinates of the ring's first point."""
        return self.first[0] == first and self.second[0] == second


@dataclass(slots=True)
class ParcelRows:
    """A parcel: its header's fields (without the @), the header's line, its rings, what was odd."""

    line: int
    fields: list[str]
    rings: list[RingRows] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class Scanned:
    """All of a file: the pairs of [属性描述] and like sections, the parcels, what was odd outside parcels."""

    pairs: dict[str, str] = field(default_factory=dict)
    parcels: list[ParcelRows] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def scanned(text: str, name: str, progress: Progress) -> Scanned:
    """The parcels of a text whose line ends are `\\n`. Faults name `name:line`."""
    scan = _Scan(name)
    for number, line in enumerate(lines_of(text), start=1):
        if number % 50_000 == 0:
            progress(0, 0)
        scan.take(number, narrowed(line).strip())
    return scan.result


class _Scan:
    def __init__(self, name: str) -> None:
        self.name = name
        self.result = Scanned()
        self.in_pairs = False
        self.parcel: ParcelRows | None = None

    def take(self, number: int, line: str) -> None:
        if not line:
            return
        if line[0] in "[【〔" and (section := _SECTION.match(line)):
            self.in_pairs = "坐标" not in section.group(1)
            line = section.group(2)
            if not line:
                return
        body = line.rstrip("@,; \t") if "@" in line else line
        if "@" in line[len(body) :]:
            self._header(number, body)
            return
        if self.parcel is None or self.in_pairs or "=" in line:
            pair = _PAIR.match(line)
            if pair:
                self._pair(number, pair.group(1), pair.group(2).strip())
                return
        self._row(number, line)

    def _pair(self, number: int, key: str, value: str) -> None:
        known = self.result.pairs.setdefault(key, value)
        if known != value and key in _SYSTEM_KEYS:
            self.result.findings.append(
                error(
                    "header-conflict",
                    f"{self.name}:{number}",
                    f"“{key}”前面写的是“{known}”，这里是“{value}”；一个文件只能用一个坐标系，请拆分",
                    f"'{key}' was '{known}' before and is '{value}' here; a file has one system, so split it",
                )
            )

    def _header(self, number: int, line: str) -> None:
        fields = [part.strip() for part in line.split(",")]
        while fields and not fields[-1]:
            fields.pop()
        if fields and _CAPTION.search(fields[0]):
            return
        self.in_pairs = False
        self.parcel = ParcelRows(number, fields)
        self.result.parcels.append(self.parcel)

    def _row(self, number: int, line: str) -> None:
        parts = _parts(line)
        if not parts:
            return
        if parts[0].isdecimal() and len(parts) >= 7 and not _SHAPES.isdisjoint(parts):
            self._header(number, line)
            self._odd(
                warning, number, "header-without-at", "地块头行末尾缺少“@”", "the parcel's header row lacks its final @"
            )
            return
        point = _point(parts)
        if point is not None and self.parcel is not None:
            self._add(number, *point)
            return
        self._unread(number, line, parts)

    def _unread(self, number: int, line: str, parts: list[str]) -> None:
        shown = line[:40]
        if _CAPTION.search(line):
            return
        if not _NOT_FINITE.isdisjoint(part.lower() for part in parts[2:]):
            self._odd(
                error,
                number,
                "coordinate-not-finite",
                f"坐标不是有限数值：{shown}",
                f"the coordinates are not finite: {shown}",
            )
            return
        if len(parts) < 2 or not _POINT_ID.fullmatch(parts[0]):
            self._odd(
                warning, number, "line-ignored", f"此行不是坐标，已略过：{shown}", f"not a point row; ignored: {shown}"
            )
        elif self.parcel is None:
            self._odd(
                error,
                number,
                "point-without-parcel",
                "坐标行之前没有地块头行（以“@”结尾）",
                "a point row without a parcel's header row (ending in @) before it",
            )
        else:
            self._odd(
                error,
                number,
                "point-unreadable",
                f"坐标行无法解读：{shown}；应为“点号,圈号,X,Y”",
                f"cannot read the point row: {shown}; it should be 'id,ring,X,Y'",
            )

    def _add(self, number: int, point_id: str, ring_number: str, first: float, second: float) -> None:
        parcel = self.parcel
        if parcel is None:
            return
        rings = parcel.rings
        ring = rings[-1] if rings else None
        if ring is None or ring.number != ring_number:
            ring = self._other_ring(parcel, number, ring_number)
        elif ring.closed():
            if ring.repeats(first, second):
                return
            self._odd(
                warning,
                number,
                "ring-number-repeated",
                f"第 {ring_number} 圈已闭合，后续点仍用同一圈号，按新的一圈处理",
                f"ring {ring_number} is closed already but more points carry its number; taken as a new ring",
            )
            ring = RingRows(ring_number, number)
            rings.append(ring)
        ring.add(number, point_id, first, second)

    def _other_ring(self, parcel: ParcelRows, number: int, ring_number: str) -> RingRows:
        earlier = next((ring for ring in reversed(parcel.rings[-50:]) if ring.number == ring_number), None)
        if earlier is not None and not earlier.closed():
            self._odd(
                warning,
                number,
                "ring-interrupted",
                f"第 {ring_number} 圈的点不连续，已接在前面同圈号的点之后",
                f"the points of ring {ring_number} are interrupted; joined to the earlier ones",
            )
            parcel.rings.remove(earlier)
            parcel.rings.append(earlier)
            return earlier
        ring = RingRows(ring_number, number)
        parcel.rings.append(ring)
        return ring

    def _odd(self, make: Callable[[str, str, str, str], Finding], number: int, code: str, zh: str, en: str) -> None:
        target = self.parcel.findings if self.parcel is not None else self.result.findings
        if len(target) < MOST_FINDINGS:
            target.append(make(code, f"{self.name}:{number}", zh, en))


def _parts(line: str) -> list[str]:
    if "," not in line:
        return _SPLIT.split(line)
    parts = [part.strip() for part in line.split(",")]
    if len(parts) < 4:
        parts = [piece for part in parts for piece in _SPLIT.split(part)]
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _point(parts: list[str]) -> tuple[str, str, float, float] | None:
    """id, ring number, first, second number; a row of three has no ring number."""
    if len(parts) < 3:
        return None
    ring = "1" if len(parts) == 3 else parts[1] or "1"
    first, second = _coordinate(parts[-2 if len(parts) == 3 else 2]), _coordinate(parts[-1 if len(parts) == 3 else 3])
    if first is None or second is None or len(ring) > 9:
        return None
    if len(parts) == 3 and (abs(first) < 3 or (first.is_integer() and abs(first) < 1000)):
        return None
    return parts[0], ring, first, second


def _coordinate(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return degrees(text)
    return value if math.isfinite(value) and "_" not in text else None
