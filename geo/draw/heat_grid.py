"""The equal-area grid on which investment is spread, and its view as a Web-Mercator picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates  # type: ignore[attr-defined]

from datasets.boundaries import Boundaries
from datasets.boundaries.units import Area
from geo.draw import mercator
from geo.draw.mercator import Box, Floats

CELL_M = 1000.0
EXACT_SIGMA_M = 5000.0
PLACE_SIGMA_M = 8000.0
REACH = 4.0  # sigmas after which the kernel is cut: what lies beyond is under 0.04 % and is scaled away
EARTH_M = 40_075_016.686  # the equator, the width of the Web-Mercator map


@dataclass(frozen=True, eq=False)
class Pixels:
    """The picture's pixels on the Web-Mercator square (0..1): `shape` rows and columns, the north-western corner, the
    width of one, and the grid whose values they show."""

    shape: tuple[int, int]
    west: float
    north: float
    size: float
    grid: HeatGrid

    def places(self, columns: NDArray[np.intp], row: int) -> tuple[Floats, Floats]:
        """Line and column on the grid of the centres of pixels of one row, which may lie beyond the picture."""
        x: Floats = (self.west + (columns + 0.5) * self.size).astype(np.float64)
        y = np.full(len(columns), self.north + (row + 0.5) * self.size, np.float64)
        column, line = self.grid.cell_of(np.column_stack(mercator.degrees(x, y)))
        return line, column


@dataclass(frozen=True, eq=False)
class Picture:
    """A raster on Web-Mercator pixels, north up; bounds (west, south, east, north) are those of its outer edges."""

    values: Floats
    bounds: Box


class HeatGrid:
    """Square cells of an equal-area projection over all counties, with room for the kernel around them.

    Albers' conic with its standard parallels a sixth of the extent from its edges, so a cell is the same number of
    square metres everywhere. Built once: it depends on the boundaries alone.
    """

    def __init__(self, boundaries: Boundaries, cell_m: float = CELL_M) -> None:
        self.cell_m = cell_m
        self.codes = tuple(boundaries.counties)
        shapes = [county.geometry for county in boundaries.counties.values()]
        self._project = _albers(shapely.total_bounds(shapes))
        flat = [shapely.transform(shape, self._forward) for shape in shapes]
        west, south, east, north = shapely.total_bounds(flat)
        margin = REACH * PLACE_SIGMA_M + 2 * cell_m
        self._origin = (west - margin, south - margin)
        self.shape = (
            int(np.ceil((north - south + 2 * margin) / cell_m)),
            int(np.ceil((east - west + 2 * margin) / cell_m)),
        )
        self.county = self._rasterised(flat)
        self._cells = np.bincount(self.county[self.county >= 0], minlength=len(self.codes))
        number = {code: at for at, code in enumerate(self.codes)}
        self._members = {code: [at] for code, at in number.items()}
        for code, city in boundaries.cities.items():
            self._members.setdefault(code, [number[county] for county in city.counties])
        self._pixels, self._bounds = self._mercator_pixels(shapely.total_bounds(shapes))

    @property
    def cell_km2(self) -> float:
        """The area of a cell."""
        return (self.cell_m / 1000) ** 2

    @property
    def members(self) -> dict[str, list[int]]:
        """The counties (places in `codes`) of each county or city, by adcode."""
        return dict(self._members)

    @property
    def pixels(self) -> Pixels:
        """The pixels of the whole picture, before it is cut to what is not 0."""
        rows, columns = self._pixels.shape[1:]
        return Pixels((rows, columns), *self._bounds, self)

    def holds(self, lon_lat: Floats) -> NDArray[np.bool_]:
        """Which points, (n, 2) WGS-84, lie so that their whole kernel is on the grid; False for NaN."""
        return self._with_room(*self.cell_of(lon_lat))

    def empty(self) -> Floats:
        """A grid with nothing on it."""
        return np.zeros(self.shape)

    def add(self, amounts: Floats, lon_lat: Floats, amount: Floats) -> NDArray[np.bool_]:
        """Put amounts at points, as `points` does, upon a grid; which of them it `holds`, the others are left out."""
        column, line = self.cell_of(lon_lat)
        held = self._with_room(column, line)
        if held.any():
            self._share(amounts, column[held], line[held], amount[held])
        return held

    def _with_room(self, column: Floats, line: Floats) -> NDArray[np.bool_]:
        edge = REACH * PLACE_SIGMA_M / self.cell_m + 1
        rows, columns = self.shape
        return (column >= edge) & (column <= columns - 1 - edge) & (line >= edge) & (line <= rows - 1 - edge)

    def spread_over(self, amount_of: dict[str, float]) -> Floats:
        """Each county's or city's amount (by adcode) spread evenly over the cells whose centres lie in it."""
        per_cell = np.zeros(len(self.codes) + 1)
        for code, amount in amount_of.items():
            members = self._members[code]
            per_cell[members] += amount / self._cells[members].sum()
        spread: Floats = per_cell[self.county]  # outside is -1, the last entry, which stays 0
        return spread

    def points(self, lon_lat: Floats, amount: Floats) -> Floats:
        """Amounts at points, each shared by its four nearest cells so that its centre of mass stays where it is."""
        found = self.empty()
        if len(amount):
            self._share(found, *self.cell_of(lon_lat), amount)
        return found

    def _share(self, amounts: Floats, column: Floats, line: Floats, amount: Floats) -> None:
        left, low = np.floor(column).astype(np.intp), np.floor(line).astype(np.intp)
        right, up = column - left, line - low
        corner = low * self.shape[1] + left
        first, flat = int(corner.min()), amounts.reshape(-1)
        corner -= first  # neighbouring rows lie near one another: only the lines between them are touched
        for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
            share = (right if dx else 1 - right) * (up if dy else 1 - up)
            sums = np.bincount(corner, amount * share)
            start = first + dy * self.shape[1] + dx
            flat[start : start + len(sums)] += sums

    def smoothed(self, amounts: Floats, sigma_m: float) -> Floats:
        """Amounts a cell after a Gaussian kernel; their sum stays the same."""
        if not amounts.any():
            return amounts
        reach = int(np.ceil(REACH * sigma_m / self.cell_m)) + 1
        window = _around(amounts, reach)
        result = np.zeros_like(amounts)
        result[window] = gaussian_filter(amounts[window], sigma_m / self.cell_m, mode="constant", truncate=REACH)
        return result

    def picture(self, values: Floats) -> Picture:
        """A raster of this grid resampled (bilinear) to Web-Mercator pixels about a cell wide, cut to what is not 0."""
        sampled = map_coordinates(values, self._pixels, order=1, prefilter=False, mode="constant")
        window = _around(sampled, 1)
        west, north, size = self._bounds
        rows, columns = window
        x = np.array([west + columns.start * size, west + columns.stop * size])
        y = np.array([north + rows.start * size, north + rows.stop * size])
        lon, lat = mercator.degrees(x, y)
        return Picture(sampled[window], (float(lon[0]), float(lat[1]), float(lon[1]), float(lat[0])))

    def _forward(self, lon_lat: Floats) -> Floats:
        return np.column_stack(self._project.transform(lon_lat[:, 0], lon_lat[:, 1]))

    def cell_of(self, lon_lat: Floats) -> tuple[Floats, Floats]:
        """Column and line, counted from the south-western cell's centre, with fractions."""
        x, y = self._project.transform(lon_lat[:, 0], lon_lat[:, 1])
        known = np.isfinite(lon_lat).all(axis=1)
        column, line = (x - self._origin[0]) / self.cell_m - 0.5, (y - self._origin[1]) / self.cell_m - 0.5
        return np.where(known, column, np.nan), np.where(known, line, np.nan)

    def _rasterised(self, flat: list[Area]) -> NDArray[np.int16]:
        """The county that each cell's centre lies in, -1 outside; every county gets one cell at least."""
        raster = np.full(self.shape, -1, np.int16)
        for number, shape in enumerate(flat):
            low = np.floor((np.array(shape.bounds[:2]) - self._origin) / self.cell_m).astype(int)
            high = np.ceil((np.array(shape.bounds[2:]) - self._origin) / self.cell_m).astype(int)
            x = self._origin[0] + (np.arange(low[0], high[0]) + 0.5) * self.cell_m
            y = self._origin[1] + (np.arange(low[1], high[1]) + 0.5) * self.cell_m
            shapely.prepare(shape)
            inside = shapely.contains_xy(shape, *np.meshgrid(x, y))
            raster[low[1] : high[1], low[0] : high[0]][inside] = number
        for number in np.setdiff1d(np.arange(len(flat)), raster):
            middle = shapely.point_on_surface(flat[number])
            column = int((middle.x - self._origin[0]) / self.cell_m)
            raster[int((middle.y - self._origin[1]) / self.cell_m), column] = number
        return raster

    def _mercator_pixels(self, extent: Floats) -> tuple[NDArray[np.float32], tuple[float, float, float]]:
        """(2, rows, columns): line and column on the grid of each pixel's centre; west, north and pixel size 0..1."""
        west, south, east, north = extent
        stretch = np.cos(np.radians((south + north) / 2)) * EARTH_M
        size, margin = self.cell_m / stretch, REACH * PLACE_SIGMA_M / stretch
        x, y = mercator.fraction(np.array([west, east]), np.array([north, south]))
        left, top = float(x[0]) - margin, float(y[0]) - margin
        columns = int(np.ceil((float(x[1]) + margin - left) / size))
        rows = int(np.ceil((float(y[1]) + margin - top) / size))
        lon, lat = mercator.degrees(left + (np.arange(columns) + 0.5) * size, top + (np.arange(rows) + 0.5) * size)
        across, down = (axis.ravel() for axis in np.meshgrid(lon, lat))
        column, line = self.cell_of(np.column_stack([across, down]))
        places = np.stack([line, column]).reshape(2, rows, columns).astype(np.float32)
        return places, (left, top, size)


def _albers(extent: Floats) -> pyproj.Transformer:
    west, south, east, north = extent
    sixth = (north - south) / 6
    plane = pyproj.CRS.from_dict(
        {
            "proj": "aea",
            "lat_1": south + sixth,
            "lat_2": north - sixth,
            "lat_0": (south + north) / 2,
            "lon_0": (west + east) / 2,
            "datum": "WGS84",
            "units": "m",
        }
    )
    return pyproj.Transformer.from_crs("OGC:CRS84", plane, always_xy=True)


def _around(values: Floats, margin: int) -> tuple[slice, slice]:
    """The window of all that is not 0, `margin` wider on each side as far as there is room; one cell if all is 0."""
    windows = []
    for axis, size in enumerate(values.shape):
        found = np.flatnonzero(values.any(axis=1 - axis))
        first, last = (int(found[0]), int(found[-1])) if len(found) else (margin, -margin)
        windows.append(slice(max(0, first - margin), max(1, min(size, last + margin + 1))))
    return windows[0], windows[1]
