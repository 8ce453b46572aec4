"""Boundary-point texts built in code, with every liberty that exporters take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Point = tuple[float, float]

EAST, NORTH = 38_512_000.0, 3_770_000.0
HEADER = {
    "格式版本号": "1.01版本",
    "数据产生单位": "某测绘队",
    "数据产生日期": "2026-03-01",
    "坐标系": "2000国家大地坐标系",
    "几度分带": "3",
    "投影类型": "高斯克吕格",
    "计量单位": "米",
    "带号": "38",
    "精度": "0.001",
    "转换参数": "0,0,0,0,0,0,0",
}


def square(x: float = EAST, y: float = NORTH, side: float = 100.0) -> list[Point]:
    """The four corners of a square from its lower left one, as (x, y), clockwise as surveyors write."""
    return [(x, y), (x, y + side), (x + side, y + side), (x + side, y)]


@dataclass
class Parcel:
    """A parcel to write: rings of (x, y) corners with their 圈号, and how it is written."""

    rings: Sequence[tuple[str, Sequence[Point]]] = field(default_factory=lambda: [("1", square())])
    code: str = "411002-01"
    name: str = "示范地块"
    area: str = "1.0000"
    count: int | None = None
    shape: str = "面"
    extra: tuple[str, ...] = ()


def text(  # one keyword a liberty
    parcels: Sequence[Parcel] = (Parcel(),),
    *,
    header: dict[str, str] | None = None,
    marks: str = "[]",
    before: str = "",
    after: str = "",
    letter: str = "J",
    closing: str = "repeat",
    easting_first: bool = False,
    separator: str = ",",
    decimals: int = 3,
) -> str:
    """A file's text; `closing` is repeat, absent, off (3 cm) or next (a new id)."""
    left, right = marks
    lines = [before] if before else []
    pairs = HEADER if header is None else header
    if pairs:
        lines += [f"{left}属性描述{right}", *(f"{key}={value}" for key, value in pairs.items())]
    lines.append(f"{left}地块坐标{right}")
    for parcel in parcels:
        rows = _rows(parcel, letter, closing)
        count = len(rows) if parcel.count is None else parcel.count
        first = [str(count), parcel.area, parcel.code, parcel.name, parcel.shape, "", "工业用地", "1001", *parcel.extra]
        lines.append(",".join([*first, "@"]))
        for point, ring, (x, y) in rows:
            pair = (x, y) if easting_first else (y, x)
            lines.append(separator.join([point, ring, *(f"{value:.{decimals}f}" for value in pair)]))
    return "\r\n".join([*lines, after]) if after else "\r\n".join(lines) + "\r\n"


def _rows(parcel: Parcel, letter: str, closing: str) -> list[tuple[str, str, Point]]:
    rows = []
    number = 0
    for ring, corners in parcel.rings:
        ids = [f"{letter}{number + step}" for step in range(1, len(corners) + 1)]
        number += len(corners)
        rows += [(point, ring, corner) for point, corner in zip(ids, corners, strict=True)]
        x, y = corners[0] if corners else (0.0, 0.0)
        if corners and closing != "absent":
            moved = 0.03 if closing == "off" else 0.0
            rows.append((f"{letter}{number + 1}" if closing == "next" else ids[0], ring, (x + moved, y)))
        number += closing == "next"
    return rows


PLAIN_SQUARE = "\n".join(f"{y:.3f},{x:.3f}" for x, y in square()) + "\n"
