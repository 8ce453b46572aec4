"""The one filter: what a view of the map, the list, the counts, the API, an export or an embed shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from datasets.world import World
from geo.model import Kinds
from geo.query.parameters import LISTS, LOWER, UPPER
from geo.query.parse import Bounds, Parts, parts_of, validated
from geo.query.values import Box, Near, number_text, numbers_text

_ATTRIBUTES = {"kind": "kinds", "chain": "chains", "segment": "segments", "county": "counties", "city": "cities"}


@dataclass(frozen=True)
class Filter:
    """Conditions on features, equal and hashable by what they mean: codes are sorted and no code stands twice.

    Values of one parameter are alternatives, parameters add up. years: (from, to), both inclusive. q: words. terms:
    (param, codes) of the declared lists. ranges: (param, (min, max)), inclusive, in the parameter's unit.
    """

    kinds: tuple[str, ...] = ()
    chains: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    years: tuple[int | None, int | None] = (None, None)
    q: str = ""
    bbox: Box | None = None
    near: Near | None = None
    terms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ranges: tuple[tuple[str, Bounds], ...] = ()

    def __post_init__(self) -> None:
        set_once = object.__setattr__
        for name in _ATTRIBUTES.values():
            set_once(self, name, tuple(sorted(set(getattr(self, name)))))
        set_once(self, "q", " ".join(self.q.split()))
        set_once(self, "bbox", self.bbox and Box(*self.bbox))
        set_once(self, "near", self.near and Near(*self.near))
        terms = {param: tuple(sorted(set(codes))) for param, codes in self.terms if codes}
        set_once(self, "terms", tuple(sorted(terms.items())))
        ranges = {param: bounds for param, bounds in self.ranges if bounds != (None, None)}
        set_once(self, "ranges", tuple(sorted(ranges.items(), key=lambda item: item[0])))

    @classmethod
    def parse(cls, args: Iterable[tuple[str, str]], kinds: Kinds, world: World, allowed: Collection[str] = ()) -> Self:
        """The filter that the pairs of a query string ask for.

        Empty values count as absent, so that a plain HTML form can be sent as it is. `allowed` names parameters that
        are no filter and that the caller reads himself. Raises BadParameters with every fault.
        """
        return cls._of(validated(args, kinds, world, allowed))

    @classmethod
    def _of(cls, parts: Parts) -> Self:
        values: dict[str, Any] = {
            _ATTRIBUTES[param]: codes for param, codes in parts.lists.items() if param in _ATTRIBUTES
        }
        terms = tuple((param, codes) for param, codes in parts.lists.items() if param not in _ATTRIBUTES)
        bounds = parts.bounds
        years = (parts.year_from, parts.year_to)
        return cls(
            **values,
            terms=terms,
            ranges=tuple(bounds.items()),
            years=years,
            q=parts.q,
            bbox=parts.bbox,
            near=parts.near,
        )

    def query(self) -> list[tuple[str, str]]:
        """The canonical pairs (param, value) sorted by param: equal filters give equal pairs, defaults are left out."""
        return [(param, ",".join(values)) for param, values in self._values()]

    def query_string(self) -> str:
        """`query()` as it stands behind the question mark of an address."""
        return urlencode(self.query(), safe=",")

    def active(self) -> list[tuple[str, str]]:
        """One pair (param, value) for each single condition, as a list of removable chips needs it."""
        return [(param, value) for param, values in self._values() for value in values]

    def without(self, *params: str) -> Self:
        """This filter less these parameters, each named as in the query string."""
        return self._of(parts_of((param, value) for param, value in self.query() if param not in params))

    def with_(self, param: str, values: Sequence[str]) -> Self:
        """This filter with `param` set to `values`, which replace what it held; no values remove it.

        The codes are not looked up; a malformed number or box raises BadParameters.
        """
        kept = [pair for pair in self.query() if pair[0] != param]
        return self._of(parts_of([*kept, *((param, value) for value in values)]))

    def minus(self, param: str, value: str) -> Self:
        """This filter less one of the pairs of `active()`."""
        return self.with_(param, [held for name, held in self.active() if name == param and held != value])

    def _values(self) -> list[tuple[str, tuple[str, ...]]]:
        """Every parameter that is set, with its values as texts, sorted by parameter."""
        found: dict[str, tuple[str, ...]] = {param: getattr(self, _ATTRIBUTES[param]) for param in LISTS}
        found.update(self.terms)
        for param, bounds in self.ranges:
            for end, bound in zip((LOWER, UPPER), bounds, strict=True):
                found[param + end] = () if bound is None else (number_text(bound),)
        for param, year in zip(("year_from", "year_to"), self.years, strict=True):
            found[param] = () if year is None else (f"{year:04}",)
        found["q"] = (self.q,) if self.q else ()
        found["bbox"] = (numbers_text(self.bbox),) if self.bbox else ()
        found["near"] = (numbers_text(self.near),) if self.near else ()
        return sorted((param, values) for param, values in found.items() if values)
