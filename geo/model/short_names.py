"""Names of fields for files whose columns may have ten characters (dBASE in a Shapefile), and back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from geo.model.feature import Feature, fields_of

LONGEST = 10


def short_names(kind: type[Feature]) -> Mapping[str, str]:
    """Each declared field's column name: itself where it fits, else its first characters and a number; all differ.

    The same kind gives the same names whatever the file holds, so that a file comes back under the names it went out with.
    """
    hashable: Any = kind
    return _short(hashable)


@cache
def _short(kind: Any) -> Mapping[str, str]:
    fields = list(fields_of(kind))
    taken = {name for name in fields if len(name) <= LONGEST}
    found = {}
    for name in fields:
        short = name
        if len(name) > LONGEST:
            short = name[:LONGEST].rstrip("_")
            number = 1
            while short in taken:
                number += 1
                short = f"{name[: LONGEST - len(str(number))]}{number}"
        taken.add(short)
        found[name] = short
    return MappingProxyType(found)
