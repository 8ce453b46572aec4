"""Colours as colour-blind readers see them, from the tests of the vocabularies' colours."""

import importlib.util
from pathlib import Path

_SOURCE = Path(__file__).parents[2] / "datasets" / "colour_vision.py"
_spec = importlib.util.spec_from_file_location("colour_vision_of_draw", _SOURCE)
_vision = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_vision)

VISIONS = tuple(_vision.VISIONS)


def distance(a, b, vision):
    """OKLab distance of two colours under a vision."""
    return _vision.distance(a, b, _vision.VISIONS[vision])


def lightness(colour, vision="normal"):
    """OKLab lightness, 0..1."""
    return float(_vision.oklab(colour, _vision.VISIONS[vision])[0])
