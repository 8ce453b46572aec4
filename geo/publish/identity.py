"""From a feature's id to its row, without a dictionary of all ids in every worker's memory."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray


def hashed(feature_id: str) -> int:
    """64 bits of the id."""
    return int.from_bytes(hashlib.blake2b(feature_id.encode(), digest_size=8).digest(), "little")


def candidates(hashes: NDArray[np.uint64], rows: NDArray[np.int32], feature_id: str) -> list[int]:
    """The rows whose id has the same hash: none, one, or once in many ages two; the caller compares the ids."""
    wanted = np.uint64(hashed(feature_id))
    first, last = np.searchsorted(hashes, wanted, side="left"), np.searchsorted(hashes, wanted, side="right")
    return [int(row) for row in rows[first:last]]
