"""A zip of Shapefiles for any GIS: EPSG:4326, UTF-8 with its .cpg, one layer a sort of geometry, a readme that explains the columns.

dBASE sets bounds that the readme tells of: names of columns have ten characters, texts 254 bytes. A column that holds a longer
text is left out whole: an import leaves such a field as it is, while a text cut off would change it. Numbers have 15 decimals.
"""

from __future__ import annotations

import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from datasets.labels import Label
from geo.draw.sheet import Format, Sheet, plain
from geo.model.fields import Number
from geo.model.short_names import short_names

LONGEST_TEXT = 254  # bytes
LAYERS = {2: ("Polygon", ""), 1: ("LineString", "_line"), 0: ("Point", "_point")}
PIECE = 256 * 1024


def _write(sheet: Sheet) -> Iterator[bytes]:
    shapes = np.array([sheet.table.geometry(row) for row in sheet.rows.tolist()] or [None], object)[: len(sheet.rows)]
    columns, left_out = _columns(sheet)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, geometry_type, rows in _layers(sheet.kind.kind, shapes):
            _layer(
                folder / f"{name}.shp", geometry_type, shapes[rows], {key: col[rows] for key, col in columns.items()}
            )
        (folder / "readme.txt").write_text("\ufeff" + _readme(sheet, left_out), encoding="utf-8", newline="\r\n")
        packed = folder / "all.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
            for path in sorted(folder.iterdir()):
                if path != packed:
                    out.write(path, path.name)
        with packed.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def _layers(kind: str, shapes: NDArray[np.object_]) -> Iterator[tuple[str, str, NDArray[np.intp]]]:
    """(name, type, rows) of each file; rows without geometry stand in the first one."""
    dimension = shapely.get_dimensions(shapes) if len(shapes) else np.empty(0, int)
    present = [each for each in LAYERS if (dimension == each).any()] or [0]
    for number, each in enumerate(present):
        geometry_type, suffix = LAYERS[each]
        chosen = (dimension == each) | ((dimension < 0) if number == 0 else False)
        yield f"{kind}{suffix}", geometry_type, np.flatnonzero(chosen)


def _columns(sheet: Sheet) -> tuple[dict[str, NDArray[Any]], list[str]]:
    """The values by short name, and the names of the fields that dBASE cannot hold."""
    records = list(sheet.records())
    found: dict[str, NDArray[Any]] = {}
    left_out = []
    for name, short in short_names(sheet.kind).items():
        values = [record[name] for record in records]
        if isinstance(sheet.fields[name], Number):
            found[short] = np.array([np.nan if value is None else value for value in values], np.float64)
            continue
        texts = [plain(value) for value in values]
        if any(len(text.encode()) > LONGEST_TEXT for text in texts):
            left_out.append(name)
        else:
            found[short] = np.array(texts, object)
    return found, left_out


def _layer(path: Path, geometry_type: str, shapes: NDArray[np.object_], columns: dict[str, NDArray[Any]]) -> None:
    from pyogrio import raw

    untyped: Any = raw
    with warnings.catch_warnings():
        # GDAL tells that parts of one feature are written as one record, which is how a Shapefile holds them.
        warnings.simplefilter("ignore")
        untyped.write(
            path,
            np.array(shapely.to_wkb(shapes, flavor="iso"), object) if len(shapes) else np.empty(0, object),
            list(columns.values()),
            np.array(list(columns), object),
            geometry_type=geometry_type,
            crs="EPSG:4326",
            driver="ESRI Shapefile",
            encoding="UTF-8",
        )


def _readme(sheet: Sheet, left_out: list[str]) -> str:
    lines = [
        f"{sheet.kind.plural.zh} / {sheet.kind.plural.en}",
        "坐标系 / Coordinate system: WGS-84 (EPSG:4326)；编码 / Encoding: UTF-8 (.cpg)",
        *(f"{name}: {value}" for name, value in (sheet.about.lines if sheet.about else ())),
        "",
        "字段名最多十个字符，对照如下。 / Column names have ten characters at most; they stand for:",
    ]
    for name, short in short_names(sheet.kind).items():
        field = sheet.fields[name]
        unit = f" ({field.unit.zh} / {field.unit.en})" if field.unit else ""
        lines.append(f"{short:<10}  {name:<24}  {field.label.zh} / {field.label.en}{unit}")
    if left_out:
        names = "、".join(sheet.fields[name].label.zh for name in left_out)
        lines += [
            "",
            f"未写入（有超过 254 字节的文字，Shapefile 存不下）：{names}。重新导入时这些字段保持原值。",
            f"Left out (texts longer than 254 bytes): {', '.join(left_out)}. An import leaves these fields as they are.",
        ]
    return "\n".join([*lines, ""])


FORMAT = Format("shp", Label("Shapefile（zip）", "Shapefile (zip)"), "application/zip", _write, extension="shp.zip")
