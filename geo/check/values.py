"""The columns of a file → the stored values of a kind's fields, column by column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from datasets.world import World
from geo.check.aliases import Mapped, Source
from geo.check.cells import Cell, Read, factor_of, is_blank, reader
from geo.check.spot import Spot, error
from geo.model import Feature, Field, fields_of
from geo.model.fields import Area, Money, Number, Text, Whole
from geo.read.quantities import parsed

Attributes = Sequence[Mapping[str, object]]


@dataclass(eq=False)
class Values:
    """The stored values of all rows. columns: field → one value a row, for every field of the kind. mapped: the fields that the
    file has columns for. spots: what is odd about cells. areas: row → its area as declared, on demand. others: (row, field) →
    codes that the cell may mean. bare: headings of figures without a unit."""

    columns: dict[str, list[Any]]
    mapped: Mapped
    spots: list[tuple[int, Spot]] = field(default_factory=list)
    area_of: Callable[[int], Cell] | None = None
    others: dict[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)
    bare: dict[str, str] = field(default_factory=dict)

    def unreadable(self) -> dict[int, set[str]]:
        """Rows and fields whose fault is told already."""
        found: dict[int, set[str]] = {}
        for row, spot in self.spots:
            if spot.field:
                found.setdefault(row, set()).add(spot.field)
        return found


def values_of(rows: Attributes, kind: type[Feature], world: World, mapped: Mapped, tell: Callable[[], None]) -> Values:
    """The values of the rows' columns; fields without a column are empty."""
    declared = fields_of(kind)
    found = Values({}, mapped)
    # The currency first: a cell of an amount may name it where the currency's own column is empty.
    for name, spec in sorted(declared.items(), key=lambda item: item[0] != "currency"):
        sources = mapped.sources.get(name, ())
        if not sources:
            found.columns[name] = [spec.empty()] * len(rows)
            continue
        tell()
        raws = _raws(rows, sources)
        read = reader(name, spec, world, sources[0].unit, sources[0].own)
        quick = _fast(raws, spec, sources)
        found.columns[name] = _each(raws, name, spec, read, found, sources) if quick is None else quick
        if quick is not None and isinstance(spec, Area | Money) and not (sources[0].own or sources[0].unit):
            found.bare[name] = sources[0].heading
        if name == "area_m2":
            found.area_of = lambda row, raws=raws, read=read: read(raws[row])
    if "far_max" in declared and mapped.far:
        _far(rows, mapped.far[0], found)
    return found


def _raws(rows: Attributes, sources: Sequence[Source]) -> list[object]:
    """The first filled cell of a field's columns in each row."""
    first = [row.get(sources[0].heading) for row in rows]
    for source in sources[1:]:
        for number, raw in enumerate(first):
            if is_blank(raw):
                first[number] = rows[number].get(source.heading)
    return first


def _fast(raws: list[object], spec: Field, sources: Sequence[Source]) -> list[Any] | None:
    """Columns of plain numbers or texts at once; None where a cell needs a closer look."""
    if len(sources) > 1:
        return None
    if isinstance(spec, Text) and all(type(raw) is str for raw in raws):
        texts = [raw.strip() for raw in raws]  # type: ignore[attr-defined]
        guarded = any(text.startswith("'") for text in texts)
        return None if guarded or max(map(len, texts), default=0) > spec.max_length else texts
    if isinstance(spec, Number) and {type(raw) for raw in raws} <= {float, int, type(None)}:
        return _numbers(raws, spec, sources[0])
    return None


def _numbers(raws: list[object], spec: Number, source: Source) -> list[Any] | None:
    factor = factor_of(source.unit, spec, source.own)
    numbers = np.array(raws, dtype=float) * factor
    said = numbers[~np.isnan(numbers)]
    low = -np.inf if spec.minimum is None else spec.minimum
    high = np.inf if spec.maximum is None else spec.maximum
    if not (np.isfinite(said).all() and (said >= low).all() and (said <= high).all()):
        return None
    if isinstance(spec, Whole) and (said % 1).any():
        return None
    # What was multiplied loses the noise of that; what was not stays to the last digit.
    values = (numbers if factor == 1 else np.round(numbers, 9)).tolist()
    return values if len(said) == len(values) else [None if value != value else value for value in values]  # noqa: PLR0124


def _each(
    raws: list[object], name: str, spec: Field, read: Read, found: Values, sources: Sequence[Source]
) -> list[Any]:
    cache: dict[tuple[type, object], Cell] = {}
    values = []
    for row, raw in enumerate(raws):
        if is_blank(raw):
            values.append(spec.empty())
            continue
        key = (type(raw), raw)
        try:
            cell = cache.get(key)
        except TypeError:  # a list or mapping, as JSON may hold
            cell = read(raw)
        else:
            if cell is None:
                cell = cache[key] = read(raw)
        values.append(cell.value)
        if cell.spots:
            found.spots.extend((row, spot) for spot in cell.spots)
        if cell.others:
            found.others[row, name] = cell.others
        if cell.bare:
            found.bare[name] = sources[0].heading
        if cell.currency and "currency" in found.columns and not found.columns["currency"][row]:
            found.columns["currency"][row] = cell.currency
    return values


def _far(rows: Attributes, heading: str, found: Values) -> None:
    """One column of both bounds: "1.0-2.5", "≥1.2", "≤3"; a bare figure is the upper one."""
    low, high = list(found.columns["far_min"]), list(found.columns["far_max"])
    for row, attributes in enumerate(rows):
        raw = attributes.get(heading)
        said = None if is_blank(raw) else parsed(raw, "ratio")
        if said is None:
            continue
        if said.value is None and said.low is None and said.high is None:
            zh, en = f"容积率“{raw}”不是明确的数值", f"the floor area ratio '{raw}' is no clear figure"
            found.spots.append((row, error("unreadable-value", zh, en, field="far_max")))
            continue
        bounded = said.low is not None or said.high is not None
        low[row] = said.low if low[row] is None else low[row]
        high[row] = (said.high if bounded else said.value) if high[row] is None else high[row]
    found.columns["far_min"], found.columns["far_max"] = low, high
