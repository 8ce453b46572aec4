"""The parts of a shapefile: which files belong together, whether each is whole, the index made anew where it is missing."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.model.finding import Finding
from geo.read.faults import error, unreadable, warning

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
MAGIC = b"\x00\x00\x27\x0a"
HEADER = 100


@dataclass
class Layer:
    """One shapefile: the name shown ("plots.shp"), its parts by extension, what is odd about them."""

    name: str
    parts: dict[str, Path] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def layers(folder: Path) -> list[Layer]:
    """The shapefiles anywhere below a folder, by name; parts belong together whatever the case of their letters."""
    found: dict[str, Layer] = {}
    for path in sorted(folder.rglob("*")):
        suffix = path.suffix.lower()
        if path.is_file() and suffix in PARTS:
            key = str(path.relative_to(folder).with_suffix("")).casefold()
            found.setdefault(key, Layer(f"{path.stem}.shp")).parts[suffix] = path
    with_geometry = {key: layer for key, layer in found.items() if ".shp" in layer.parts or ".shx" in layer.parts}
    names = [layer.name.casefold() for layer in with_geometry.values()]
    for key, layer in with_geometry.items():
        # Two folders may each hold a shapefile of the same name.
        if names.count(layer.name.casefold()) > 1:
            layer.name = f"{key}.shp"
    return list(with_geometry.values())


def made_ready(layer: Layer, folder: Path, archive: str) -> Path:
    """Moves the parts into a folder of their own under plain names and gives the path of the .shp.

    Every part is checked to be whole; a missing .shx is rebuilt. Raises Unreadable: missing-shp, shp-truncated, shp-damaged,
    shx-truncated, dbf-truncated.
    """
    where = f"{archive}/{layer.name}"
    if ".shp" not in layer.parts:
        raise unreadable(
            "missing-shp",
            where,
            "压缩包里没有它的 .shp 文件，请把 .shp、.shx、.dbf、.prj 一起压缩",
            "its .shp is not in the zip; zip .shp, .shx, .dbf and .prj together",
        )
    folder.mkdir()
    for suffix in (".shp", ".shx", ".dbf"):
        if suffix in layer.parts:
            layer.parts[suffix] = layer.parts[suffix].rename(folder / f"layer{suffix}")
    _check_header(layer.parts[".shp"], ".shp", where)
    if ".shx" in layer.parts:
        _check_header(layer.parts[".shx"], ".shx", where)
    else:
        layer.parts[".shx"] = _rebuilt_index(layer.parts[".shp"], where)
        layer.findings.append(
            warning(
                "missing-shx",
                layer.name,
                "缺少 .shx 索引文件，已由 .shp 重建",
                "the index .shx is missing; it was rebuilt from the .shp",
            )
        )
    _check_table(layer, where)
    return layer.parts[".shp"]


def shape_types(layer: Layer) -> NDArray[np.int32]:
    """Each record's shape type as the .shp has it (0 = null shape, -1 = the index points outside)."""
    data = np.frombuffer(layer.parts[".shp"].read_bytes(), dtype=np.uint8)
    offsets = _offsets(layer) * 2 + 8
    inside = (offsets >= HEADER) & (offsets + 4 <= len(data))
    types = np.full(len(offsets), -1, dtype=np.int32)
    at = offsets[inside]
    types[inside] = np.stack([data[at + byte].astype(np.int32) << (8 * byte) for byte in range(4)]).sum(axis=0)
    return types


def _offsets(layer: Layer) -> NDArray[np.int64]:
    data = layer.parts[".shx"].read_bytes()[HEADER:]
    return np.frombuffer(data[: len(data) // 8 * 8], dtype=">i4").reshape(-1, 2)[:, 0].astype(np.int64)


def _check_header(path: Path, suffix: str, where: str) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEADER)
    if head[:4] != MAGIC[: len(head)] or (len(head) >= 32 and struct.unpack_from("<i", head, 28)[0] != 1000):
        raise unreadable(
            f"{suffix[1:]}-damaged",
            where,
            f"{suffix} 文件开头不是 Shapefile 的格式，请重新导出",
            f"the {suffix} does not begin as a shapefile does; export it again",
        )
    if len(head) < HEADER or size < 2 * struct.unpack_from(">i", head, 24)[0]:
        raise _truncated(suffix, where)


def _truncated(suffix: str, where: str) -> Exception:
    return unreadable(
        f"{suffix[1:]}-truncated",
        where,
        f"{suffix} 文件不完整（比文件头所写的短），请重新导出或重新压缩",
        f"the {suffix} is cut off (shorter than its header says); export or zip it again",
    )


def _rebuilt_index(shp: Path, where: str) -> Path:
    data = shp.read_bytes()
    entries = bytearray()
    at = HEADER
    while at + 8 <= len(data):
        length = struct.unpack_from(">i", data, at + 4)[0]
        if length < 2 or at + 8 + 2 * length > len(data):
            raise _truncated(".shp", where)
        entries += struct.pack(">ii", at // 2, length)
        at += 8 + 2 * length
    path = shp.with_suffix(".shx")
    path.write_bytes(data[:24] + struct.pack(">i", (HEADER + len(entries)) // 2) + data[28:HEADER] + entries)
    return path


def _check_table(layer: Layer, where: str) -> None:
    if ".dbf" not in layer.parts:
        layer.findings.append(
            warning(
                "missing-dbf",
                layer.name,
                "缺少 .dbf 属性文件，只读到图形，没有属性",
                "the .dbf is missing: geometries were read, attributes there are none",
            )
        )
        return
    size = layer.parts[".dbf"].stat().st_size
    with layer.parts[".dbf"].open("rb") as file:
        head = file.read(32)
    rows, header, width = struct.unpack_from("<IHH", head, 4) if len(head) >= 12 else (0, 0, 0)
    if len(head) < 32 or size < header + rows * width or header < 33:
        raise _truncated(".dbf", where)
    shapes = len(_offsets(layer))
    if rows != shapes:
        layer.findings.append(
            error(
                "dbf-count",
                layer.name,
                f".dbf 有 {rows} 行，.shp 有 {shapes} 个图形，属性与图形对不上，请重新导出",
                f"the .dbf has {rows} rows and the .shp {shapes} shapes: they do not belong together; export again",
            )
        )
