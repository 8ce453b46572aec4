"""What a file says of its coordinate system, in one shape for all formats."""

from __future__ import annotations

from dataclasses import dataclass

from datasets.labels import Label
from geo.crs.faults import UnknownSystem
from geo.crs.names import read_name
from geo.crs.said import WAY_OUT, Said, by_epsg, meant, said_of, unknown
from geo.crs.systems import Local, System, with_local
from geo.crs.wkt import read_wkt


@dataclass(frozen=True, slots=True)
class Declared:
    """What the file itself says of its coordinate system.

    epsg: a code if one can be told for certain. wkt: its text, if any. datum, width, zone, meridian: what a text header
    or a name says ("CGCS2000", 3, 38, 114.0). text: the words as found, for the reader of a finding.
    """

    epsg: int | None = None
    wkt: str = ""
    datum: str = ""
    width: int | None = None
    zone: int | None = None
    meridian: float | None = None
    text: str = ""


def said_by(declared: Declared) -> Said:
    """All pieces that the declaration gives; raises UnknownSystem, and ContradictoryDeclaration where they disagree.

    A code, well-known text and a header's fields must agree; the words as found only fill what these leave open.
    """
    said = Said()
    if declared.wkt.strip():
        said = read_wkt(declared.wkt)
    if declared.epsg is not None:
        said = said.and_also(_coded(declared.epsg, said))
    header = Said(width=declared.width, zone=declared.zone, meridian=_degrees(declared.meridian))
    if declared.datum.strip():
        header = read_name(declared.datum).and_also(header)
    elif said == Said() and declared.text.strip():
        header = header.or_else(read_name(declared.text))
    header = header.completed()
    return said.without_width(header).and_also(header).completed()


def of_declared(declared: Declared, local: Local | None = None) -> System:
    """The system that a declaration means.

    local: datum ("Xian80", "Beijing54") → the seven parameters configured for it. Raises LocalParametersNeeded without
    them, UnknownSystem where nothing supported is meant or too little is said, ContradictoryDeclaration (an
    UnknownSystem) where two statements disagree. Whether the coordinates agree is for `candidates` to say.
    """
    said = said_by(declared)
    if said == Said():
        raise UnknownSystem(
            Label(f"文件没有说明坐标系。{WAY_OUT.zh}", f"the file does not name its system; {WAY_OUT.en}")
            if not declared.text.strip()
            else unknown(declared.text).label
        )
    return with_local(meant(said), local)


def _coded(epsg: int, text: Said) -> Said:
    """What a code adds to well-known text. Where software guessed it from the text, the text knows better."""
    try:
        return said_of(by_epsg(epsg)).without_width(text)
    except UnknownSystem:
        if text == Said():
            raise
        return Said()


def _degrees(meridian: float | None) -> float | None:
    return None if meridian is None else float(meridian)
