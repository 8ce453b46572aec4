"""From published revisions to an immutable snapshot: columnar, memory-mapped, versioned by its content.

Whoever only reads needs nothing of the record; `geo.publish.follow`, which reads it, is imported by itself.
"""

from geo.publish.build import build
from geo.publish.current import Current
from geo.publish.shelf import NoSnapshot, PublishFailed, Shelf
from geo.publish.snapshot import DamagedSnapshot, Snapshot
from geo.publish.table import Table

__all__ = [
    "Current",
    "DamagedSnapshot",
    "NoSnapshot",
    "PublishFailed",
    "Shelf",
    "Snapshot",
    "Table",
    "build",
]
