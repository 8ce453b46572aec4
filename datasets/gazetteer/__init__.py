"""Places by name: where each lies, how exactly that is known, and from whom."""

from __future__ import annotations

from datasets.gazetteer.faults import AmbiguousPlace, GazetteerError
from datasets.gazetteer.loading import load
from datasets.gazetteer.lookup import Gazetteer
from datasets.gazetteer.places import KINDS, PRECISIONS, Located, Place, normalised

__all__ = [
    "KINDS",
    "PRECISIONS",
    "AmbiguousPlace",
    "Gazetteer",
    "GazetteerError",
    "Located",
    "Place",
    "load",
    "normalised",
]
