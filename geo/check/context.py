"""Who brings a file, and what it is checked against."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from datasets.world import World
from geo.check.existing import Existing
from geo.crs import System
from geo.crs.systems import Local


@dataclass(frozen=True, eq=False)
class Context:
    """Who brings a file, and what it is checked against.

    county: the adcode for rows that don't name theirs. may_write: adcodes of the counties and cities that the editor holds, None
    for all. existing: the record's features of the kind. system, swapped, prefix: what the person chose, if he did (prefix: the
    zone's number that the eastings lack). local: datum → configured seven parameters. repairs: row, from 0 → names of the repairs
    of its shape that the person has accepted, in their order.
    """

    world: World
    county: str = ""
    may_write: Collection[str] | None = None
    existing: Existing = field(default_factory=Existing)
    system: System | None = None
    swapped: bool = False
    prefix: int | None = None
    local: Local | None = None
    repairs: Mapping[int, Sequence[str]] = field(default_factory=dict)
