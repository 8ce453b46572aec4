"""What files say of their system: codes, well-known text in its dialects, headers, and contradictions among them."""

import pytest
from pyproj import CRS

from geo.crs import (
    ContradictoryDeclaration,
    Declared,
    LocalParametersNeeded,
    UnknownSystem,
    of_declared,
    older_systems,
    systems,
)

DIALECTS = ("WKT1_ESRI", "WKT1_GDAL", "WKT2_2015", "WKT2_2019")


def nameless(
    datum='GEOGCS["unknown",DATUM["unknown",SPHEROID["unknown",6378137,298.257222101]],PRIMEM["Greenwich",0],'
    'UNIT["Degree",0.0174532925199433]]',
    east=38_500_000,
    meridian=114,
    scale=1,
    north=0,
    name="unnamed",
    unit='UNIT["Meter",1]',
):
    return (
        f'PROJCS["{name}",{datum},PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",{east}],'
        f'PARAMETER["False_Northing",{north}],PARAMETER["Central_Meridian",{meridian}],'
        f'PARAMETER["Scale_Factor",{scale}],PARAMETER["Latitude_Of_Origin",0],{unit}]'
    )


def geographic(name, datum, axis, flattening):
    return (
        f'GEOGCS["{name}",DATUM["{datum}",SPHEROID["s",{axis},{flattening}]],PRIMEM["Greenwich",0],'
        'UNIT["Degree",0.0174532925199433]]'
    )


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("known", [s for s in systems().values() if s.epsg], ids=lambda s: s.code)
def test_every_system_is_known_by_its_text_in_every_dialect(known, dialect):
    assert of_declared(Declared(wkt=CRS.from_epsg(known.epsg).to_wkt(dialect))) is known


@pytest.mark.parametrize("dialect", ["WKT1_ESRI", "WKT1_GDAL"])
@pytest.mark.parametrize("known", [s for s in systems().values() if s.epsg], ids=lambda s: s.code)
def test_a_code_that_software_guessed_from_the_text_disturbs_nothing(known, dialect):
    """pyproj takes a 3-degree for a 6-degree zone of the same meridian and the reverse: the numbers are the same."""
    wkt = CRS.from_epsg(known.epsg).to_wkt(dialect)
    guessed = CRS.from_wkt(wkt).to_epsg()
    assert of_declared(Declared(epsg=guessed, wkt=wkt)) is known


@pytest.mark.parametrize("dialect", ["WKT1_ESRI", "WKT1_GDAL"])
@pytest.mark.parametrize("old", older_systems().values(), ids=lambda s: s.code)
def test_every_older_system_is_known_by_its_text_and_refused(old, dialect):
    with pytest.raises(LocalParametersNeeded) as fault:
        of_declared(Declared(wkt=CRS.from_epsg(old.epsg).to_wkt(dialect)))
    assert fault.value.datum == old.datum


@pytest.mark.parametrize(
    ("wkt", "code"),
    [
        (nameless(), "EPSG:4526"),
        (nameless(east=500_000), "EPSG:4547"),
        (nameless(east=19_500_000, meridian=111), "EPSG:4497"),
        (nameless(east=39_500_000, meridian=117), "EPSG:4527"),
        ("\ufeff" + nameless() + "\r\n", "EPSG:4526"),
        # Datum WGS-84 with a zone's parameters: the zone differs from CGCS2000's by tenths of a millimetre.
        (nameless(geographic("GCS_WGS_1984", "D_WGS_1984", 6378137, 298.257223563)), "EPSG:4526"),
        (geographic("unknown", "unknown", 6378137, 298.257222101), "EPSG:4490"),
        (geographic("unknown", "unknown", 6378137, 298.257223563), "EPSG:4326"),
    ],
)
def test_text_without_names_is_known_by_its_parameters(wkt, code):
    assert of_declared(Declared(wkt=wkt)).code == code


@pytest.mark.parametrize(("shape", "datum"), [((6378140, 298.257), "Xian80"), ((6378245, 298.3), "Beijing54")])
def test_an_older_ellipsoid_without_a_name_is_refused_like_its_datum(shape, datum):
    with pytest.raises(LocalParametersNeeded) as fault:
        of_declared(Declared(wkt=nameless(geographic("unknown", "unknown", *shape))))
    assert fault.value.datum == datum


@pytest.mark.parametrize(
    "wkt",
    [
        "",
        "x",
        "PROJCS[",
        nameless(scale=0.9996),
        nameless(north=10_000_000),
        nameless(east=400_000),
        nameless(east=500_000, meridian=113.5),
        nameless(east=77_500_000),
        nameless(unit='UNIT["Foot_US",0.3048006096012192]'),
        nameless(geographic("NAD83", "D_North_American_1983", 6378137, 298.257222101)),
        geographic("unknown", "unknown", 6378388, 297),
        'LOCAL_CS["site grid",UNIT["metre",1]]',
        CRS.from_epsg(32649).to_wkt("WKT1_ESRI"),
        CRS.from_epsg(3395).to_wkt("WKT1_ESRI"),
        CRS.from_epsg(4555).to_wkt("WKT1_ESRI"),
        CRS.from_epsg(4479).to_wkt("WKT2_2019"),
        CRS.from_epsg(5773).to_wkt("WKT2_2019"),
        nameless() * 100,
    ],
)
def test_other_text_is_refused(wkt):
    with pytest.raises(UnknownSystem):
        of_declared(Declared(wkt=wkt))


@pytest.mark.parametrize(
    "wkt",
    [
        nameless(east=38_500_000, meridian=117),
        nameless(name="CGCS2000_3_Degree_GK_Zone_38", east=39_500_000, meridian=117),
        nameless(name="CGCS2000_3_Degree_GK_CM_114E", east=500_000, meridian=111),
        nameless(geographic("GCS_China_Geodetic_Coordinate_System_2000", "D_China_2000", 6378245, 298.3)),
        nameless(name="Xian_1980_3_Degree_GK_Zone_38"),
    ],
)
def test_text_that_contradicts_itself_is_refused(wkt):
    with pytest.raises(ContradictoryDeclaration) as fault:
        of_declared(Declared(wkt=wkt))
    assert "矛盾" in fault.value.label.zh and "contradicts" in fault.value.label.en


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        (Declared(epsg=4526), "EPSG:4526"),
        (Declared(epsg=4547, datum="CGCS2000", width=3, zone=38), "EPSG:4547"),
        (Declared(datum="2000国家大地坐标系", width=3, zone=38), "EPSG:4526"),
        (Declared(datum="2000国家大地坐标系", zone=38), "EPSG:4526"),
        (Declared(datum="2000国家大地坐标系", width=6, zone=19), "EPSG:4497"),
        (Declared(datum="CGCS2000", width=3, meridian=114.0), "EPSG:4526"),
        (Declared(datum="CGCS2000", meridian=117), "EPSG:4527"),
        (Declared(datum="CGCS2000", width=6, meridian=117.0), "EPSG:4498"),
        (Declared(datum="CGCS2000_3_Degree_GK_Zone_38"), "EPSG:4526"),
        (Declared(datum="CGCS2000 / 3-degree Gauss-Kruger CM 114E"), "EPSG:4547"),
        (Declared(datum="CGCS2000", zone=38, wkt=nameless(east=500_000)), "EPSG:4547"),
        (Declared(epsg=4509, datum="CGCS2000", width=3, zone=39), "EPSG:4548"),
        (Declared(epsg=32650, wkt=nameless()), "EPSG:4526"),
        (Declared(datum="WGS84"), "EPSG:4326"),
        (Declared(text="坐标系=2000国家大地坐标系；几度分带=3；投影类型=高斯克吕格；带号=38"), "EPSG:4526"),
        (Declared(zone=38, text="2000国家大地坐标系"), "EPSG:4526"),
        (Declared(text="urn:ogc:def:crs:OGC:1.3:CRS84"), "EPSG:4326"),
        (Declared(datum="GCJ-02"), "GCJ-02"),
    ],
)
def test_headers_and_codes(declared, code):
    assert of_declared(declared).code == code


@pytest.mark.parametrize(
    ("declared", "datum"),
    [
        (Declared(datum="1980西安坐标系", width=3, zone=38), "Xian80"),
        (Declared(datum="80坐标系"), "Xian80"),
        (Declared(datum="西安80"), "Xian80"),
        (Declared(datum="1980年国家大地坐标系"), "Xian80"),
        (Declared(datum="北京54", meridian=114.0), "Beijing54"),
        (Declared(datum="1954年北京坐标系"), "Beijing54"),
        (Declared(text="54坐标系 3度带 38带"), "Beijing54"),
        (Declared(epsg=4610), "Xian80"),
        (Declared(epsg=4214), "Beijing54"),
    ],
)
def test_older_systems_in_headers_are_refused(declared, datum):
    with pytest.raises(LocalParametersNeeded) as fault:
        of_declared(declared)
    assert fault.value.datum == datum


@pytest.mark.parametrize(
    "declared",
    [
        Declared(),
        Declared(text="某某测绘公司"),
        Declared(epsg=32650),
        Declared(zone=38),
        Declared(datum="CGCS2000", width=3),
        Declared(datum="CGCS2000", zone=77),
        Declared(datum="CGCS2000", meridian=113.5),
        Declared(datum="CGCS2000", width=6, meridian=114.0),
        Declared(datum="郑州市独立坐标系"),
    ],
)
def test_too_little_or_the_unknown_is_refused(declared):
    with pytest.raises(UnknownSystem) as fault:
        of_declared(declared)
    assert not isinstance(fault.value, ContradictoryDeclaration)


@pytest.mark.parametrize(
    "declared",
    [
        Declared(datum="CGCS2000", width=6, zone=38),
        Declared(datum="CGCS2000", width=3, zone=20),
        Declared(datum="CGCS2000", zone=38, meridian=117.0),
        Declared(epsg=4526, zone=39),
        Declared(epsg=4509, zone=38),
        Declared(epsg=4498, zone=39),
        Declared(epsg=4546, wkt=nameless(east=500_000)),
        Declared(epsg=4526, datum="西安80"),
        Declared(epsg=4526, wkt=nameless(east=39_500_000, meridian=117)),
        Declared(epsg=4490, datum="CGCS2000", zone=38),
    ],
)
def test_statements_that_disagree_are_refused(declared):
    with pytest.raises(ContradictoryDeclaration):
        of_declared(declared)


def test_readers_find_the_same_class_beside_the_raw_features():
    from geo import read
    from geo.read import raw

    assert raw.Declared is Declared and read.Declared is Declared
