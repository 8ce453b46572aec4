"""ONE filter: parsed in one place, meaning the same for map, list, counts, API, exports and embeds."""

from geo.query.choices import choices
from geo.query.facets import Facets, facets
from geo.query.faults import BadParameter, BadParameters
from geo.query.filter import Filter
from geo.query.match import select
from geo.query.page import Page, page, sort_keys
from geo.query.parameters import DeclarationError, Parameters, parameters
from geo.query.selection import Selection
from geo.query.values import Box, Near

__all__ = [
    "BadParameter",
    "BadParameters",
    "Box",
    "DeclarationError",
    "Facets",
    "Filter",
    "Near",
    "Page",
    "Parameters",
    "Selection",
    "choices",
    "facets",
    "page",
    "parameters",
    "select",
    "sort_keys",
]
