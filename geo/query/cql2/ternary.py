"""Truth of three values, as CQL2 (like SQL) has it: true, false, and unknown where a value is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ternary:
    """One verdict a row: where `yes` it is true, where `no` false, where neither unknown. Both are never set."""

    yes: Mask
    no: Mask

    @classmethod
    def of(cls, verdict: Mask, known: Mask | bool = True) -> Self:
        """What is true or false where it is known."""
        verdict = np.asarray(verdict, np.bool_)
        return cls(verdict & known, ~verdict & known)

    def __and__(self, other: Ternary) -> Ternary:
        return Ternary(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: Ternary) -> Ternary:
        return Ternary(self.yes | other.yes, self.no & other.no)

    def __invert__(self) -> Ternary:
        return Ternary(self.no, self.yes)

    @property
    def known(self) -> Mask:
        """Where it is not unknown."""
        return self.yes | self.no
