"""Write a snapshot folder: out of all features, or out of another snapshot and the few that have changed since."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from datasets.world import World
from geo.model import Feature, Kinds
from geo.publish.arrays import ArrayFileWriter
from geo.publish.layout import layout
from geo.publish.manifest import FORMAT, MANIFEST, NAMES, names_digest, table_file, version_of
from geo.publish.merge import Merge
from geo.publish.names import LANGUAGES, Coming, NameOrder, Part, rank_name
from geo.publish.pile import Pile, Source
from geo.publish.snapshot import Snapshot
from geo.publish.table_maker import TableMaker
from geo.publish.weave import Numbers

PIECE = 8192  # features of a kind that are turned into arrays together: never all at once
SHARED = 64 << 20  # bytes from which an unchanged file is shared with the last version rather than copied


def build(features: Iterable[Feature], kinds: Kinds, world: World, folder: Path) -> str:
    """Write the snapshot of `features` into the empty `folder`; its version (hex, from the content alone).

    The order of `features` does not matter. Each kind's rows stand along a Hilbert curve by the middle of their
    boxes, and after them, by id, those without a geometry.
    """
    return _write(None, _collected(features, kinds, world, folder), (), kinds, world, folder)


def rebuild(
    base: Snapshot, changed: Collection[str], features: Iterable[Feature], kinds: Kinds, world: World, folder: Path
) -> str:
    """Write into the empty `folder` the snapshot that `base` becomes when every feature of `changed` (ids) is what
    `features` now say of it, or gone where they say nothing; its version.

    The files are, byte for byte, those of a `build` of the same content. `base` must be sound and of these kinds and
    this world.
    """
    return _write(base, _collected(features, kinds, world, folder), changed, kinds, world, folder)


def _collected(features: Iterable[Feature], kinds: Kinds, world: World, folder: Path) -> dict[str, TableMaker]:
    makers = {kind.kind: TableMaker(kind, world, folder) for kind in kinds}
    pieces: dict[str, list[Feature]] = {name: [] for name in makers}
    for feature in features:
        piece = pieces[feature.kind]
        piece.append(feature)
        if len(piece) == PIECE:
            makers[feature.kind].add(piece)
            piece.clear()
    for name, piece in pieces.items():
        makers[name].add(piece)
    return makers


def _write(
    base: Snapshot | None,
    makers: dict[str, TableMaker],
    changed: Collection[str],
    kinds: Kinds,
    world: World,
    folder: Path,
) -> str:
    merges: dict[str, Merge] = {}
    parts = []
    for kind in kinds:
        name, maker = kind.kind, makers[kind.kind]
        standing: Source = base.source(name) if base else Pile(layout(kind), folder)
        gone = base.table(name).rows_of(changed) if base else np.empty(0, np.intp)
        rows = len(standing.array("year"))
        place: Numbers = np.arange(rows)
        if base is None or len(gone) or maker.ids:
            merges[name] = Merge(kind, standing, gone, maker.pile, maker.ids)
            place = merges[name].place
        parts.append(
            Part(name, standing, maker.coming if name in merges else Coming((), dict.fromkeys(LANGUAGES, ())), place)
        )
    orders = {lang: NameOrder(parts, base.names if base else None, lang) for lang in LANGUAGES}
    tables = {}
    for number, part in enumerate(parts):
        path = folder / table_file(part.kind)
        if part.kind in merges:
            numbers = {lang: order.numbers(number) for lang, order in orders.items()}
            tables[part.kind] = merges.pop(part.kind).write(path, numbers)
        elif base:
            tables[part.kind] = base.entry(part.kind)
            _same_file(base.folder / path.name, path)
    with ArrayFileWriter(folder / NAMES) as out:
        for number, part in enumerate(parts):
            for lang, order in orders.items():
                out.add(rank_name(part.kind, lang), order.ranks(number))
        names = out.finish()
    manifest: dict[str, Any] = {"format": FORMAT, "tables": tables, "names": names, "named": names_digest(world)}
    manifest["version"] = version_of(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return str(manifest["version"])


def _same_file(old: Path, new: Path) -> None:
    """A small file is copied, so that no damage meets two versions; a large one is shared, as are its pages in memory."""
    if old.stat().st_size >= SHARED:
        try:
            os.link(old, new)
        except OSError:  # a file system without links
            pass
        else:
            return
    shutil.copyfile(old, new)
