"""The heat's colours and its picture: a sequential ramp, pale to dark, that colour-blind readers can follow."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from geo.draw.mercator import Floats

RAMP = ("#fff3c4", "#fddc92", "#fbbf6b", "#f59a55", "#e6734f", "#cb4d57", "#a33062", "#741e63", "#45124f")
LEVELS = 255
OPACITY = 0.85
FULL_FROM = 0.25


def colour(position: float) -> str:
    """The colour at a place on the ramp (0..1) as #rrggbb."""
    return "#" + "".join(f"{int(channel):02x}" for channel in _colours(np.array([position]))[0])


def opacity(position: float) -> float:
    """How opaque the picture is there: it fades out towards 0, so the heat has no edge."""
    return round(OPACITY * min(1.0, max(0.0, position) / FULL_FROM), 3)


def png(position: Floats, veil: float = 1.0) -> bytes:
    """Places on the ramp (0..1, north up) as a palette PNG: entry 0 is transparent, 255 entries follow the ramp.

    veil: by what share all of it is as opaque as usual.
    """
    from PIL import Image

    levels = np.ceil(np.clip(position, 0, 1) * LEVELS - 0.5).astype(np.uint8)
    steps = np.arange(LEVELS + 1) / LEVELS
    image = Image.fromarray(levels).convert("L")
    image.putpalette(_colours(steps).tobytes())
    faded = bytes(round(255 * veil * opacity(step)) for step in steps.tolist())
    out = io.BytesIO()
    image.save(out, "PNG", transparency=faded, compress_level=6)
    return out.getvalue()


def _colours(position: Floats) -> NDArray[np.uint8]:
    """(n, 3) sRGB bytes."""
    stops = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in RAMP])
    at = np.linspace(0, 1, len(RAMP))
    channels = [np.interp(position, at, stops[:, channel]) for channel in range(3)]
    colours: NDArray[np.uint8] = np.rint(np.column_stack(channels)).astype(np.uint8)
    return colours
