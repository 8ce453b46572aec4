"""What the record holds already: the published and pending features that a file is checked against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from geo.check.spot import Geometries

STATES = {
    "draft": ("草稿", "draft"),
    "submitted": ("待审", "pending"),
    "published": ("已发布", "published"),
    "rejected": ("已退回", "returned"),
    "withdrawn": ("已撤下", "withdrawn"),
}


def _no_geometries() -> Geometries:
    return np.empty(0, object)


@dataclass(frozen=True, eq=False)
class Existing:
    """Features of one kind in the record, one a place in each sequence.

    ids, names, codes, counties, states: texts ("" where there is none). geometries: WGS-84 shapes or None, an object array.
    payloads: the fields in their JSON form, or an empty sequence where the caller has none at hand.
    """

    ids: Sequence[str] = ()
    names: Sequence[str] = ()
    codes: Sequence[str] = ()
    counties: Sequence[str] = ()
    states: Sequence[str] = ()
    geometries: Geometries = field(default_factory=_no_geometries)
    payloads: Sequence[Mapping[str, Any]] = ()

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Where each id stands."""
        return {name: place for place, name in enumerate(self.ids)}

    @cached_property
    def by_code(self) -> Mapping[tuple[str, str], int]:
        """Where each pair of county and code stands; withdrawn features don't count."""
        pairs = zip(self.counties, self.codes, self.states, strict=True) if len(self.codes) else ()
        return {
            (county, code): place for place, (county, code, state) in enumerate(pairs) if code and state != "withdrawn"
        }

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The shapes that count for overlaps: those that are not withdrawn or returned."""
        counted = [
            shape if state not in ("withdrawn", "rejected") else None
            for shape, state in zip(self.geometries, self.states, strict=True)
        ]
        shapes: Any = counted
        return shapely.STRtree(shapes)

    def described(self, place: int) -> tuple[str, str]:
        """One of them in words, zh and en: its name, code and state."""
        zh, en = STATES.get(self.states[place], (self.states[place], self.states[place]))
        code = f" {self.codes[place]}" if len(self.codes) and self.codes[place] else ""
        name = self.names[place] or self.ids[place]
        return f"{zh}地块“{name}”{code}", f"the {en} parcel '{name}'{code}"

    def payload(self, place: int) -> Mapping[str, Any]:
        """The fields of one of them; empty where they are not at hand."""
        return self.payloads[place] if len(self.payloads) else {}
