"""Vector tiles (Mapbox Vector Tile 2.1), encoded from a snapshot's arrays."""

from geo.draw.mvt.grid import EXTENT, MAX_ZOOM
from geo.draw.mvt.layer import Layer, Tile

__all__ = ["EXTENT", "MAX_ZOOM", "Layer", "Tile"]
