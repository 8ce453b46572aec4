"""What the [属性描述] of a boundary-point text says of its coordinate system."""

from __future__ import annotations

import re
from collections.abc import Mapping

from geo.read.raw import Declared
from geo.read.texts import narrowed

_DATUMS = (
    ("CGCS2000", re.compile(r"2000|cgcs", re.I)),
    ("Xian80", re.compile(r"80|西安|xian", re.I)),
    ("Beijing54", re.compile(r"54|北京|beijing", re.I)),
    ("WGS84", re.compile(r"wgs", re.I)),
)
_NUMERALS = {"三": 3, "六": 6}


def declared_of(pairs: Mapping[str, str], zone_found: int | None) -> Declared | None:
    """The declaration in the header's pairs; None where there are none.

    zone_found: the zone that the eastings themselves carry in front. It wins over 带号=, for it is part of the coordinates.
    """
    if not pairs:
        return None
    zone, meridian = zone_of(pairs), _number(pairs.get("中央子午线", ""))
    if zone is not None and 73 <= zone <= 136:
        meridian, zone = float(zone), None
    return Declared(
        datum=_datum(pairs.get("坐标系", "") or pairs.get("坐标系统", "")),
        width=_width(pairs),
        zone=zone_found if zone is not None and zone_found is not None else zone,
        meridian=meridian,
        text="; ".join(f"{key}={value}" for key, value in pairs.items() if value),
    )


def zone_of(pairs: Mapping[str, str]) -> int | None:
    """带号 as written, if it is a number."""
    number = _number(pairs.get("带号", ""))
    return int(number) if number is not None else None


def says_degrees(pairs: Mapping[str, str]) -> bool | None:
    """Whether 计量单位 says degrees (True), metres (False) or nothing."""
    unit = pairs.get("计量单位", "").strip().lower()
    if not unit:
        return None
    return unit.startswith(("度", "deg", "经纬"))


def _datum(text: str) -> str:
    return next((name for name, pattern in _DATUMS if pattern.search(text)), text.strip())


def _width(pairs: Mapping[str, str]) -> int | None:
    text = pairs.get("几度分带", "")
    number = _number(text)
    if number is None:
        number = next((value for numeral, value in _NUMERALS.items() if numeral in text), None)
    return int(number) if number in (3, 6) else None


def _number(text: str) -> float | None:
    match = re.search(r"\d{1,6}(?:\.\d{1,12})?", narrowed(text), re.ASCII)
    return float(match.group()) if match else None
