"""From the pairs of a query string to the parts of a filter, with every fault named."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from datasets.labels import Label
from datasets.world import World
from geo.model import Kinds
from geo.query.choices import choices, misfit, unknown_name
from geo.query.faults import BadParameter, BadParameters
from geo.query.parameters import LOWER, SINGLES, UPPER, parameters
from geo.query.values import Box, Near, Unfit, number_text, read_box, read_near, read_number, read_text, read_year

Bounds = tuple[float | None, float | None]
_Value = TypeVar("_Value")


@dataclass
class Parts:
    """What the pairs say, sorted by the form of the parameter. lists: codes by param; bounds: (min, max) by param."""

    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    bounds: dict[str, Bounds] = field(default_factory=dict)
    year_from: int | None = None
    year_to: int | None = None
    q: str = ""
    bbox: Box | None = None
    near: Near | None = None


def validated(args: Iterable[tuple[str, str]], kinds: Kinds, world: World, allowed: Collection[str]) -> Parts:
    """The parts of a query string whose names and codes all exist; raises BadParameters with every fault."""
    declared = parameters(kinds)
    names = frozenset(declared.names)
    pairs = list(args)
    strangers = {param: value for param, value in pairs if param not in names and param not in allowed}
    faults = [unknown_name(param, value, names | set(allowed)) for param, value in strangers.items()]
    parts = _read(((param, value) for param, value in pairs if param in names), faults)
    for param, codes in parts.lists.items():
        known = choices(param, declared, kinds, world)
        faults += [fault for code in codes if (fault := misfit(param, code, known, declared))]
    if faults:
        raise BadParameters(faults)
    return parts


def parts_of(args: Iterable[tuple[str, str]]) -> Parts:
    """The parts of a query string whose names and codes are trusted; BadParameters names malformed values."""
    faults: list[BadParameter] = []
    parts = _read(args, faults)
    if faults:
        raise BadParameters(faults)
    return parts


def _read(args: Iterable[tuple[str, str]], faults: list[BadParameter]) -> Parts:
    lists: dict[str, list[str]] = {}
    singles: dict[str, list[str]] = {}
    for param, value in args:
        if param in SINGLES or param.endswith((LOWER, UPPER)):
            if value.strip():
                singles.setdefault(param, []).append(value.strip())
        elif codes := [code.strip() for code in value.split(",") if code.strip()]:
            lists.setdefault(param, []).extend(codes)
    parts = Parts({param: tuple(dict.fromkeys(codes)) for param, codes in lists.items()})
    once = _Once(singles, faults)
    parts.year_from, parts.year_to = once.read("year_from", read_year), once.read("year_to", read_year)
    parts.q = once.read("q", read_text) or ""
    parts.bbox, parts.near = once.read("bbox", read_box), once.read("near", read_near)
    if parts.year_from and parts.year_to and parts.year_from > parts.year_to:
        faults.append(_crossed("year_from", str(parts.year_from), "year_to", str(parts.year_to)))
    for param in dict.fromkeys(name[: -len(LOWER)] for name in singles if name.endswith((LOWER, UPPER))):
        low, high = once.read(param + LOWER, read_number), once.read(param + UPPER, read_number)
        if low is not None and high is not None and low > high:
            faults.append(_crossed(param + LOWER, number_text(low), param + UPPER, number_text(high)))
        parts.bounds[param] = (low, high)
    return parts


class _Once:
    """Reads parameters that may stand once only."""

    def __init__(self, given: Mapping[str, list[str]], faults: list[BadParameter]) -> None:
        self._given = given
        self._faults = faults

    def read(self, param: str, reader: Callable[[str], _Value]) -> _Value | None:
        """The value of `param`, or None where it is absent or faulty."""
        values = self._given.get(param, [])
        if len(values) > 1:
            message = Label(
                f"{param} 只能出现一次，现有 {len(values)} 次", f"{param} may stand once, not {len(values)} times"
            )
            self._faults.append(BadParameter(param, values[1], message))
        elif values:
            try:
                return reader(values[0])
            except Unfit as fault:
                self._faults.append(BadParameter(param, values[0], fault.label))
        return None


def _crossed(low: str, lower: str, high: str, upper: str) -> BadParameter:
    return BadParameter(
        low, lower, Label(f"{low}（{lower}）大于 {high}（{upper}）", f"{low} ({lower}) is more than {high} ({upper})")
    )
