"""GeoPackage's own wrapping of WKB taken off: OGC 12-128r19, clause 2.1.3."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

from geo.model.finding import Finding
from geo.read.vectors import Geometries, damaged, from_wkb

_ENVELOPES = (0, 32, 48, 48, 64)
_EMPTY, _EXTENDED = 0x10, 0x20


def geometries_of(
    blobs: Sequence[object], where: Sequence[str]
) -> tuple[Geometries, dict[int, list[Finding]], set[int]]:
    """The geometries of the blobs, findings by row, and the systems (srs_id) they name."""
    wkb: Geometries = np.full(len(blobs), None, dtype=object)
    broken: dict[int, list[Finding]] = {}
    systems: set[int] = set()
    for row, blob in enumerate(blobs):
        if blob is None:
            continue
        found = _unwrapped(blob)
        if found is None:
            broken[row] = [damaged(where[row])]
            continue
        systems.add(found[0])
        wkb[row] = found[1]
    geometries, faults = from_wkb(wkb, where)
    return geometries, broken | faults, systems


def _unwrapped(blob: object) -> tuple[int, bytes | None] | None:
    """The srs_id and the WKB (None for an empty geometry); None where the blob is none of GeoPackage's."""
    if not isinstance(blob, bytes) or len(blob) < 8 or not blob.startswith(b"GP"):
        return None
    flags = blob[3]
    kind = (flags >> 1) & 0x7
    if kind >= len(_ENVELOPES) or flags & _EXTENDED:
        return None
    system = int(struct.unpack_from("<i" if flags & 1 else ">i", blob, 4)[0])
    return system, None if flags & _EMPTY else blob[8 + _ENVELOPES[kind] :]
