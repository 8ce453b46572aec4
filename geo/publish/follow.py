"""From the record to the public: the snapshot of what is published now, made out of the last one where that is sure."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from datasets.world import World
from geo.model import Feature, Kinds
from geo.publish.basis import Basis, basis_of, made_with
from geo.publish.build import build, rebuild
from geo.publish.shelf import NoSnapshot, Shelf
from geo.publish.snapshot import DamagedSnapshot, Snapshot
from geo.store import Store
from geo.store.changes import PublicView, public_view

MOST = 0.25  # of all features: where more have changed, building whole is no slower
FEW = 1000  # so many are never too many

log = logging.getLogger(__name__)


def follow(shelf: Shelf, store: Store, kinds: Kinds, world: World, today: str | None = None) -> str:
    """Publish what `store` says the public sees `today` (ISO, the server's local day by default); the version.

    Only what has changed since the current snapshot is read and made anew; the rest is copied from it. In any doubt
    (another record, other software or datasets, a damaged snapshot, a number of features that does not agree) everything is
    built anew. Raises PublishFailed, StoreUnreachable.
    """
    made_of = made_with(kinds, world)
    with shelf.alone(), public_view(store.engine, kinds, today) as view:
        basis = Basis(view.mark, made_of)
        if (version := _out_of_the_last(shelf, view, basis, kinds, world)) is not None:
            return version
        return shelf.install(lambda scratch: build(view.features(), kinds, world, scratch), basis)


def is_behind(shelf: Shelf, store: Store, kinds: Kinds, today: str | None = None) -> bool:
    """Whether the public may see something else `today` than the current snapshot shows."""
    try:
        basis = basis_of(shelf.folder / shelf.current_version())
    except NoSnapshot:
        return True
    if basis is None:
        return True
    with public_view(store.engine, kinds, today) as view:
        return view.changed_since(basis.mark) != set()


def _out_of_the_last(shelf: Shelf, view: PublicView, basis: Basis, kinds: Kinds, world: World) -> str | None:
    """The version made out of the current snapshot; None where that is not sure."""
    base = _last(shelf)
    before = basis_of(base.folder) if base else None
    if base is None or before is None or before.made_with != basis.made_with:
        return None
    changed = view.changed_since(before.mark)
    rows = sum(base.table(kind).rows for kind in base.kinds)
    if changed is None or len(changed) > max(FEW, MOST * rows):
        return None
    kept = rows - sum(len(base.table(kind).rows_of(changed)) for kind in base.kinds)
    expected = view.count() - kept
    if not changed and expected == 0:
        shelf.keep(base.version, basis)
        return base.version

    def make(scratch: Path) -> str:
        features = _Counted(view.some(changed))
        version = rebuild(base, changed, features, kinds, world, scratch)
        if features.passed != expected:
            raise _Disagreement(f"{features.passed} of {len(changed)} changed features are seen, not {expected}")
        return version

    try:
        return shelf.install(make, basis)
    except _Disagreement as difference:
        log.warning("snapshot %s and the record disagree (%s): all is built anew", base.version, difference)
        return None


class _Disagreement(RuntimeError):
    """The record holds another number of features than base and changes make."""


class _Counted:
    """Features as they pass by."""

    def __init__(self, features: Iterator[Feature]) -> None:
        self._features = features
        self.passed = 0

    def __iter__(self) -> Iterator[Feature]:
        for feature in self._features:
            self.passed += 1
            yield feature


def _last(shelf: Shelf) -> Snapshot | None:
    """The snapshot to start from, verified."""
    try:
        return shelf.open()
    except (NoSnapshot, DamagedSnapshot):
        return None
