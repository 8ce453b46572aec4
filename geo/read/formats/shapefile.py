"""Zipped shapefiles: any number of layers in one zip, read by GDAL a layer at a time."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj import CRS
from pyproj.exceptions import CRSError

from datasets.labels import Label
from geo.model.finding import Finding
from geo.read.archives import checked, is_zip, names_in, opened
from geo.read.extensions import extension
from geo.read.faults import info, unreadable, warning
from geo.read.formats._shapefile_parts import MAGIC, PARTS, Layer, layers, made_ready, shape_types
from geo.read.formats._shapefile_texts import UNDECODED, encoding_of, plain
from geo.read.raw import Declared, Progress, RawFeature, Reader, ReadFile, Sniff, Unreadable
from geo.read.vectors import Rows, common, damaged, features, from_wkb

_FAULTS = (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError, UnicodeError, ValueError)
_OTHER_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c")
_MEASURED = "Measured"
_SAID_OTHERWISE = (_MEASURED, "Non closed ring")
"""Warnings of GDAL that have findings of their own here."""


def _recognises(sniff: Sniff) -> int:
    if sniff.head.startswith(MAGIC):
        return 95
    if sniff.head.startswith(_OTHER_ARCHIVES):
        return 60
    if is_zip(sniff.head):
        names = names_in(sniff.head)
        ours = any(name.lower().endswith((*PARTS, ".sbn", ".shp.xml")) for name in names)
        return 95 if ours else (50 if sniff.suffix == ".zip" else 40)
    return 45 if sniff.suffix in PARTS else (30 if sniff.suffix == ".zip" else 0)


def _read(path: Path, name: str, progress: Progress) -> ReadFile:
    with path.open("rb") as file:
        head = file.read(8)
    if not is_zip(head):
        raise _no_zip(name, head)
    with opened(path, name, wanted=lambda entry: entry.endswith(PARTS)) as folder:
        found = layers(folder)
        if not found:
            raise _no_layers(path, name)
        rows, findings = [], list(extension(READER, name, READER.suffixes))
        for number, layer in enumerate(found):
            # Names are kept apart from any that the zip may hold.
            rows.append(_layer(layer, folder / f"\N{MIDDLE DOT}{number}", name))
        declared, about = common([each.crs for each in rows], name)
        findings += about
        read: list[RawFeature] = []
        for layer, each in zip(found, rows, strict=True):
            if len(rows) == 1 or declared is not None:
                each.crs = None
            made, general = features(each, progress)
            read += made
            findings += [*layer.findings, *general]
    return ReadFile(name, READER.name, declared, tuple(read), tuple(findings))


def _layer(layer: Layer, folder: Path, archive: str) -> Rows:
    """One shapefile's rows; its `findings` gain what is odd about it."""
    shp = made_ready(layer, folder, archive)
    meta, fids, wkb, columns, said = _raw(shp, f"{archive}/{layer.name}")
    layer.findings += [_said(layer.name, text) for text in said if not text.startswith(_SAID_OTHERWISE)]
    where = [f"{layer.name}#{fid + 1}" for fid in fids.tolist()]
    geometries, faults = from_wkb(wkb, where)
    types = shape_types(layer)
    measured = any(_MEASURED in text for text in said)
    rows = Rows(layer.name, where, _attributes(layer, meta, columns, len(where)), geometries, measured, faults)
    for row in [row for row, shape in enumerate(wkb) if shape is None]:
        fid = int(fids[row])
        if fid < len(types) and types[fid] != 0:
            rows.add(row, damaged(where[row]))
    if len(where) < len(types):
        layer.findings.append(_deleted(layer.name, len(types) - len(where)))
    rows.crs = _declared(layer)
    return rows


def _deleted(layer: str, count: int) -> Finding:
    return info(
        "rows-deleted",
        layer,
        f"{count} 行在 .dbf 中已标记删除，未读取",
        f"{count} rows are marked as deleted in the .dbf and were not read",
    )


def _said(layer: str, text: str) -> Finding:
    return warning("shapefile-odd", layer, f"读取时的提示：{text}", f"said while reading: {text}")


def _raw(shp: Path, where: str) -> tuple[dict[str, Any], NDArray[np.int64], NDArray[np.object_], list[Any], set[str]]:
    """What GDAL reads: meta, row numbers from 0, WKB, columns with undecoded texts, and its warnings."""
    read: Any = pyogrio.raw.read
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            meta, fids, wkb, columns = read(shp, encoding=UNDECODED, return_fids=True)
    except _FAULTS as fault:
        raise unreadable(
            "shp-damaged",
            where,
            "Shapefile 已损坏，无法读取，请重新导出",
            f"the shapefile is damaged and cannot be read; export it again ({type(fault).__name__})",
        ) from None
    if wkb is None:
        wkb = np.full(len(fids), None, dtype=object)
    return meta, fids, wkb, list(columns), {str(each.message) for each in said}


def _attributes(layer: Layer, meta: Mapping[str, Any], columns: Sequence[Any], count: int) -> list[dict[str, object]]:
    names = [str(name) for name in meta["fields"]]
    texts = [column for column in columns if column.dtype == object]
    encoding, about = encoding_of(
        layer.parts.get(".cpg"),
        (text for column in (names, *texts) for text in column if isinstance(text, str)),
        layer.name,
    )
    layer.findings += about
    names = [plain(name, encoding) for name in names]
    values = [_values(column, str(kind), encoding) for column, kind in zip(columns, meta["ogr_types"], strict=True)]
    if not values:
        return [{} for _ in range(count)]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def _values(column: Any, kind: str, encoding: str) -> list[object]:
    """A column as plain values: None where a cell is empty, whole numbers whole, days as ISO text."""
    if column.dtype == object:
        return [plain(text, encoding) if isinstance(text, str) else None for text in column.tolist()]
    if column.dtype.kind == "M":
        return [None if text == "NaT" else text for text in np.datetime_as_string(column).tolist()]
    if column.dtype.kind == "f":
        whole = kind.startswith("OFTInteger")
        return [None if math.isnan(value) else int(value) if whole else value for value in column.tolist()]
    return list(column.tolist())


def _declared(layer: Layer) -> Declared | None:
    prj = layer.parts.get(".prj")
    text = prj.read_bytes()[:65536].decode("utf-8", "replace").strip("\ufeff\0 \r\n\t") if prj else ""
    if not text:
        layer.findings.append(
            info(
                "no-prj",
                layer.name,
                "没有 .prj 文件，坐标系需按坐标判断并由您确认",
                "there is no .prj: the coordinate system is told by the coordinates and needs your word",
            )
        )
        return None
    try:
        crs = CRS.from_user_input(text)
        return Declared(epsg=crs.to_epsg(), wkt=text, text=crs.name)
    except CRSError:
        layer.findings.append(
            warning(
                "prj-unreadable",
                layer.name,
                ".prj 文件不完整或无法识别，坐标系需由您选择",
                "the .prj is cut off or not understood; the coordinate system is yours to choose",
            )
        )
        return None


def _no_zip(name: str, head: bytes) -> Unreadable:
    if head.startswith(_OTHER_ARCHIVES):
        return unreadable(
            "archive-not-zip",
            name,
            "这是 RAR 或 7z 压缩包，请改用 zip 格式压缩",
            "this is a RAR or 7z archive; please make a zip of the files",
        )
    return unreadable(
        "shapefile-not-zipped",
        name,
        "只上传了 Shapefile 的一个部分，请把同名的 .shp、.shx、.dbf、.prj（以及 .cpg）一起压缩成 zip 再上传",
        "this is one part of a shapefile; zip the .shp, .shx, .dbf, .prj (and .cpg) of that name together and upload the zip",
    )


def _no_layers(path: Path, name: str) -> Unreadable:
    held = ", ".join(entry.name for entry in checked(path, name)[:5]) or "-"
    return unreadable(
        "zip-without-shapefile",
        name,
        f"压缩包里没有 Shapefile（.shp）；里面是：{held}。其他格式请解压后直接上传",
        f"there is no shapefile (.shp) in the zip; it holds: {held}. Upload files of other formats unpacked",
    )


READER = Reader(
    name="shapefile",
    label=Label("Shapefile（zip）", "Shapefile (zip)"),
    suffixes=(".zip",),
    recognises=_recognises,
    read=_read,
    order=10,
)
