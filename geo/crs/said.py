"""What is said of a coordinate system, piece by piece, and which system the pieces make."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from datasets.labels import Label
from geo.crs.faults import ContradictoryDeclaration, UnknownSystem
from geo.crs.systems import DATUM_LABELS, FAMILIES, GEOGRAPHIC, ZONES, System, central_meridian, older_systems, systems

WAY_OUT = Label(
    "请写明坐标系（如 CGCS2000）、带号或中央经线，或在上传时选择",
    "say which system (such as CGCS2000) and which zone or central meridian, or choose on upload",
)


@dataclass(frozen=True, slots=True)
class Said:
    """Each piece is None where nothing is said of it.

    datum: a key of `System.datum`. geographic: degrees (True) or a projection (False). mercator: the square map of the
    web. prefixed: whether the false easting holds the zone's number; a header's 带号 leaves that open.
    """

    datum: str | None = None
    width: int | None = None
    zone: int | None = None
    meridian: float | None = None
    geographic: bool | None = None
    mercator: bool | None = None
    prefixed: bool | None = None

    def and_also(self, other: Said) -> Said:
        """Both together; raises ContradictoryDeclaration where they disagree."""
        for entry in fields(self):
            mine, theirs = getattr(self, entry.name), getattr(other, entry.name)
            if mine is not None and theirs is not None and mine != theirs:
                raise contradiction(entry.name, mine, theirs)
        return self.or_else(other)

    def or_else(self, other: Said) -> Said:
        """These pieces, and the other's where these are silent."""
        gaps = {f.name: getattr(other, f.name) for f in fields(self) if getattr(self, f.name) is None}
        return replace(self, **gaps)

    def without_width(self, other: Said) -> Said:
        """These pieces without width and zone where the other names the same meridian and neither has the zone's number.

        A 3-degree and a 6-degree zone then give the same numbers: to name one and mean the other is no contradiction.
        """
        same = self.prefixed is False and not other.prefixed and self.meridian == other.meridian
        return replace(self, width=None, zone=None) if same else self

    def completed(self) -> Said:
        """The zone, its width and its meridian from one another; raises UnknownSystem and ContradictoryDeclaration."""
        if self.zone is not None:
            return self._by_zone(self.zone)
        if self.meridian is not None:
            return self._by_meridian(self.meridian)
        return self

    def _by_zone(self, zone: int) -> Said:
        width = next((width for width, zones in ZONES.items() if zone in zones), None)
        if width is None:
            raise UnknownSystem(
                Label(
                    f"没有第 {zone} 带：3 度带为 25–45，6 度带为 13–23。{WAY_OUT.zh}",
                    f"there is no zone {zone}: 3-degree zones are 25-45, 6-degree zones 13-23; {WAY_OUT.en}",
                )
            )
        meridian = central_meridian(width, zone)
        return self.and_also(Said(width=width, meridian=meridian, geographic=False, mercator=False))

    def _by_meridian(self, meridian: float) -> Said:
        for width in (self.width,) if self.width else (3, 6):
            for zone in ZONES.get(width, ()):
                if abs(central_meridian(width, zone) - meridian) < 1e-6:
                    whole = replace(self, zone=zone, width=width, meridian=central_meridian(width, zone))
                    return whole.and_also(Said(geographic=False, mercator=False))
        width_zh, width_en = (
            (f" {self.width} 度带", f" {self.width}-degree") if self.width else ("标准分带", " standard")
        )
        raise UnknownSystem(
            Label(
                f"没有以 {meridian:g}° 为中央经线的{width_zh.strip()}。{WAY_OUT.zh}",
                f"there is no{width_en} zone with central meridian {meridian:g}; {WAY_OUT.en}",
            )
        )


def meant(said: Said) -> System:
    """The one system that the pieces make, an older one too; raises UnknownSystem, ContradictoryDeclaration.

    A zone's number alone means eastings that begin with it.
    """
    said = said.completed()
    if said.mercator:
        return systems()["EPSG:3857"]
    if said.datum in ("GCJ-02", "BD-09"):
        return systems()[said.datum]
    if said.datum is None:
        raise UnknownSystem(Label(f"没有说明是什么坐标系。{WAY_OUT.zh}", f"the datum is not named; {WAY_OUT.en}"))
    if said.zone is not None:
        return _zone(said, said.zone)
    if said.geographic is False or said.width is not None:
        raise UnknownSystem(
            Label(f"没有说明带号或中央经线。{WAY_OUT.zh}", f"neither zone nor central meridian is named; {WAY_OUT.en}")
        )
    return by_epsg(GEOGRAPHIC[said.datum])


def said_of(system: System) -> Said:
    """All that is true of a system."""
    return Said(
        datum=system.datum,
        width=system.width,
        zone=system.zone,
        meridian=system.meridian,
        geographic=system.kind in ("geographic", "shifted"),
        mercator=system.kind == "web-mercator",
        prefixed=system.prefixed,
    )


def by_epsg(code: int) -> System:
    """The system of an EPSG code, an older one too; raises UnknownSystem."""
    name = f"EPSG:{SAME_AS.get(code, code)}"
    found = systems().get(name) or older_systems().get(name)
    if found is None:
        raise unknown(f"EPSG:{code}")
    return found


SAME_AS = {4480: 4490, 4979: 4326, 900913: 3857, 102100: 3857, 102113: 3857, 3785: 3857}
"""Codes for the same thing: with heights, or from before the code was given."""


def unknown(text: str) -> UnknownSystem:
    """The fault for a system that is named but not supported."""
    short = text if len(text) <= 80 else f"{text[:77]}..."
    supported = (
        "CGCS2000（EPSG:4490、3 度带 4513–4554、6 度带 4491–4512）、WGS-84（4326）、3857、GCJ-02、BD-09",
        "CGCS2000 (EPSG:4490, 3-degree 4513-4554, 6-degree 4491-4512), WGS 84 (4326), 3857, GCJ-02, BD-09",
    )
    return UnknownSystem(
        Label(f"不支持坐标系“{short}”；可用：{supported[0]}", f"unknown system '{short}'; supported are {supported[1]}")
    )


def contradiction(piece: str, one: object, other: object) -> ContradictoryDeclaration:
    """The fault for two statements that cannot both be true."""
    names = {
        "datum": Label("坐标系", "datum"),
        "width": Label("几度分带", "zone width"),
        "zone": Label("带号", "zone"),
        "meridian": Label("中央经线", "central meridian"),
        "geographic": Label("经纬度与投影坐标", "degrees or projected"),
        "mercator": Label("投影", "projection"),
        "prefixed": Label("带号前缀", "zone prefix"),
    }
    name = names[piece]
    if isinstance(one, bool):
        return ContradictoryDeclaration(
            Label(f"坐标系声明自相矛盾：{name.zh}说法不一", f"the declaration contradicts itself: {name.en}")
        )
    return ContradictoryDeclaration(
        Label(
            f"坐标系声明自相矛盾：{name.zh}既为 {_shown(one)} 又为 {_shown(other)}",
            f"the declaration contradicts itself: {name.en} is both {_shown(one)} and {_shown(other)}",
        )
    )


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return DATUM_LABELS[value].en if isinstance(value, str) and value in DATUM_LABELS else str(value)


def _zone(said: Said, zone: int) -> System:
    # A Gauss-Krüger zone is always of CGCS2000: on WGS-84's ellipsoid it would differ by some tenths of a millimetre.
    width, datum = said.width or 3, "CGCS2000" if said.datum == "WGS84" else said.datum
    for (family, degrees), (prefixed, by_meridian) in FAMILIES.items():
        if (family, degrees) == (datum, width):
            first = by_meridian if said.prefixed is False else prefixed
            return by_epsg(first + ZONES[width].index(zone))
    raise unknown(f"{datum} {zone}")
