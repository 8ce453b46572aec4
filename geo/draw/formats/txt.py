"""Boundary-point text (界址点坐标 TXT) as the 报部 software reads it: CGCS2000, 3° zones, northing first, hectares.

It holds of a plot its code, name, area, land use and outline, and nothing else. Plots without an outline are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely

from datasets import vocab
from datasets.labels import Label
from geo.crs import from_wgs84, geodesic_area_m2, hectares, system
from geo.draw.sheet import Format, Sheet

DECIMALS = 4  # a tenth of a millimetre: what is read back lies within that of what was written
ZONE_WIDTH = 3
FIRST_EPSG = 4488  # + zone = CGCS2000 3° with the zone's number in the easting (domain: 25–45)
_PLAIN = str.maketrans({",": " ", "，": " ", "、": " ", "@": " ", "＠": " ", "\n": " ", "\r": " ", "\t": " "})


def zone_of(lon: float) -> int:
    """The 3° zone (25–45) whose central meridian is nearest to a longitude."""
    return min(45, max(25, round(lon / ZONE_WIDTH)))


def _write(sheet: Sheet) -> Iterator[bytes]:
    """One file holds one zone where all plots lie in one; else a section a zone."""
    rows = [(row, sheet.table.geometry(row)) for row in sheet.rows.tolist()]
    by_zone: dict[int, list[tuple[int, shapely.Geometry]]] = {}
    for row, shape in rows:
        if shape is not None and shapely.get_dimensions(shape) == 2:
            by_zone.setdefault(zone_of(float(shapely.get_x(shapely.centroid(shape)))), []).append((row, shape))
    labels = {term.code: term.label.zh for term in vocab.load("land_use")}
    for zone, members in sorted(by_zone.items()) or [(38, [])]:
        yield _header(zone).encode()
        for row, shape in members:
            yield _parcel(sheet, row, shape, zone, labels).encode()


def _header(zone: int) -> str:
    lines = (
        "[属性描述]",
        "格式版本号=1.01版本",
        "数据产生单位=",
        f"数据产生日期={datetime.now(UTC).date().isoformat()}",
        "坐标系=2000国家大地坐标系",
        "几度分带=3",
        "投影类型=高斯克吕格",
        "计量单位=米",
        f"带号={zone}",
        f"精度={10**-DECIMALS:.{DECIMALS}f}",
        "转换参数=,,,,,,",
        "[地块坐标]",
    )
    return "".join(f"{line}\r\n" for line in lines)


def _parcel(sheet: Sheet, row: int, shape: Any, zone: int, labels: dict[str, str]) -> str:
    value = {name: str(sheet.table.column(name)[row] or "") for name in ("code", "name", "land_use")}
    use = value["land_use"]
    declared: Any = sheet.table.column("area_m2")[row]
    area = declared or geodesic_area_m2(shape)
    lines = []
    number, count = 0, 0
    for ring_number, ring in enumerate(_rings(shape), 1):
        points = np.round(from_wgs84(system(f"EPSG:{FIRST_EPSG + zone}"), shapely.get_coordinates(ring)), DECIMALS)
        first = number + 1
        for place, (east, north) in enumerate(points.tolist()):
            last = place == len(points) - 1
            number += 0 if last else 1
            point_id = first if last else number
            lines.append(f"J{point_id},{ring_number},{north:.{DECIMALS}f},{east:.{DECIMALS}f}")
            count += 1
    fields = (count, f"{hectares(float(area)):.4f}", value["code"], value["name"], "面", "", labels.get(use, use), use)
    head = ",".join(str(field).translate(_PLAIN) for field in fields) + ",@"
    return "".join(f"{line}\r\n" for line in (head, *lines))


def _rings(shape: Any) -> list[Any]:
    """All rings, each part's outer one followed by its holes, clockwise outside as surveyors number them."""
    parts = shapely.get_parts(shapely.orient_polygons(shape, exterior_cw=True))
    return [ring for part in parts for ring in shapely.get_rings(part)]


FORMAT = Format(
    "txt", Label("界址点坐标文本", "Boundary-point text"), "text/plain; charset=utf-8", _write, only=("plot",)
)
