"""The browser's areas and lengths against pyproj's geodesics: the same to one part in 100,000."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.crs import geodesic_area_m2
from geo.crs.area import MU_M2

MODULE = Path(__file__).parents[2] / "webmap" / "static" / "js" / "staff" / "geodesy.js"
GEOD = Geod(ellps="WGS84")
PROGRAM = """
import {area, length, MU_M2} from %s;
let text = "";
process.stdin.on("data", (piece) => { text += piece; });
process.stdin.on("end", () => {
  const cases = JSON.parse(text);
  console.log(JSON.stringify({mu: MU_M2, found: cases.map((rings) => [area([rings]), length(rings[0])])}));
});
"""


def stars(size: float, count: int) -> list[shapely.Polygon]:
    """Star-shaped outlines across Henan, `size` degrees from the middle to the farthest point, each with a hole."""
    chance = np.random.default_rng(int(size * 1e6))
    found = []
    for _ in range(count):
        middle = np.array([chance.uniform(110, 117), chance.uniform(31, 37)])
        angles = np.sort(chance.uniform(0, 2 * np.pi, 14))
        around = np.column_stack([np.cos(angles), np.sin(angles)])
        outer = middle + around * size * chance.uniform(0.5, 1, (14, 1))
        found.append(shapely.Polygon(outer, [middle + around * size * 0.2]))
    return found


@pytest.mark.parametrize("size", [1e-4, 1e-3, 1e-2, 0.1, 0.5])
def test_areas_and_lengths_agree_with_pyproj(size: float, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on this machine")
    polygons = stars(size, 12)
    program = tmp_path / "areas.mjs"
    copy = tmp_path / "geodesy.mjs"
    copy.write_text(MODULE.read_text(encoding="utf-8"), encoding="utf-8")
    program.write_text(PROGRAM % json.dumps(copy.as_uri()), encoding="utf-8")
    cases = [[shapely.get_coordinates(ring).tolist() for ring in shapely.get_rings(polygon)] for polygon in polygons]
    done = subprocess.run([node, str(program)], input=json.dumps(cases), capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert told["mu"] == MU_M2
    for (area, length), polygon in zip(told["found"], polygons, strict=True):
        assert area == pytest.approx(geodesic_area_m2(polygon), rel=1e-5)
        assert length == pytest.approx(GEOD.geometry_length(polygon.exterior), rel=1e-5)
