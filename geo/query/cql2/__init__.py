"""Filters in CQL2 (OGC 21-065r2), parsed by the library `cql2` and evaluated on the columns of a snapshot."""

from geo.query.cql2.evaluate import KNOWN, evaluate
from geo.query.cql2.expression import Expression, read_json, read_text
from geo.query.cql2.faults import Cql2Fault, Spot
from geo.query.cql2.queryables import GEOMETRY, Queryable, queryables

__all__ = [
    "GEOMETRY",
    "KNOWN",
    "Cql2Fault",
    "Expression",
    "Queryable",
    "Spot",
    "evaluate",
    "queryables",
    "read_json",
    "read_text",
]
