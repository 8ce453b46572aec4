"""Which rows of a snapshot a filter selects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray

from geo.publish import Snapshot

Mask = NDArray[np.bool_]
Listed = NDArray[np.intp]
At = slice | Listed
PIECE = 1 << 16  # rows looked at together: what is worked out of them stays in the processor's cache


class Rows:
    """Some rows of a table, kept as a list where they are few and as a mask where they are many.

    What is not kept is made each time that it is asked for, so that a selection never takes more than a byte a row.
    """

    def __init__(self, rows: int, *, mask: Mask | None = None, listed: Listed | None = None) -> None:
        """rows: of the whole table. Without mask and list all of them; listed: ascending."""
        self._rows = rows
        self.count = rows
        self._mask: Mask | None = None
        self._listed: Listed | None = None
        if listed is not None:
            self.count = len(listed)
            if listed.nbytes < rows:
                self._listed = listed
            else:
                self._mask = np.zeros(rows, np.bool_)
                self._mask[listed] = True
        elif mask is not None:
            self.count = int(np.count_nonzero(mask))
            if self.count * np.dtype(np.intp).itemsize < rows:
                self._listed = np.flatnonzero(mask)
            else:
                self._mask = mask

    @classmethod
    def none(cls, rows: int) -> Self:
        """Not one."""
        return cls(rows, listed=np.empty(0, np.intp))

    @property
    def mask(self) -> Mask:
        """One entry a row of the table."""
        if self._mask is not None:
            return self._mask
        mask = np.full(self._rows, self._listed is None, np.bool_)
        if self._listed is not None:
            mask[self._listed] = True
        return mask

    @property
    def listed(self) -> Listed:
        """The rows' numbers, ascending."""
        if self._listed is not None:
            return self._listed
        return np.arange(self._rows) if self._mask is None else np.flatnonzero(self._mask)

    def among(self, listed: Listed) -> Rows:
        """Those of them that `listed` (ascending, each once) names too."""
        if self._mask is not None:
            listed = listed[self._mask[listed]]
        elif self._listed is not None:
            listed = np.intersect1d(self._listed, listed, assume_unique=True)
        return Rows(self._rows, listed=listed)

    def both(self, others: Rows) -> Rows:
        """Those of them that are among the others too."""
        few, mask = others._listed, others._mask
        if few is not None:
            return self.among(few)
        return self if mask is None else self.where(mask)

    def where(self, mask: Mask) -> Rows:
        """Those of them whose entry in `mask`, one a row of the table, is true."""
        if self._listed is not None:
            return Rows(self._rows, listed=self._listed[mask[self._listed]])
        return Rows(self._rows, mask=mask if self._mask is None else self._mask & mask)

    @property
    def nbytes(self) -> int:
        """The bytes that they take."""
        return sum(kept.nbytes for kept in (self._mask, self._listed) if kept is not None)

    def pieces(self, first: int = 0) -> Iterator[At]:
        """The rows from the number `first` on, some at a time: runs of them where all are chosen, lists otherwise."""
        if self._listed is not None:
            chosen = self._listed[np.searchsorted(self._listed, first) :]
            for start in range(0, len(chosen), PIECE):
                yield chosen[start : start + PIECE]
            return
        for start in range(first, self._rows, PIECE):
            stop = min(start + PIECE, self._rows)
            if self._mask is None:
                yield slice(start, stop)
            elif len(own := np.flatnonzero(self._mask[start:stop])):
                yield start + own

    @property
    def few(self) -> Listed | None:
        """The rows' numbers where they are kept as a list: then what is done for each of them costs little."""
        return self._listed

    @property
    def all(self) -> bool:
        """Whether it is the whole table."""
        return self.count == self._rows


class Selection:
    """A snapshot and the selected rows of some of its kinds."""

    def __init__(self, snapshot: Snapshot, masks: Mapping[str, Mask | Rows]) -> None:
        """masks: by kind one entry a row of its table, or the rows; they are looked up when they are first needed."""
        self.snapshot = snapshot
        self._given = masks
        self._found: dict[str, Rows] = {}

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are selected from."""
        return tuple(self._given)

    @property
    def masks(self) -> Mapping[str, Mask]:
        """By kind a boolean mask as long as the kind's table, made when it is looked up."""
        return _Masks(self)

    def chosen(self, kind: str) -> Rows:
        """The selected rows of `kind`; KeyError for a kind that is not selected from."""
        if kind not in self._found:
            given = self._given[kind]
            self._found[kind] = given if isinstance(given, Rows) else Rows(len(given), mask=given)
        return self._found[kind]

    def rows(self, kind: str) -> Listed:
        """The selected rows of `kind`, ascending."""
        return self.chosen(kind).listed

    def rows_by_id(self, kind: str) -> Listed:
        """The selected rows of `kind` in the order of their ids."""
        few, table = self.chosen(kind).few, self.snapshot.table(kind)
        return table.by_id(self.masks[kind]) if few is None else few[np.argsort(table.id_rank[few])]

    def count(self, kind: str) -> int:
        """How many features of `kind` are selected."""
        return self.chosen(kind).count

    @property
    def total(self) -> int:
        """How many features are selected, over all kinds."""
        return sum(self.count(kind) for kind in self._given)

    @property
    def most_bytes(self) -> int:
        """The bytes that the selection may come to take."""
        return sum(self.snapshot.table(kind).rows for kind in self._given if kind in self.snapshot.kinds)


class _Masks(Mapping[str, Mask]):
    """The masks of a selection."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection

    def __getitem__(self, kind: str) -> Mask:
        return self._selection.chosen(kind).mask

    def __iter__(self) -> Iterator[str]:
        return iter(self._selection.kinds)

    def __len__(self) -> int:
        return len(self._selection.kinds)
