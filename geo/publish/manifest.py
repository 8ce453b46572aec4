"""What a snapshot says of itself: its format, its files, where each array stands in them, and its version."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from datasets.world import World

FORMAT = 6
# 5 has no texts of features; 4 repeats the names of county and chains in the text that is searched of each row besides.
READABLE = (4, 5, 6)
MANIFEST = "manifest.json"
NAMES = "_names.bin"  # the order by name spans all kinds: by itself, so that it does not change their files


def names_digest(world: World) -> str:
    """A hash of the names of all units and chains, by which features are found and shown: they are not in the arrays."""
    digest = hashlib.sha256()
    boundaries = world.boundaries
    for adcode in sorted({*boundaries.counties, *boundaries.cities}):
        digest.update(f"{adcode} {boundaries.city_of(adcode)} {boundaries.name(adcode)!r}\n".encode())
    for code, chain in sorted(world.chains.chains.items()):
        digest.update(f"{code} {chain.label!r}\n".encode())
    return digest.hexdigest()


def version_of(manifest: dict[str, Any]) -> str:
    """The version of what a manifest describes: a hash of all of it, the files' checksums included."""
    described = {name: value for name, value in manifest.items() if name != "version"}
    return hashlib.sha256(json.dumps(described, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def table_file(kind: str) -> str:
    """The file of a kind's table."""
    return f"{kind}.bin"
