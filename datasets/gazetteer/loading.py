"""Reads a table of places and holds every row to what a place must be."""

from __future__ import annotations

import csv
import functools
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from datasets import boundaries as boundary_data
from datasets.boundaries import Boundaries
from datasets.gazetteer.faults import GazetteerError
from datasets.gazetteer.lookup import Gazetteer
from datasets.gazetteer.places import KINDS, PRECISIONS, Place, normalised
from datasets.labels import Label

OWN = Path(__file__).with_name("places.csv")
COLUMNS = ("id", "zh", "en", "aliases", "kind", "county", "within", "lon", "lat", "precision", "source", "note")
TOLERANCE_M = 300  # the polygons are generalised: see datasets/boundaries/README.md


@functools.cache
def load(path: Path | None = None, boundaries: Boundaries | None = None) -> Gazetteer:
    """The gazetteer of a CSV file (UTF-8), our own `places.csv` by default, read once a process.

    Rows are held against `boundaries` (Henan's by default): a point lies in its county or within 300 m.
    Raises `GazetteerError` naming file, row, column, value and the way out.
    """
    outlines = boundaries or boundary_data.load()
    file = path or OWN
    rows = list(_rows(file))
    places: dict[str, Place] = {}
    owners: dict[tuple[str, str], str] = {}
    for row in rows:
        place = _place(row, outlines)
        if place.id in places:
            raise row.wrong("id", "与前面的行重复", "is the id of an earlier row too")
        places[place.id] = place
        for column, name in _names(place):
            owner = owners.setdefault((normalised(name), place.county), place.id)
            if owner != place.id:
                zh, en = f"与同一区县的 {owner} 同名（{name}）", f"names {owner} of the same county too ({name})"
                raise row.wrong(column, zh, en)
    for row in rows:
        _check_within(row, places, outlines)
    return Gazetteer(places.values(), outlines)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file, with the line on which it ends."""

    file: Path
    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def wrong(self, column: str, zh: str, en: str) -> GazetteerError:
        """The error for the value in a column: what is wrong with it, in both languages."""
        value = self.values[column]
        return GazetteerError(
            Label(
                zh=f"地名表 {self.file} 第 {self.line} 行 {column} 列的值“{value}”有误：{zh}。请改正该行后重试。",
                en=f"The gazetteer {self.file}, line {self.line}, column {column}: {value!r} {en}. "
                "Correct the row and try again.",
            )
        )


def _rows(file: Path) -> Iterator[Row]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        zh, en = f"无法读取（{error.strerror}）", f"it cannot be read ({error.strerror})"
        raise _unusable(file, zh, en) from error
    except UnicodeDecodeError as error:
        raise _unusable(file, "不是 UTF-8 编码", "it is not in UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if sorted(header) != sorted(COLUMNS):
            listed = ",".join(COLUMNS)
            raise _unusable(file, f"首行应为 {listed}", f"its first line must be {listed}")
        for cells in reader:
            if len(cells) != len(header):
                zh = f"第 {reader.line_num} 行有 {len(cells)} 列，应为 {len(header)} 列"
                en = f"line {reader.line_num} has {len(cells)} columns instead of {len(header)}"
                raise _unusable(file, zh, en)
            values = dict(zip(header, (cell.strip() for cell in cells), strict=True))
            yield Row(file, reader.line_num, values)
    except csv.Error as error:
        zh, en = f"第 {reader.line_num} 行不是有效的 CSV", f"line {reader.line_num} is not valid CSV ({error})"
        raise _unusable(file, zh, en) from error


def _place(row: Row, outlines: Boundaries) -> Place:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["id"]):
        raise row.wrong("id", "只能用小写字母、数字和连字符", "must be lower-case letters, digits and hyphens")
    for column in ("zh", "en"):
        if not normalised(row[column]):
            raise row.wrong(column, "不能为空", "must not be empty")
    for column, allowed in (("kind", KINDS), ("precision", PRECISIONS)):
        if row[column] not in allowed:
            raise row.wrong(column, f"应为 {'、'.join(allowed)} 之一", f"must be one of {', '.join(allowed)}")
    if row["county"] not in outlines.counties and row["county"] not in outlines.cities:
        raise row.wrong("county", "不是已载入的县或市的代码", "is the code of no county or city loaded")
    lon, lat = _point(row, outlines)
    return Place(
        id=row["id"],
        name=Label(zh=row["zh"], en=row["en"]),
        aliases=tuple(alias.strip() for alias in row["aliases"].split(";") if normalised(alias)),
        kind=row["kind"],
        county=row["county"],
        within=row["within"] or None,
        lon=lon,
        lat=lat,
        precision=row["precision"],
        source=row["source"],
        note=row["note"],
    )


def _point(row: Row, outlines: Boundaries) -> tuple[float, float] | tuple[None, None]:
    if not row["lon"] and not row["lat"]:
        claim = "county" if row["county"] in outlines.counties else "city"
        if row["precision"] != claim:
            raise row.wrong("precision", f"没有坐标时应为 {claim}", f"must be {claim} without coordinates")
        if row["source"]:
            raise row.wrong("source", "没有坐标，不应写坐标来源", "is a source of coordinates that are not there")
        return None, None
    lon, lat = _degrees(row, "lon", 180), _degrees(row, "lat", 90)
    if not row["source"]:
        raise row.wrong("source", "有坐标就必须写明来源", "must say where the coordinates come from")
    if not outlines.within_m(row["county"], lon, lat, TOLERANCE_M):
        name = outlines.name(row["county"])
        zh = f"坐标（{lon}, {lat}）不在{name.zh}境内（容差 {TOLERANCE_M} 米）"
        en = f"does not hold the point ({lon}, {lat}): it is over {TOLERANCE_M} m outside {name.text('en')}"
        raise row.wrong("county", zh, en)
    return lon, lat


def _degrees(row: Row, column: str, limit: float) -> float:
    try:
        value = float(row[column])
    except ValueError:
        value = math.nan
    if not abs(value) <= limit:
        raise row.wrong(column, "应为 WGS-84 度数", "must be WGS-84 degrees")
    return value


def _names(place: Place) -> Iterator[tuple[str, str]]:
    yield "zh", place.name.zh
    yield "en", place.name.en
    for alias in place.aliases:
        yield "aliases", alias


def _check_within(row: Row, places: dict[str, Place], outlines: Boundaries) -> None:
    if not row["within"]:
        return
    holder = places.get(row["within"])
    if holder is None or holder.id == row["id"]:
        raise row.wrong("within", "不是本表中另一行的 id", "is the id of no other row")
    if outlines.city_of(holder.county) != outlines.city_of(row["county"]):
        raise row.wrong("within", "属于另一个市", "lies in another city")


def _unusable(file: Path, zh: str, en: str) -> GazetteerError:
    return GazetteerError(
        Label(
            zh=f"地名表 {file} 不能使用：{zh}。请改正该文件，或去掉这项配置以使用自带地名表。",
            en=f"The gazetteer {file} cannot be used: {en}. Correct it, or remove the setting to use the one that "
            "comes with the program.",
        )
    )
