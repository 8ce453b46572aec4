"""The file that a revision was read from, kept as it came."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geo.store.files import StoredFile
from geo.store.listing import counties_of_origin
from geo.store.revisions import Revision
from webmap.staff.desk import desk
from webmap.staff.visiting import covers, visit

HASH = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True)
class Origin:
    """The file, the place in it, and whether the person may have it: all that came from it lies in his counties."""

    file: StoredFile
    place: str
    allowed: bool


def of(revision: Revision) -> Origin | None:
    """Where a revision came from; None where no kept file is named."""
    found = HASH.search(revision.origin)
    kept = desk().files.get(found.group()) if found else None
    if found is None or kept is None:
        return None
    place = HASH.sub("", revision.origin).strip(" #:")
    inside = all(covers(visit().account, county) for county in counties_of_origin(desk().store.engine, kept.sha256))
    return Origin(kept, place, inside)
