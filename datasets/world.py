"""All datasets that a view of the map needs, loaded once and handed around together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from datasets import boundaries, chains, gazetteer
from datasets.boundaries import Boundaries
from datasets.chains import Chains
from datasets.gazetteer import Gazetteer


@dataclass(frozen=True)
class World:
    """Counties, places and chains of one installation."""

    boundaries: Boundaries
    gazetteer: Gazetteer
    chains: Chains


def load(boundary_file: Path | None = None, chain_file: Path | None = None) -> World:
    """The world of the packaged datasets, or of the files that an operator configured.

    Raises datasets.errors.DatasetError where a file is missing or damaged.
    """
    units = boundaries.load(boundary_file)
    return World(boundaries=units, gazetteer=gazetteer.load(boundaries=units), chains=chains.load(chain_file))
