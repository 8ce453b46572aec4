"""KML and KMZ: every placemark with a geometry, parsed without entities and without following links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
import numpy as np
from defusedxml import DefusedXmlException
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.model.finding import Finding
from geo.read.archives import is_zip, names_in, opened
from geo.read.extensions import extension
from geo.read.faults import info, unreadable, warning
from geo.read.formats._kml_attributes import attributes
from geo.read.formats._kml_shapes import SHAPES, UNSUPPORTED, local, shape
from geo.read.raw import Declared, Progress, Reader, ReadFile, Sniff
from geo.read.shaping import Malformed
from geo.read.vectors import Rows, features, not_closed

_DECLARED = Declared(epsg=4326, datum="WGS84", text="KML")
_DEEPEST = 100
_FOLDERS = ("Folder", "Document")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")
_PLAIN = ("utf-8", "utf8", "us-ascii", "ascii")


@dataclass
class _Found:
    where: list[str] = field(default_factory=list)
    attributes: list[dict[str, object]] = field(default_factory=list)
    geometries: list[BaseGeometry | None] = field(default_factory=list)
    faults: dict[int, list[Finding]] = field(default_factory=dict)
    high: bool = False
    links: int = 0


def _recognises(sniff: Sniff) -> int:
    if is_zip(sniff.head):
        inside = any(name.lower().endswith(".kml") for name in names_in(sniff.head))
        return 96 if inside and sniff.suffix != ".zip" else (70 if inside or sniff.suffix == ".kmz" else 0)
    head = sniff.head.replace(b"\0", b"")
    if re.search(rb"<(?:\w+:)?kml[\s>]", head):
        return 95
    xml = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
    return 60 if xml and sniff.suffix in READER.suffixes else (30 if sniff.suffix in READER.suffixes else 0)


def _read(path: Path, name: str, progress: Progress) -> ReadFile:
    with path.open("rb") as file:
        zipped = is_zip(file.read(4))
    found = _Found()
    if zipped:
        with opened(path, name, wanted=lambda entry: entry.endswith(".kml")) as folder:
            documents = sorted(folder.rglob("*.[kK][mM][lL]"))
            if not documents:
                raise unreadable("kmz-without-kml", name, "KMZ 里没有 .kml 文件", "there is no .kml in the KMZ")
            for document in documents:
                label = name if len(documents) == 1 else f"{name}/{document.name}"
                _gather(document.read_bytes(), label, found, progress)
    else:
        _gather(path.read_bytes(), name, found, progress)
    if not found.where:
        raise unreadable("no-features", name, "文件里没有地标（Placemark）", "there is no placemark in the file")
    geometries = np.full(len(found.where), None, dtype=object)
    geometries[:] = found.geometries
    made, general = features(Rows(name, found.where, found.attributes, geometries, found.high, found.faults), progress)
    about = [*extension(READER, name, READER.suffixes), _maybe_shifted(name), *_links(found, name)]
    return ReadFile(name, READER.name, _DECLARED, made, (*about, *general))


def _gather(data: bytes, label: str, found: _Found, progress: Progress) -> None:
    if not data.strip(b"\0 \t\r\n"):
        raise unreadable("xml-malformed", label, "KML 文件是空的", "the KML is empty")
    folders: list[tuple[int, str]] = []
    number = depth = 0
    seen_kml = False
    for event, element in _events(_as_utf8(data), label):
        kind = local(element.tag)
        if event == "start":
            depth += 1
            if depth > _DEEPEST:
                raise unreadable("xml-too-deep", label, "XML 嵌套过深，拒绝读取", "the XML is nested too deeply")
            seen_kml = seen_kml or kind in ("kml", "Placemark")
            if kind in _FOLDERS:
                folders.append((depth, ""))
            continue
        if kind == "name" and folders and folders[-1][0] == depth - 1:
            folders[-1] = (depth - 1, (element.text or "").strip())
        elif kind == "Placemark":
            number += 1
            # The document's own name is that of the file, not of a folder.
            _placemark(element, f"{label}#{number}", [each for _, each in folders[1:]], found)
            element.clear()
            if number % 500 == 0:
                progress(number, 0)
        elif kind == "NetworkLink":
            found.links += 1
        if kind in _FOLDERS:
            folders.pop()
            element.clear()
        depth -= 1
    if not seen_kml:
        raise unreadable("not-kml", label, "是 XML，但不是 KML", "this is XML but no KML")


def _events(data: bytes, label: str) -> Iterator[tuple[str, Element]]:
    parse: Callable[..., Any] = defusedxml.ElementTree.iterparse
    try:
        yield from parse(BytesIO(data), events=("start", "end"))
    except DefusedXmlException:
        raise unreadable(
            "xml-entities",
            label,
            "XML 里定义了实体或引用了外部文件，可能是攻击，拒绝读取；请用软件重新导出 KML",
            "the XML defines entities or refers to outside files and is not read; export the KML again",
        ) from None
    except ParseError as fault:
        line, column = fault.position
        raise unreadable(
            "xml-malformed",
            f"{label}:{line}",
            f"第 {line} 行第 {column + 1} 列不是有效的 XML，文件可能不完整，请重新导出",
            f"line {line}, column {column + 1} is no valid XML; the file may be cut off, export it again",
        ) from None
    except (LookupError, UnicodeError, ValueError):
        raise unreadable(
            "unknown-encoding",
            label,
            "XML 的文字编码无法识别，请另存为 UTF-8",
            "the XML's encoding is not known; save it as UTF-8",
        ) from None


def _as_utf8(data: bytes) -> bytes:
    """The same in UTF-8 where it is GBK, which XML parsers don't know; a declaration that lies is taken away."""
    declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf")[:500])
    encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    chinese = encoding.startswith(("gb", "cp936", "x-gbk"))
    if encoding not in _PLAIN and not chinese:
        return data
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]:
        return data
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text.removeprefix("\ufeff"), count=1).encode()


def _placemark(element: Element, where: str, folders: Sequence[str], found: _Found) -> None:
    row = len(found.where)
    notes: set[str] = set()
    faults = found.faults.setdefault(row, [])
    made: BaseGeometry | None = None
    for each in element:
        kind = local(each.tag)
        if kind in SHAPES and made is None:
            try:
                made = shape(each, notes)
            except Malformed as fault:
                faults.append(fault.finding(where))
        elif kind in UNSUPPORTED:
            faults.append(
                warning(
                    "kml-unsupported", where, f"{kind} 不是平面图形，未读取", f"a {kind} is no plane geometry; not read"
                )
            )
    if "open" in notes and made is not None:
        faults.append(not_closed(where))
    if not faults:
        del found.faults[row]
    found.high = found.high or "high" in notes
    found.where.append(where)
    found.attributes.append(attributes(element, folders))
    found.geometries.append(made)


def _maybe_shifted(name: str) -> Finding:
    return info(
        "kml-gcj02",
        name,
        "KML 规定用 WGS-84 经纬度；国内地图软件导出的常是偏移过的 GCJ-02，请对照底图确认",
        "KML is WGS-84 by its standard; map apps in China often export shifted GCJ-02: compare with the map",
    )


def _links(found: _Found, name: str) -> tuple[Finding, ...]:
    if not found.links:
        return ()
    return (
        warning(
            "kml-network-link",
            name,
            f"有 {found.links} 个网络链接（NetworkLink），其内容未读取",
            f"{found.links} network links were not followed; what they hold was not read",
        ),
    )


READER = Reader(
    name="kml",
    label=Label("KML／KMZ", "KML/KMZ"),
    suffixes=(".kml", ".kmz"),
    recognises=_recognises,
    read=_read,
    order=40,
)
