"""What well-known text (a .prj file, ESRI's or the registry's dialect) says, judged by its parameters rather than its title."""

from __future__ import annotations

from pyproj import CRS
from pyproj.exceptions import CRSError

from datasets.labels import Label
from geo.crs.faults import UnknownSystem
from geo.crs.names import read_name
from geo.crs.said import Said, contradiction, unknown
from geo.crs.systems import ELLIPSOIDS, FALSE_EASTING, ZONE_STEP

MOST_CHARACTERS = 20_000
TRANSVERSE_MERCATOR = ("transverse mercator", "gauss kruger", "gauss_kruger", "gauss-kruger")
NAMELESS = ("unknown", "unnamed", "not specified", "not_specified", "user", "custom", "based on")


def read_wkt(text: str) -> Said:
    """The pieces that the text gives; raises UnknownSystem, and ContradictoryDeclaration where its parts disagree."""
    crs = _parsed(text)
    if crs.is_geographic:
        _check_unit(crs, 0.017453292519943295)
        return Said(datum=_datum(crs), geographic=True, mercator=False).and_also(_named(crs))
    if not crs.is_projected or crs.coordinate_operation is None:
        raise unknown(crs.name or text.strip())
    _check_unit(crs, 1.0)
    method = crs.coordinate_operation.method_name.casefold()
    if "pseudo" in method or "auxiliary" in method:
        return Said(datum="WGS84", geographic=False, mercator=True)
    if not any(name in method for name in TRANSVERSE_MERCATOR):
        raise unknown(crs.name)
    return _gauss_kruger(crs).and_also(Said(datum=_datum(crs))).and_also(_named(crs)).completed()


def _parsed(text: str) -> CRS:
    if len(text) > MOST_CHARACTERS:
        raise UnknownSystem(Label("坐标系文件（.prj）过长，不像坐标系定义", "the .prj is too long to be a definition"))
    try:
        crs = CRS.from_wkt(text.strip().lstrip("\ufeff"))
    except CRSError:
        raise UnknownSystem(
            Label(
                "坐标系文件（.prj）无法解析；请重新导出，或在上传时选择坐标系",
                "the .prj cannot be parsed; export it again or choose the system on upload",
            )
        ) from None
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    if crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs
    return crs


def _gauss_kruger(crs: CRS) -> Said:
    assert crs.coordinate_operation is not None  # noqa: S101 (asked before)
    values = {
        parameter.name.casefold().replace("_", " "): float(parameter.value)
        for parameter in crs.coordinate_operation.params
    }
    scale = values.get("scale factor at natural origin", values.get("scale factor", 1.0))
    north = values.get("false northing", 0.0)
    origin = values.get("latitude of natural origin", values.get("latitude of origin", 0.0))
    meridian = values.get("longitude of natural origin", values.get("central meridian"))
    east = values.get("false easting", 0.0)
    if meridian is None or abs(scale - 1) > 1e-9 or abs(north) > 1e-6 or abs(origin) > 1e-9:
        raise unknown(crs.name)
    zone, rest = divmod(east, ZONE_STEP)
    if abs(rest - FALSE_EASTING) > 1e-6:
        raise unknown(crs.name)
    if not zone:
        return Said(meridian=meridian, prefixed=False, geographic=False, mercator=False)
    return Said(zone=int(zone), meridian=meridian, prefixed=True).completed()


def _named(crs: CRS) -> Said:
    """What the title adds: it may name width and zone, but a title alone proves nothing of degrees or prefix."""
    try:
        said = read_name(crs.name)
    except UnknownSystem:
        return Said()
    datum = said.datum if said.datum in ELLIPSOIDS and said.datum != "WGS84" else None
    return Said(datum=datum, width=said.width, zone=said.zone, meridian=said.meridian)


def _datum(crs: CRS) -> str:
    geodetic = crs.geodetic_crs
    if geodetic is None or geodetic.ellipsoid is None or geodetic.datum is None:
        raise unknown(crs.name)
    shape = (geodetic.ellipsoid.semi_major_metre, geodetic.ellipsoid.inverse_flattening)
    by_shape = [name for name, (a, rf) in ELLIPSOIDS.items() if abs(a - shape[0]) < 0.01 and abs(rf - shape[1]) < 1e-6]
    names = (geodetic.datum.name, geodetic.name)
    named = next((datum for datum in map(_datum_named, names) if datum), None)
    if named is None:
        if not by_shape or not all(any(word in name.casefold() for word in NAMELESS) for name in names):
            raise unknown(crs.name)
        return by_shape[0]
    if by_shape and named not in by_shape and {named, by_shape[0]} != {"CGCS2000", "WGS84"}:
        raise contradiction("datum", named, by_shape[0])
    return named


def _datum_named(name: str) -> str | None:
    try:
        return read_name(name).datum
    except UnknownSystem:
        raise unknown(name) from None


def _check_unit(crs: CRS, factor: float) -> None:
    if any(abs(axis.unit_conversion_factor - factor) > 1e-9 * factor for axis in crs.axis_info[:2]):
        raise unknown(f"{crs.name} ({crs.axis_info[0].unit_name})")
