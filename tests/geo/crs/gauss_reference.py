"""The Gauss-Krüger projection from its definition alone, to hold the project's against.

Conformal, and true to scale along the central meridian: the northing and easting are the real and imaginary part of the
meridian's arc, continued to the complex latitude whose isometric latitude is psi(lat) + i (lon - meridian). No series.
"""

import numpy as np

GRS80 = (6378137.0, 298.257222101)
AIRY = (6377563.396, 299.3249646)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(48)


def gauss_kruger(lon, lat, meridian, ellipsoid=GRS80):
    """(easting from the meridian, northing from the equator) in metres, without false origin."""
    a, rf = ellipsoid
    e2 = (2 - 1 / rf) / rf
    phi = np.radians(lat)
    target = _isometric(phi + 0j, e2) + 1j * np.radians(lon - meridian)
    z = phi + 0j
    for _ in range(50):
        # The derivative of the isometric latitude.
        slope = (1 - e2) / ((1 - e2 * np.sin(z) ** 2) * np.cos(z))
        step = (_isometric(z, e2) - target) / slope
        z = z - step
        if abs(step) < 1e-15:
            break
    arc = _arc(z, a, e2)
    return arc.imag, arc.real


def meridian_arc(lat, ellipsoid=GRS80):
    """Metres along the meridian from the equator."""
    a, rf = ellipsoid
    return _arc(np.radians(lat) + 0j, a, (2 - 1 / rf) / rf).real


def _isometric(z, e2):
    e = np.sqrt(e2)
    return np.arctanh(np.sin(z)) - e * np.arctanh(e * np.sin(z))


def _arc(z, a, e2):
    t = z * (NODES + 1) / 2
    return a * (1 - e2) * np.sum(WEIGHTS * (1 - e2 * np.sin(t) ** 2) ** -1.5) * z / 2
