"""Colour as colour-blind readers see it, for the tests of palettes.

Simulation: Machado, Oliveira & Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision
Deficiency", severity 1.0, applied to linear sRGB. Distance: OKLab (Ottosson 2020), where 0.02 is about the
smallest difference that a careful reader sees side by side.
"""

import numpy as np

NORMAL = np.eye(3)
PROTANOPIA = np.array(
    [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]
)
DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
TRITANOPIA = np.array(
    [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ]
)
VISIONS = {
    "normal": NORMAL,
    "protanopia": PROTANOPIA,
    "deuteranopia": DEUTERANOPIA,
    "tritanopia": TRITANOPIA,
}

_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour):
    """Linear sRGB in 0..1 of `#rrggbb`."""
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def oklab(colour, vision=NORMAL):
    """OKLab of `#rrggbb` as a reader with `vision` sees it."""
    seen = np.clip(vision @ linear(colour), 0, 1)
    return _LAB @ np.cbrt(_LMS @ seen)


def distance(a, b, vision=NORMAL):
    """OKLab distance of two colours under `vision`."""
    return float(np.linalg.norm(oklab(a, vision) - oklab(b, vision)))


def closest(colours, vision=NORMAL):
    """The smallest distance in a set of colours, and the pair that has it."""
    return min((distance(a, b, vision), a, b) for i, a in enumerate(colours) for b in colours[i + 1 :])
