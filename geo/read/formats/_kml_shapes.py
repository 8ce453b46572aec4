"""KML's geometries as shapely's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.read.shaping import Malformed, closed_ring, together
from geo.read.vectors import quietly

SHAPES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry")
UNSUPPORTED = ("Model", "Track", "MultiTrack")
MOST_NESTED = 8
MOST_VERTICES = 12_000_000

_SPACED = re.compile(r"\s*,\s*")


def local(tag: object) -> str:
    """A tag's name without its namespace."""
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def child(element: Element, name: str) -> Element | None:
    """The first child of that name, in whatever namespace."""
    return next((each for each in element if local(each.tag) == name), None)


@quietly
def shape(element: Element, notes: set[str]) -> BaseGeometry:
    """The geometry of an element; notes gain "high" and "open". Raises Malformed with the words for what is wrong."""
    made = list(_shapes(element, notes, 0))
    if len(made) == 1:
        return made[0]
    return together(made)


def _shapes(element: Element, notes: set[str], depth: int) -> Iterator[BaseGeometry]:
    kind = local(element.tag)
    if kind == "MultiGeometry":
        if depth >= MOST_NESTED:
            raise Malformed("MultiGeometry 嵌套过深", "MultiGeometry elements are nested too deeply")
        for each in element:
            if local(each.tag) in SHAPES:
                yield from _shapes(each, notes, depth + 1)
        return
    try:
        if kind == "Polygon":
            yield _polygon(element, notes)
        elif kind == "Point":
            yield shapely.Point(_coordinates(element, notes)[0])
        else:
            yield shapely.LineString(_coordinates(element, notes))
    except (shapely.GEOSException, ValueError) as fault:
        if isinstance(fault, Malformed):
            raise
        raise Malformed("点数不足", "there are too few points") from None


def _polygon(element: Element, notes: set[str]) -> BaseGeometry:
    outer: list[NDArray[np.float64]] = []
    inner: list[NDArray[np.float64]] = []
    for boundary in element:
        kind = local(boundary.tag)
        if kind in ("outerBoundaryIs", "innerBoundaryIs"):
            # One innerBoundaryIs may hold several rings in files of some programs.
            rings = [
                closed_ring(_coordinates(each, notes), notes) for each in boundary if local(each.tag) == "LinearRing"
            ]
            (outer if kind == "outerBoundaryIs" else inner).extend(rings)
    if not outer:
        raise Malformed("面没有外边界", "the polygon has no outer boundary")
    if len(outer) > 1:
        raise Malformed("一个面有多个外边界", "the polygon has several outer boundaries")
    return shapely.Polygon(outer[0], inner)


def _coordinates(element: Element, notes: set[str]) -> NDArray[np.float64]:
    """(n, 2) of "lon,lat[,height] …", n ≥ 1."""
    found = child(element, "coordinates")
    text = ((found.text or "") if found is not None else "").strip()
    if not text:
        raise Malformed("没有坐标", "there are no coordinates")
    tuples = text.split()
    widths = {each.count(",") for each in tuples}
    if widths - {1, 2} or text.startswith(",") or text.endswith(","):
        tuples = _SPACED.sub(",", text).split()
        widths = {each.count(",") for each in tuples}
    if widths - {1, 2} or len(tuples) > MOST_VERTICES:
        raise Malformed(f"坐标串有误（“{text[:30]}”）", f"the coordinates are malformed ('{text[:30]}')")
    try:
        if len(widths) == 1:
            values = np.array(",".join(tuples).split(","), dtype=np.float64).reshape(len(tuples), -1)
        else:
            values = np.array([each.split(",")[:2] for each in tuples], dtype=np.float64)
    except (ValueError, OverflowError):
        raise Malformed("坐标串里有不是数值的内容", "there is something in the coordinates that is no number") from None
    if 2 in widths and (values.shape[1] < 3 or values[:, 2].any()):
        notes.add("high")
    return values[:, :2]
