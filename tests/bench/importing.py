"""Reading and checking a survey's Shapefile, against the least that any import must do: read, is_valid, spatial join."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from geo.crs import from_wgs84, system
from tests.bench.measured import Measured

SIZES = (10_000, 100_000)
CORNER = (113.76, 34.18)  # south-west of the field of parcels, all of which lies in one county
COLUMNS = ("DKBH", "DKMC", "DKMJ", "status", "land_use")


def measure(data: Path) -> Iterator[Measured]:
    """Seconds and peak memory, each in a process of its own, one after the other in the same run; the better of two."""
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / f"parcels-{size}.shp.zip"
            write(path, size)
            mine = min((_apart("ours", path) for _ in range(2)), key=lambda found: found["seconds"])
            theirs = min((_apart("bare", path) for _ in range(2)), key=lambda found: found["seconds"])
            yield Measured(
                f"import of {size:,} parcels, all checks",
                mine["seconds"],
                "s",
                f"zipped Shapefile read, placed and checked; peak memory {mine['peak_mb']:.0f} MB against"
                f" {theirs['peak_mb']:.0f} MB; a process each, better of two",
                peer="pyogrio read + is_valid + spatial join",
                theirs=theirs["seconds"],
                aim="≥ 0.33× (at most 3 times as long)",
            )


def write(path: Path, size: int) -> None:
    """A grid of parcels with a lane between them, CGCS2000, GBK, names and areas."""
    side = int(np.ceil(np.sqrt(size)))
    step = min(50.0, 12_000 / side)
    ((east, north),) = from_wgs84(system("EPSG:4526"), np.array([CORNER]))
    row, column = np.divmod(np.arange(size), side)
    west, south = east + column * step, north + row * step
    shapes = shapely.box(west, south, west + step * 0.9, south + step * 0.9)
    columns = [
        np.array([f"P-{number:06}" for number in range(size)], object),
        np.array([f"地块{number}" for number in range(size)], object),
        np.round(shapely.area(shapes), 2),
        np.full(size, "可供", object),
        np.full(size, "M1", object),
    ]
    with tempfile.TemporaryDirectory() as scratch:
        pyogrio.raw.write(
            Path(scratch) / "parcels.shp",
            shapely.to_wkb(shapes),
            columns,
            np.array(COLUMNS, object),
            geometry_type="Polygon",
            crs="EPSG:4526",
            driver="ESRI Shapefile",
            encoding="GBK",
        )
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(scratch).iterdir()):
                archive.write(part, part.name)


def _apart(what: str, path: Path) -> dict[str, float]:
    """What a process of its own measures."""
    command = [sys.executable, "-m", "tests.bench.importing", what, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": "."})
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def ours(path: Path) -> float:
    """Seconds that the intake takes; the counties are loaded before, as in a server."""
    import datasets.world
    from geo.check.existing import Existing
    from geo.model import default_kinds
    from webmap.intake.choices import Choices
    from webmap.intake.known import Known
    from webmap.intake.preparing import Ground, prepared

    ground = Ground(datasets.world.load(), default_kinds().get("plot"), Known(Existing(), {}), "411082", ("*",))
    start = time.perf_counter()
    found = prepared(path, path.name, ground, Choices())
    len([row for row in found.intake.rows if row.has_errors])
    return time.perf_counter() - start


def bare(path: Path) -> float:
    """Seconds for reading with pyogrio, asking for validity and joining the parcels with one another and with the counties."""
    import geopandas

    import datasets.world

    counties = datasets.world.load().boundaries.counties.values()
    units = geopandas.GeoDataFrame(geometry=[county.geometry for county in counties], crs="EPSG:4326")
    start = time.perf_counter()
    frame = pyogrio.read_dataframe(f"/vsizip/{path}")
    frame.geometry.is_valid.sum()
    geopandas.sjoin(frame, frame)
    geopandas.sjoin(frame.to_crs("EPSG:4326"), units)
    return time.perf_counter() - start


def peak_mb() -> float:
    """The most memory that this process has held; what getrusage tells holds its parent's too, from before it was started."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return int(told.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    measured = {"ours": ours, "bare": bare}[sys.argv[1]]
    file = Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as small:
        # The libraries are loaded before, as in a process that has served for a while.
        write(Path(small) / "small.shp.zip", 9)
        measured(Path(small) / "small.shp.zip")
    seconds = measured(file)
    sys.stdout.write(json.dumps({"seconds": seconds, "peak_mb": peak_mb()}) + "\n")
