"""Among all readers, a GIS file finds its own by its content, whatever it is called."""

from __future__ import annotations

from pathlib import Path

import ezdxf
import pytest
from made_gis import SQUARE_KML, feature, geojson, kml, kml_polygon, parts, shapefile, square, written, zipped

from geo.read import readers
from geo.read.registry import recognise


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str]]:
    """Samples by name, each with the reader that should take it."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "a.kml").write_bytes(kml(f"<Placemark>{kml_polygon(SQUARE_KML)}</Placemark>"))
    ezdxf.new().saveas(folder / "a.dxf")
    ezdxf.new().saveas(folder / "b.dxf", fmt="bin")
    (folder / "a.dwg").write_bytes(b"AC1027" + bytes(100))
    (folder / "a.shp").write_bytes(parts(folder)["shp"])
    collection = {"type": "FeatureCollection", "features": [feature(square())]}
    return {
        "zip": (shapefile(folder, "plots"), "shapefile"),
        "shp": (folder / "a.shp", "shapefile"),
        "geojson": (geojson(folder / "a.geojson", collection), "geojson"),
        "gpkg": (written(folder / "a.gpkg", [square()]), "gpkg"),
        "kml": (folder / "a.kml", "kml"),
        "kmz": (zipped(folder / "a.kmz", {"doc.kml": (folder / "a.kml").read_bytes()}), "kml"),
        "dxf": (folder / "a.dxf", "dxf"),
        "binary dxf": (folder / "b.dxf", "dxf"),
        "dwg": (folder / "a.dwg", "dxf"),
    }


@pytest.mark.parametrize("sample", ["zip", "shp", "geojson", "gpkg", "kml", "kmz", "dxf", "binary dxf", "dwg"])
@pytest.mark.parametrize(
    "suffix", [".zip", ".shp", ".geojson", ".json", ".gpkg", ".kml", ".kmz", ".dxf", ".txt", ".csv", ".xlsx", ""]
)
def test_the_content_decides(made: dict[str, tuple[Path, str]], sample: str, suffix: str) -> None:
    path, wanted = made[sample]
    assert recognise(path, f"a{suffix}").name == wanted


@pytest.mark.parametrize("name", ["shapefile", "geojson", "gpkg", "kml", "dxf"])
def test_a_damaged_file_goes_by_its_extension(tmp_path: Path, name: str) -> None:
    for suffix in readers()[name].suffixes:
        path = tmp_path / f"a{suffix}"
        path.write_bytes(b"\x01\x02\x03\xff" * 20)
        assert recognise(path, path.name).name == name
