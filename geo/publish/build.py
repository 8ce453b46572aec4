"""Write a snapshot folder out of features."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from datasets.world import World
from geo.model import Feature, Kinds
from geo.publish.order import name_ranks
from geo.publish.table_maker import TableMaker

FORMAT = 2
MANIFEST = "manifest.json"
PIECE = 8192  # features of a kind that are turned into arrays together: never all at once


def build(features: Iterable[Feature], kinds: Kinds, world: World, folder: Path) -> str:
    """Write the snapshot of `features` into the empty `folder`; its version (hex, from the content alone).

    The order of `features` does not matter. Each kind's rows stand along a Hilbert curve by the middle of their
    boxes, and after them, by id, those without a geometry.
    """
    makers = {kind.kind: TableMaker(kind, world) for kind in kinds}
    pieces: dict[str, list[Feature]] = {name: [] for name in makers}
    for feature in features:
        piece = pieces[feature.kind]
        piece.append(feature)
        if len(piece) == PIECE:
            makers[feature.kind].add(piece)
            piece.clear()
    for name, piece in pieces.items():
        makers[name].add(piece)
    ids = {name: maker.ids for name, maker in makers.items()}
    ranks = name_ranks({name: maker.names for name, maker in makers.items()}, ids)
    ranks_en = name_ranks({name: maker.names_en for name, maker in makers.items()}, ids)
    tables = {name: maker.write(folder / f"{name}.bin", ranks[name], ranks_en[name]) for name, maker in makers.items()}
    manifest: dict[str, Any] = {"format": FORMAT, "tables": tables}
    manifest["version"] = version_of(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return str(manifest["version"])


def version_of(manifest: dict[str, Any]) -> str:
    """The version of what a manifest describes: a hash of all of it, the files' checksums included."""
    described = {name: value for name, value in manifest.items() if name != "version"}
    return hashlib.sha256(json.dumps(described, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]
