"""Which coordinate systems are offered, and which one a parameter names."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request

from datasets.labels import Label
from geo.crs.ogc import CRS84, OgcCrs, offered
from geo.query.faults import BadParameter, BadParameters
from webmap.site import site


def systems_here() -> Mapping[str, OgcCrs]:
    """The systems by URI, CRS84 first: those that reach into the counties of this installation."""
    return site().remember(("ogc systems",), lambda: offered(_bounds()))


def _bounds() -> tuple[float, float, float, float]:
    boxes = [county.bbox for county in site().world.boundaries.counties.values()]
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def system_of(param: str) -> OgcCrs:
    """The system that a parameter names by URI, `EPSG:4490`, a safe CURIE, or not at all. Raises BadParameters."""
    given = request.args.get(param)
    return systems_here()[CRS84] if given is None else system_called(param, given)


def system_called(param: str, name: str) -> OgcCrs:
    """The system of that name, which `param` has given. Raises BadParameters."""
    given = name.strip()
    known = systems_here()
    uri = given.removeprefix("[").removesuffix("]")
    if uri.upper().startswith("EPSG:"):
        uri = f"http://www.opengis.net/def/crs/EPSG/0/{uri[5:]}"
    elif uri.upper() in ("CRS84", "OGC:CRS84"):
        uri = CRS84
    if uri.startswith("https://"):
        uri = f"http://{uri[8:]}"
    found = known.get(uri)
    if found is None:
        message = Label(
            f"不提供这个坐标系；可用：{'、'.join(known)}", f"that system is not offered; offered are {', '.join(known)}"
        )
        raise BadParameters([BadParameter(param, given, message)])
    return found
