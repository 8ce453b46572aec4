"""Features for the tests of drawing, by kind, with everything filled in that a test does not care about."""

import itertools

import numpy as np
import shapely

from geo.model import default_kinds
from geo.query.selection import Selection

_numbers = itertools.count(1)

CHANGGE, YUZHOU, QINYANG, HUIJI, JIYUAN = "411082", "411081", "410882", "410108", "419001"
XUCHANG, JIAOZUO = "411000", "410800"


def made(kind, **fields):
    """A feature of `kind`; unnamed fields take plain values, a geometry makes it surveyed."""
    geometry = fields.pop("geometry", None)
    number = next(_numbers)
    row = {
        "id": f"{kind}-{number:05}",
        "name": f"要素{number}",
        "county": CHANGGE,
        "precision": "surveyed" if geometry is not None else "county",
        "source": "test",
    }
    row |= {"project": {"stage": "signed"}, "plot": {"code": "A", "area_m2": 1, "status": "available"}}.get(kind, {})
    row |= {"target": {"role": "actual"}}.get(kind, {})
    return default_kinds().get(kind).from_row(row | fields, geometry)


def project(yi=None, **fields):
    """A project of `yi` 亿元."""
    if yi is not None:
        fields = {"amount_wan": yi * 10_000, "currency": "CNY"} | fields
    return made("project", **fields)


def point(lon, lat):
    return shapely.Point(lon, lat)


def everything(snapshot):
    """The selection of all features."""
    return Selection(snapshot, {kind: np.ones(snapshot.table(kind).rows, bool) for kind in snapshot.kinds})


def only(snapshot, **ids):
    """The selection of the features with these ids, by kind."""
    masks = {kind: np.zeros(snapshot.table(kind).rows, bool) for kind in snapshot.kinds}
    for kind, chosen in ids.items():
        for each in chosen:
            masks[kind][snapshot.table(kind).row_of(each)] = True
    return Selection(snapshot, masks)
