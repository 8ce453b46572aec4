"""Single values of a query string: how numbers, years, boxes and circles are read and written."""

from __future__ import annotations

import math
from typing import NamedTuple

from datasets.labels import Label

LONGEST_TEXT = 200
LAST_YEAR = 9999


class Box(NamedTuple):
    """A rectangle in WGS-84 degrees; it does not cross the antimeridian."""

    west: float
    south: float
    east: float
    north: float


class Near(NamedTuple):
    """All that lies within `km` of a point (WGS-84 degrees)."""

    lon: float
    lat: float
    km: float


class Unfit(ValueError):
    """A text that is no such value; the label says what is expected."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.label = Label(zh, en)


def read_number(text: str) -> float:
    """A finite number; raises Unfit."""
    try:
        number = math.nan if "_" in text else float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Unfit("应为数字，例如 12.5", "a number such as 12.5 is expected")
    return number


def read_year(text: str) -> int:
    """A year of four digits; raises Unfit."""
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text)):
        raise Unfit("应为四位年份，例如 2019", "a year of four digits such as 2019 is expected")
    return int(text)


def read_text(text: str) -> str:
    """Words to search for, one blank between them; raises Unfit."""
    words = " ".join(text.split())
    if len(words) > LONGEST_TEXT:
        raise Unfit(f"最多 {LONGEST_TEXT} 个字符", f"at most {LONGEST_TEXT} characters are allowed")
    try:
        words.encode()
    except UnicodeEncodeError:
        raise Unfit("含有无法识别的字符", "it holds characters that cannot be read") from None
    return words


def read_box(text: str) -> Box:
    """A box `west,south,east,north`; raises Unfit."""
    numbers = _numbers(
        text, 4, "应为四个数字：西,南,东,北（经纬度）", "four numbers are expected: west,south,east,north"
    )
    box = Box(*numbers)
    for lon, lat in ((box.west, box.south), (box.east, box.north)):
        _check_position(lon, lat)
    if box.south > box.north:
        raise Unfit("南纬度大于北纬度，次序为西,南,东,北", "south is above north; the order is west,south,east,north")
    if box.west > box.east:
        raise Unfit(
            "西经度大于东经度：不支持跨越180°经线的范围，请分成两次查询",
            "west is beyond east: a box across the antimeridian is not supported, ask for its two halves",
        )
    return box


def read_near(text: str) -> Near:
    """A circle `lon,lat,km`; raises Unfit."""
    near = Near(*_numbers(text, 3, "应为三个数字：经度,纬度,公里", "three numbers are expected: lon,lat,km"))
    _check_position(near.lon, near.lat)
    if near.km <= 0:
        raise Unfit("距离应大于 0 公里", "the distance must be more than 0 km")
    return near


def number_text(number: float) -> str:
    """The shortest text that reads back as `number`."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def numbers_text(numbers: tuple[float, ...]) -> str:
    """Numbers as `read_box` and `read_near` take them."""
    return ",".join(number_text(float(number)) for number in numbers)


def _numbers(text: str, count: int, zh: str, en: str) -> list[float]:
    parts = text.split(",")
    if len(parts) != count:
        raise Unfit(zh, en)
    try:
        return [read_number(part) for part in parts]
    except Unfit:
        raise Unfit(zh, en) from None


def _check_position(lon: float, lat: float) -> None:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Unfit("经度应在 ±180、纬度应在 ±90 之内", "longitude must lie within ±180 and latitude within ±90")
