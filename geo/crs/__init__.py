"""Coordinate systems: CGCS2000 Gauss-Krüger zones, WGS-84, GCJ-02, BD-09; detection with reasons; geodesic area; 亩."""

from geo.crs.area import geodesic_area_m2, geodesic_areas_m2, hectares, mu
from geo.crs.declared import Declared, of_declared
from geo.crs.detect import Candidate, candidates
from geo.crs.faults import ContradictoryDeclaration, CrsFault, LocalParametersNeeded, OutOfDomain, UnknownSystem
from geo.crs.local import LocalParameters
from geo.crs.names import system
from geo.crs.systems import System, older_systems, systems, with_local
from geo.crs.transform import from_wgs84, to_wgs84, transform, transform_all

__all__ = [
    "Candidate",
    "ContradictoryDeclaration",
    "CrsFault",
    "Declared",
    "LocalParameters",
    "LocalParametersNeeded",
    "OutOfDomain",
    "System",
    "UnknownSystem",
    "candidates",
    "from_wgs84",
    "geodesic_area_m2",
    "geodesic_areas_m2",
    "hectares",
    "mu",
    "of_declared",
    "older_systems",
    "system",
    "systems",
    "to_wgs84",
    "transform",
    "transform_all",
    "with_local",
]
