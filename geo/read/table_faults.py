"""What is wrong with the coordinates in a table's cells."""

from __future__ import annotations

from geo.model.finding import Finding
from geo.read.faults import error, warning

Cell = str | int | float | None


def bad_pair(cells: tuple[Cell, Cell], where: str) -> Finding:
    """A point whose two cells are no numbers."""
    shown = " / ".join("" if cell is None else str(cell)[:20] for cell in cells)
    return error(
        "point-unreadable", where, f"坐标不是两个数值：{shown}", f"the coordinates are no two numbers: {shown}"
    )


def implausible(where: str) -> Finding:
    """A coordinate of no system that is known here."""
    return error(
        "coordinate-implausible",
        where,
        "坐标既不像高斯投影坐标也不像经纬度，可能缺位或多位",
        "the coordinates are neither Gauss-Krüger nor degrees; a digit may be missing",
    )


def contrary(where: str) -> Finding:
    """Longitude and latitude in one another's columns."""
    return warning(
        "axes-swapped",
        where,
        "经度（东坐标）与纬度（北坐标）两列填反了，已按数值大小调换",
        "the columns of longitude (easting) and latitude (northing) are filled the wrong way round; swapped by magnitude",
    )
