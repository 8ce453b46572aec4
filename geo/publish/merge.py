"""A table out of another: rows taken out, rows put in, all else copied. A whole build puts all rows into an empty one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.model import Feature
from geo.publish.arrays import ArrayFileWriter
from geo.publish.identity import hashed
from geo.publish.index import levels_over
from geo.publish.layout import BRANCHES, Stored, layout, storages
from geo.publish.pile import Pile, Source
from geo.publish.plan import BLOCK, Branching, Pair, Piece, Recoded, plan_of
from geo.publish.weave import Numbers, along_ids, along_rows, woven

Pieces = Callable[[], Iterable[Piece]]


class Merge:
    """The rows of `standing` but for those at `gone`, and the rows of `coming` (whose ids are given), as one table."""

    def __init__(self, kind: type[Feature], standing: Source, gone: Numbers, coming: Pile, ids: Sequence[str]) -> None:
        self._kind, self._standing, self._coming, self._ids = kind, standing, coming, ids
        before = len(standing.array("year"))
        self._before, rows = before, before + len(ids)
        self._gone = np.zeros(rows, np.bool_)
        self._gone[gone] = True
        fresh, at = along_rows(standing, coming.array("bbox"), ids)
        self._order = woven(np.arange(before), at, fresh + before, self._gone)
        self.place = np.full(rows, -1, np.int64)
        self.place[self._order] = np.arange(len(self._order))

    def write(self, path: Path, numbers: Mapping[str, NDArray[np.int32]]) -> dict[str, Any]:
        """Write the table to `path`; its entry in the manifest. numbers: those of the names, by language."""
        pieces = plan_of(self._order, self._before)
        columns: dict[str, Any] = {name: {"storage": storage.value} for name, storage in storages(self._kind).items()}
        with ArrayFileWriter(path) as out:
            for each in layout(self._kind):
                terms = self._write(out, each, pieces)
                if each.coded:
                    columns[each.name]["terms"] = terms
            boxes = out.written("bbox")
            located = len(boxes) - int(np.count_nonzero(np.isnan(boxes[:, 0])))
            out.add("girth", _girth(boxes))
            out.add_pieces("shape.first", np.int64, (len(self._order) + 1,), _firsts(out))
            levels = levels_over(boxes[:located])
            for number, level in enumerate(levels):
                out.add(f"index.{number}", level)
            self._write_ids(out)
            for lang, own in numbers.items():
                out.add(f"name.number.{lang}", own)
            entry = {"rows": len(self._order), "located": located, "levels": len(levels), "columns": columns}
            return entry | out.finish()

    def _write(self, out: ArrayFileWriter, each: Stored, plan: list[Piece]) -> list[str]:
        """One array with its offsets; the terms of its dictionary."""
        pieces: Pieces = lambda: plan  # noqa: E731 - grows with every level
        entries = len(self._order)
        levels = []
        for name in each.offsets:
            branching = Branching(self._standing.array(name), self._coming.array(name))
            total = branching.total(pieces())
            dtype = np.int32 if total <= np.iinfo(np.int32).max else np.int64
            if name not in out:
                out.add_pieces(name, dtype, (entries + 1,), branching.offsets(pieces()))
            levels.append(branching)
            pieces, entries = _below(branching, pieces), total
        first, second = self._standing.array(each.name), self._coming.array(each.name)
        pair, terms = Pair(first, second), list[str]()
        if each.coded:
            used = np.bincount(first[first >= 0], minlength=1)
            old, new = self._standing.terms(each.name), self._coming.terms(each.name)
            left = self._taken(levels, first)
            used[: len(old)] -= np.bincount(left[left >= 0], minlength=len(used))[: len(old)]
            terms = sorted({old[code] for code in np.flatnonzero(used[: len(old)]).tolist()}.union(new))
            code_of = {term: code for code, term in enumerate(terms)}
            pair = Recoded(first, second, _codes(old, code_of), _codes(new, code_of))
        out.add_pieces(each.name, each.dtype, each.shape(entries), map(pair.take, pieces()))
        return terms

    def _taken(self, levels: list[Branching], codes: NDArray[Any]) -> NDArray[Any]:
        """The codes of the rows that go."""
        pieces: Iterable[Piece] = [np.flatnonzero(self._gone)]
        for branching in levels:
            pieces = branching.below(pieces)
        return np.concatenate([codes[:0], *(codes[piece] for piece in pieces)])

    def _write_ids(self, out: ArrayFileWriter) -> None:
        """Where to find an id, and the order by id."""
        standing, before = self._standing, self._before
        hashes = np.fromiter(map(hashed, self._ids), np.uint64, len(self._ids))
        coming = np.argsort(hashes, kind="stable")
        at = np.searchsorted(standing.array("id.hashes"), hashes[coming])
        order = woven(standing.array("id.rows"), at, coming + before, self._gone)
        of_rows = np.empty(len(self._gone), np.uint64)
        of_rows[standing.array("id.rows")] = standing.array("id.hashes")
        of_rows[before:] = hashes
        sorted_hashes, rows = of_rows[order], self.place[order]
        if (sorted_hashes[1:] == sorted_hashes[:-1]).any():
            again = np.lexsort((rows, sorted_hashes))
            sorted_hashes, rows = sorted_hashes[again], rows[again]
        out.add("id.hashes", sorted_hashes)
        out.add("id.rows", rows.astype(np.int32))
        fresh, places = along_ids(standing, self._ids)
        order = woven(standing.array("id.order"), places, fresh + before, self._gone)
        by_id = self.place[order].astype(np.int32)
        rank = np.empty_like(by_id)
        rank[by_id] = np.arange(len(by_id))
        out.add("id.order", by_id)
        out.add("id.rank", rank)


def _below(branching: Branching, pieces: Pieces) -> Pieces:
    return lambda: branching.below(pieces())


def _codes(terms: Sequence[str], code_of: Mapping[str, int]) -> NDArray[np.int32]:
    """The new code of each old one, and -1 at the end: code -1 finds it there."""
    return np.fromiter(chain((code_of.get(term, -1) for term in terms), [-1]), np.int32, len(terms) + 1)


def _firsts(out: ArrayFileWriter) -> Iterator[NDArray[np.int64]]:
    """The first vertex of each row, and one behind the last."""
    parts, rings, vertices = (out.written(f"shape.{name}") for name in BRANCHES)
    for at in range(0, len(parts), BLOCK):
        yield vertices[rings[parts[at : at + BLOCK]]].astype(np.int64)


def _girth(boxes: NDArray[np.float64]) -> NDArray[np.float32]:
    """Width and height of boxes in degrees of latitude, 0 of none."""
    west, south, east, north = boxes.T
    girth = (east - west) * np.cos(np.radians((south + north) / 2)) + (north - south)
    held: NDArray[np.float32] = np.nan_to_num(girth).astype(np.float32)
    return held
