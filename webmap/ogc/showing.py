"""What of the features a request for items asks to see: some of their properties only, no geometries."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from datasets.labels import Label
from geo.draw.geojson import property_labels
from geo.model import Feature
from geo.query.choices import unknown_code
from geo.query.faults import BadParameter, BadParameters

OWN = ("properties", "skipGeometry")


@dataclass(frozen=True)
class Shown:
    """properties: the only ones that are wanted; None: all of them. geometry: whether it is wanted."""

    properties: frozenset[str] | None = None
    geometry: bool = True


ALL = Shown()


def shown(kind: type[Feature]) -> Shown:
    """What the request asks to see of features of `kind`. Raises BadParameters for a name that they do not have."""
    given, skipped = (request.args.getlist(name) for name in OWN)
    faults = []
    names = [name.strip() for name in given[0].split(",")] if given else []
    known = property_labels(kind)
    faults += [unknown_code("properties", name, known) for name in names if name not in known]
    for name, values in zip(OWN, (given, skipped), strict=True):
        if len(values) > 1:
            faults.append(BadParameter(name, values[1], Label(f"{name} 只能出现一次", f"{name} may stand once")))
    if skipped and skipped[0] not in ("true", "false"):
        faults.append(BadParameter(OWN[1], skipped[0], Label("应为 true 或 false", "true or false is expected")))
    if faults:
        raise BadParameters(faults)
    return Shown(frozenset(names) if given else None, skipped != ["true"])
