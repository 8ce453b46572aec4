"""The seven parameters of Xian 1980 or Beijing 1954 that an operator has from his surveying authority."""

from __future__ import annotations

from typing import Any

from datasets.labels import Label
from geo.crs import LocalParameters

DATUMS = ("Xian80", "Beijing54")
NUMBERS = ("dx", "dy", "dz", "rx", "ry", "rz", "k")
CONVENTIONS = ("coordinate_frame", "position_vector")


class BadParameters(ValueError):
    """A table that cannot be used; the label says what is expected."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.label = Label(zh, en)


def read(raw: Any) -> dict[str, LocalParameters]:
    """The parameters by datum out of a TOML table; raises BadParameters.

    dx, dy, dz: metres; rx, ry, rz: seconds of arc; k: ppm; convention: see geo.crs.local.
    """
    if not isinstance(raw, dict):
        raise BadParameters(
            "应为表，如 [local_parameters.Xian80]", "a table such as [local_parameters.Xian80] is expected"
        )
    return {datum: _one(datum, values) for datum, values in raw.items()}


def _one(datum: str, values: Any) -> LocalParameters:
    if datum not in DATUMS:
        known = ", ".join(DATUMS)
        raise BadParameters(f"没有基准 {datum}；可用：{known}", f"no datum {datum}; known are {known}")
    names = ", ".join(NUMBERS)
    expected = BadParameters(f"{datum} 需要数字 {names}", f"{datum} needs the numbers {names}")
    if not isinstance(values, dict) or set(values) - {*NUMBERS, "convention"} or set(NUMBERS) - set(values):
        raise expected
    if values.get("convention", CONVENTIONS[0]) not in CONVENTIONS:
        known = ", ".join(CONVENTIONS)
        raise BadParameters(f"convention 可用：{known}", f"convention is one of {known}")
    if any(isinstance(values[name], bool) or not isinstance(values[name], int | float) for name in NUMBERS):
        raise expected
    try:
        return LocalParameters(**values)
    except ValueError as error:
        raise expected from error
