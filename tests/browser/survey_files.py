"""One parcel in every format that a survey office sends, for the browser tests; each parcel lies in a place of its own."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import openpyxl
import pyogrio.raw
import shapely

from geo.crs import from_wgs84, system

FORMATS = ("shp.zip", "geojson", "gpkg", "kml", "dxf", "txt", "xlsx", "csv", "pasted")
WEST, SOUTH, SIZE = 113.78, 34.23, 0.002


def outline(number: int) -> shapely.Polygon:
    """The parcel's outline, WGS-84."""
    west = WEST + number * 2 * SIZE
    return shapely.box(west, SOUTH, west + SIZE, SOUTH + SIZE)


def fields(name: str) -> Mapping[str, str]:
    """What the file says of its parcel."""
    return {"地块编号": f"SV-{name}", "地块名称": f"测绘地块{name}", "供地状态": "可供", "用地性质": "M1"}


def in_metres(shape: shapely.Polygon) -> np.ndarray:
    """Easting with the zone's number and northing of the outline's points."""
    return from_wgs84(system("EPSG:4526"), shapely.get_coordinates(shape))


def survey_file(name: str, folder: Path) -> Path | str:
    """A file in the format `name`; the text itself for pasted coordinates."""
    shape, said = outline(FORMATS.index(name)), fields(name.partition(".")[0])
    path = folder / f"survey.{name}"
    if name == "pasted":
        return "\n".join(f"{lon},{lat}" for lon, lat in shapely.get_coordinates(shape)[:-1].tolist())
    if name == "shp.zip":
        _shapefile(path, shape, said)
    elif name == "geojson":
        feature = {"type": "Feature", "properties": said, "geometry": shapely.geometry.mapping(shape)}
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    elif name == "gpkg":
        _vector(path, shape, said, "GPKG")
    elif name == "kml":
        path.write_text(_kml(shape, said), encoding="utf-8")
    elif name == "dxf":
        _dxf(path, shape, said["地块名称"])
    elif name == "txt":
        path.write_text(_txt(shape, said), encoding="gbk")
    elif name == "xlsx":
        book = openpyxl.Workbook()
        book.active.append([*said, "几何(WKT)"])
        book.active.append([*said.values(), shape.wkt])
        book.save(path)
    else:
        path.write_text(",".join([*said, "WKT"]) + "\n" + ",".join([*said.values(), f'"{shape.wkt}"']), encoding="gbk")
    return path


def _vector(
    path: Path, shape: shapely.Polygon, said: Mapping[str, str], driver: str, encoding: str | None = None
) -> None:
    columns = [np.array([value], object) for value in said.values()]
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(shape)], object),
        columns,
        np.array(list(said), object),
        geometry_type="Polygon",
        crs="EPSG:4490",
        driver=driver,
        encoding=encoding,
    )


def _shapefile(path: Path, shape: shapely.Polygon, said: Mapping[str, str]) -> None:
    short = dict(zip(("DKBH", "DKMC", "status", "land_use"), said.values(), strict=True))
    with tempfile.TemporaryDirectory() as scratch:
        _vector(Path(scratch) / "survey.shp", shape, short, "ESRI Shapefile", "GBK")
        with zipfile.ZipFile(path, "w") as archive:
            for part in sorted(Path(scratch).iterdir()):
                archive.write(part, part.name)


def _kml(shape: shapely.Polygon, said: Mapping[str, str]) -> str:
    data = "".join(f'<Data name="{name}"><value>{value}</value></Data>' for name, value in said.items())
    points = " ".join(f"{lon},{lat}" for lon, lat in shapely.get_coordinates(shape).tolist())
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>'
        f"<name>{said['地块名称']}</name><ExtendedData>{data}</ExtendedData><Polygon><outerBoundaryIs><LinearRing>"
        f"<coordinates>{points}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>"
    )


def _dxf(path: Path, shape: shapely.Polygon, layer: str) -> None:
    import ezdxf

    drawing = ezdxf.new("R2010")
    drawing.layers.add(layer)
    points = in_metres(shape)[:-1].tolist()
    drawing.modelspace().add_lwpolyline(points, close=True, dxfattribs={"layer": layer})
    drawing.saveas(path)


def _txt(shape: shapely.Polygon, said: Mapping[str, str]) -> str:
    points = in_metres(shape).tolist()
    head = f"{len(points)},4.0881,{said['地块编号']},{said['地块名称']},面,,工业用地,M1,@"
    rows = [f"J{number % 4 + 1},1,{north:.3f},{east:.3f}" for number, (east, north) in enumerate(points)]
    return "\n".join(
        ["[属性描述]", "坐标系=2000国家大地坐标系", "几度分带=3", "带号=38", "[地块坐标]", head, *rows, ""]
    )
