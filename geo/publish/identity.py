"""From a feature's id to its row, without a dictionary of all ids in every worker's memory."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def hashed(feature_id: str) -> int:
    """64 bits of the id."""
    return int.from_bytes(hashlib.blake2b(feature_id.encode(), digest_size=8).digest(), "little")


def hash_table(ids: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """The hashes of all ids, ascending, and the row of each."""
    hashes = np.fromiter(map(hashed, ids), np.uint64, len(ids))
    rows = np.argsort(hashes, kind="stable").astype(np.int32)
    return hashes[rows], rows


def candidates(hashes: NDArray[np.uint64], rows: NDArray[np.int32], feature_id: str) -> list[int]:
    """The rows whose id has the same hash: none, one, or once in many ages two; the caller compares the ids."""
    wanted = np.uint64(hashed(feature_id))
    first, last = np.searchsorted(hashes, wanted, side="left"), np.searchsorted(hashes, wanted, side="right")
    return [int(row) for row in rows[first:last]]
