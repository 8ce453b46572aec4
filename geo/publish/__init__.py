"""From published revisions to an immutable snapshot: columnar, memory-mapped, versioned by its content."""

from geo.publish.build import build
from geo.publish.shelf import Shelf
from geo.publish.snapshot import DamagedSnapshot, Snapshot
from geo.publish.table import Table

__all__ = ["DamagedSnapshot", "Shelf", "Snapshot", "Table", "build"]
