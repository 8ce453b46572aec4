"""Coordinates pasted as text: pairs in lines, WKT, GeoJSON, degrees-minutes-seconds, or a whole boundary-point text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import shapely

from datasets.labels import Label
from geo.model.finding import Finding
from geo.read.axes import Look
from geo.read.extensions import extension
from geo.read.faults import error, info, unreadable, warning
from geo.read.formats import boundary_txt
from geo.read.geometry_text import Written, geojson, has_wkt, wkt
from geo.read.pairs import Break, Found, Pair, found_in, rings_of
from geo.read.raw import Declared, Progress, RawFeature, Reader, ReadFile, Sniff, Unreadable, counted
from geo.read.rings import assembled
from geo.read.texts import decoded

_SUFFIXES = (".txt", ".wkt", "")
MOST_LINES = 20


def recognises(sniff: Sniff) -> int:
    """Likely where there is WKT, else where there are pairs of coordinates; never certain, for other formats are text too."""
    try:
        text = decoded(sniff.head, sniff.name).text[:20_000]
    except Unreadable:
        return 0
    if has_wkt(text):
        return 50
    if sum(isinstance(item, Pair) for item in found_in(text).items):
        return 40 if sniff.suffix in _SUFFIXES else 20
    return 5 if sniff.suffix in _SUFFIXES else 0


def read(path: Path, name: str, progress: Progress) -> ReadFile:
    """The features of a text; raises Unreadable where there are no coordinates."""
    return parsed(path.read_bytes(), name, progress)


def parsed(data: bytes, name: str, progress: Progress) -> ReadFile:
    """The same from bytes."""
    if boundary_txt.recognises(Sniff(name, data[: 64 * 1024])):
        return boundary_txt.parsed(data, name, progress)
    text = decoded(data, name)
    odd = (*extension(READER, name, (*_SUFFIXES, ".csv", ".tsv")), *text.findings)
    body = text.text.strip()
    written = geojson(body, name) if body.startswith("{") else wkt(text.text, name) if has_wkt(text.text) else None
    if written:
        features = tuple(counted(_of_written(written, text.text, name), len(written), progress))
        return ReadFile(name, READER.name, _declared(written), features, odd)
    found = found_in(text.text)
    if found.look is None:
        raise unreadable(
            "no-coordinates",
            name,
            "没有找到坐标；每行应有一对坐标，如“114.1,34.2”或“J1,1,3770000,38512000”",
            "no coordinates are found; each line should hold a pair, such as '114.1,34.2' or 'J1,1,3770000,38512000'",
        )
    groups = _groups(found)
    features = tuple(counted(_of_groups(groups, name), len(groups), progress))
    return ReadFile(name, READER.name, None, features, (*odd, *_odd_lines(found, found.look, name)))


def _declared(written: list[Written]) -> Declared | None:
    codes = {entry.epsg for entry in written if entry.epsg}
    return Declared(epsg=codes.pop()) if len(codes) == 1 else None


def _of_written(written: list[Written], text: str, name: str) -> Iterator[RawFeature]:
    line = 1
    position = 0
    for entry in written:
        line += text.count("\n", position, entry.start)
        position = entry.start
        where = f"{name}:{line}"
        findings = tuple(Finding(f.code, f.severity, where, f.message) for f in entry.result.findings)
        own = Declared(epsg=entry.epsg) if entry.epsg else None
        yield RawFeature(where, entry.properties or {}, entry.result.geometry, findings, own)


def _groups(found: Found) -> list[tuple[str, list[Pair]]]:
    """The points of each parcel with its heading. A blank line parts parcels only if each part could be one."""
    by_blank = _parted(found, True)
    if all(len(pairs) >= 3 for _, pairs in by_blank):
        return by_blank
    return _parted(found, False)


def _parted(found: Found, at_blanks: bool) -> list[tuple[str, list[Pair]]]:
    groups: list[tuple[str, list[Pair]]] = [("", [])]
    for item in found.items:
        if isinstance(item, Pair):
            groups[-1][1].append(item)
        elif groups[-1][1] and (item.words or at_blanks):
            groups.append((item.words.strip(" :;,"), []))
        elif item.words:
            groups[-1] = (item.words.strip(" :;,"), [])
    return [group for group in groups if group[1]]


def _of_groups(groups: list[tuple[str, list[Pair]]], name: str) -> Iterator[RawFeature]:
    for heading, pairs in groups:
        where = f"{name}:{pairs[0].line}"
        attributes: dict[str, object] = {"名称": heading} if heading else {}
        if len(pairs) == 1:
            yield RawFeature(where, attributes, shapely.Point(pairs[0].x, pairs[0].y))
            continue
        shape = assembled(rings_of(pairs, name))
        yield RawFeature(where, attributes, shape.geometry, shape.findings)


def _odd_lines(found: Found, look: Look, name: str) -> list[Finding]:
    faults = [
        error(
            "mixed-systems",
            f"{name}:{line}",
            f"此行坐标与其他行不是同一坐标系或次序（其他行为{look.zh}）",
            f"this line's coordinates are in another system or order than the rest ({look.en})",
        )
        for line in found.other_system[:MOST_LINES]
    ]
    faults += [
        error(
            "point-unreadable",
            f"{name}:{line}",
            "此行有数字，但不是一对坐标",
            "this line has numbers but no pair of coordinates",
        )
        for line in found.no_pair[:MOST_LINES]
    ]
    if look.degrees and not look.easting_first:
        line = next((item.line for item in found.items if isinstance(item, Pair)), 1)
        faults.append(
            info("latitude-first", f"{name}:{line}", "纬度在前，已按数值大小识别", "latitude first; told by magnitude")
        )
    names = [item for item in found.items if isinstance(item, Break) and item.words]
    if len(names) > 2 * sum(isinstance(item, Pair) for item in found.items):
        faults.append(
            warning(
                "mostly-words",
                f"{name}:{names[0].line}",
                "文本中多数行不是坐标，请核对所选内容",
                "most lines are no coordinates; see that this is the right text",
            )
        )
    return faults


READER = Reader(
    name="pasted",
    label=Label("粘贴的坐标文本", "Pasted coordinates"),
    suffixes=(".txt", ".wkt"),
    recognises=recognises,
    read=read,
    order=90,
)
