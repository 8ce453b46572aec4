"""A picture of a view: map, legend, scale, date and sources as one SVG that needs no font of its reader, and as PNG."""

from geo.draw.picture.compose import Look, draw
from geo.draw.picture.raster import png
from geo.draw.picture.typeface import FontMissing, Typeface
from geo.draw.picture.words import Words

__all__ = ["FontMissing", "Look", "Typeface", "Words", "draw", "png"]
