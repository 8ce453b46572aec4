"""Which rows of a snapshot a filter selects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.publish import Snapshot


@dataclass(frozen=True, eq=False)
class Selection:
    """A snapshot and one boolean mask a kind, as long as the kind's table."""

    snapshot: Snapshot
    masks: Mapping[str, NDArray[np.bool_]]

    def rows(self, kind: str) -> NDArray[np.intp]:
        """The selected rows of `kind`, ascending."""
        return np.flatnonzero(self.masks[kind])

    def rows_by_id(self, kind: str) -> NDArray[np.intp]:
        """The selected rows of `kind` in the order of their ids."""
        return self.snapshot.table(kind).by_id(self.masks[kind])

    def count(self, kind: str) -> int:
        """How many features of `kind` are selected."""
        return int(np.count_nonzero(self.masks[kind]))

    @property
    def total(self) -> int:
        """How many features are selected, over all kinds."""
        return sum(self.count(kind) for kind in self.masks)
