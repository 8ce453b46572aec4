"""What a snapshot was made of, kept beside its manifest: it says whether the next one can be made out of it."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np
import shapely

import geo.model
from datasets.world import World
from geo.model import Kinds, fields_of
from geo.publish.manifest import FORMAT, names_digest
from geo.store.changes import Mark

BASIS = "basis.json"


@dataclass(frozen=True)
class Basis:
    """The moment of the record, and a hash of everything else that goes into the arrays (`made_with`)."""

    mark: Mark
    made_with: str

    def write(self, folder: Path) -> None:
        """Put it into a snapshot's folder in place of what is there."""
        said = asdict(self)
        scratch = folder / f".{BASIS}"
        scratch.write_text(json.dumps({"basis": said, "sha256": _hash(said)}), encoding="utf-8")
        scratch.replace(folder / BASIS)


def basis_of(folder: Path) -> Basis | None:
    """The basis of a snapshot; None where it has none, or one that cannot be trusted."""
    try:
        found = json.loads((folder / BASIS).read_text(encoding="utf-8"))
        said = found["basis"]
        if found["sha256"] != _hash(said):
            return None
        return Basis(Mark(**said["mark"]), str(said["made_with"]))
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def made_with(kinds: Kinds, world: World) -> str:
    """A hash of what the arrays depend on besides the record: the software, the declarations, the names of units and chains.

    Where it differs from that of a snapshot, rows of that snapshot may look different if they were made now.
    """
    digest = hashlib.sha256(
        f"{FORMAT} {sys.version} {np.__version__} {shapely.__version__} {shapely.geos_version}".encode()
    )
    digest.update(SOFTWARE)
    for kind in kinds:
        digest.update(kind.kind.encode() + _source(getattr(sys.modules.get(kind.__module__), "__file__", None)))
        for name, field in fields_of(kind).items():
            digest.update(f"{name} {type(field).__qualname__} {field.storage} {field!r}".encode())
    digest.update(names_digest(world).encode())
    return digest.hexdigest()


def _hash(said: object) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@cache
def _source(path: str | None) -> bytes:
    return hashlib.sha256(Path(path).read_bytes() if path else b"").digest()


# Read at the start: later the files may be those of a newer version than the one that runs.
SOFTWARE = b"".join(
    _source(str(path))
    for folder in (Path(geo.model.__file__).parent, Path(__file__).parent)
    for path in sorted(folder.rglob("*.py"))
)
