"""Which systems a file's coordinates could be in, best first, each with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.crs.declared import Declared, said_by
from geo.crs.evidence import OUTSIDE_STRIP, Guess, guesses
from geo.crs.faults import CrsFault, UnknownSystem
from geo.crs.grounds import Grounds
from geo.crs.said import Said, meant, said_of
from geo.crs.systems import ZONE_STEP, Local, System, older_systems, systems, with_local
from geo.crs.transform import to_wgs84, transform, transform_all

Points = NDArray[np.float64]

SAMPLE = 2000  # points looked at, evenly spread over the file
MOST = 8  # candidates told; a person cannot weigh more
WORD, PLACE, FORM = 0.5, 0.35, 0.15
"""What a declaration, the place and the size of the numbers weigh.

The score is their sum, 0 to 1. A declaration that the numbers bear out always leads: WORD is as much as PLACE and FORM.
Within PLACE, all points inside `home` count 1, inside the n-th area around it 1 / 2ⁿ. What GCJ-02 and BD-09 would score
without a declaration (at most 0.5) is multiplied by the score of the same degrees unshifted: offered, never guessed.
"""
DOUBTED = 0.5  # of the score, for a declared system that the numbers speak against
STRIP = {
    3: 2.0,
    6: 3.5,
}  # degrees from the central meridian: half the width, and what is usual for a county at the edge
SLIGHTLY = 0.9  # for WGS-84 as CGCS2000, for a 6° zone as the 3° zone of its meridian, and the reverse: the numbers are the same


@dataclass(frozen=True, slots=True)
class Candidate:
    """A system that the coordinates could be in.

    swapped: the first column holds the northing or latitude. prefix_added: the zone's number that the eastings lack and
    `system` needs. score: 0..1, see `geo.crs.detect.WORD`. reason: sentences naming the evidence. inside: the share of
    points within `home` and 300 m around it (within China where no home was given). contradicts: the file declares
    something else, contradicts itself or declares what is not supported; a person must choose.
    """

    system: System
    swapped: bool
    prefix_added: int | None
    score: float
    reason: Label
    inside: float
    contradicts: bool = False

    def arranged(self, xy: ArrayLike) -> Points:
        """The file's points, shape (n, 2), as `system` has them: easting or longitude first, zone's number added."""
        return _arranged(np.asarray(xy, dtype=np.float64).reshape(-1, 2), self.swapped, self.prefix_added)

    def to_wgs84(self, xy: ArrayLike) -> Points:
        """WGS-84 lon/lat of the file's points; raises OutOfDomain."""
        return to_wgs84(self.system, self.arranged(xy))

    def transform(self, geometry: BaseGeometry) -> BaseGeometry:
        """The file's shape in WGS-84 lon/lat, 2D, parts and rings in the same order; raises OutOfDomain."""
        return transform(shapely.transform(shapely.force_2d(geometry), self.arranged), self.system)

    def transform_all(self, geometries: Sequence[BaseGeometry | None]) -> list[BaseGeometry | None]:
        """As `transform`, for many shapes at once and much faster; None stays None."""
        flat = shapely.force_2d(np.array(geometries, dtype=object))
        return transform_all(list(shapely.transform(flat, self.arranged)), self.system)


def candidates(
    xy: ArrayLike,
    declared: Declared | None = None,
    home: BaseGeometry | None = None,
    names: Sequence[Label] = (),
    around: Sequence[BaseGeometry] = (),
    local: Local | None = None,
) -> list[Candidate]:
    """Systems that points of a file could be in, best first; [] where the numbers fit none.

    xy: (n, 2) numbers as the file has them, its first column (or x) first; what is NaN or infinite is passed over.
    home: the area the person works in, WGS-84; around: larger areas about it, smallest first. names: what these are
    called, home first. local: datum → seven parameters. The first candidate follows the declaration wherever the
    numbers bear it out; two candidates of equal numbers (4490 and 4326, a 3° and a 6° zone of one meridian) are both told.
    Raises LocalParametersNeeded where the file declares Xian 1980 or Beijing 1954 without configured parameters.
    """
    points = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return []
    points = points[np.unique(np.linspace(0, len(points) - 1, SAMPLE).astype(int))]
    said, complaint = _heard(declared)
    catalogue = _catalogue(said, local)
    grounds = Grounds(home, around, names)
    found = list(guesses(points, said, catalogue))
    rated = [rating for guess in found if (rating := _rated(guess, points, said, complaint, grounds))]
    if not any(candidate.score >= WORD for candidate, _ in rated):
        rated += _as_declared(points, said, complaint, grounds, local)
    rated = [(_never_guessed(candidate, rated), distance) for candidate, distance in rated]
    rated.sort(key=lambda pair: (-round(pair[0].score, 9), round(pair[1], 1)))
    return [candidate for candidate, _ in rated[:MOST]]


def _heard(declared: Declared | None) -> tuple[Said, Label | None]:
    """What is declared, and what is wrong with that."""
    if declared is None:
        return Said(), None
    try:
        return said_by(declared), None
    except UnknownSystem as fault:
        return Said(), fault.label


def _catalogue(said: Said, local: Local | None) -> dict[int | str, System]:
    """The systems to choose from: those of the declared datum if it is an older one, else all newer ones."""
    if said.datum in ("Xian80", "Beijing54"):
        chosen = [with_local(system, local) for system in older_systems().values() if system.datum == said.datum]
    else:
        chosen = list(systems().values())
    return {system.epsg or system.code: system for system in chosen}


def _rated(
    guess: Guess, points: Points, said: Said, complaint: Label | None, grounds: Grounds
) -> tuple[Candidate, float] | None:
    """The candidate and its points' distance from home, which decides among equals (whole tenths of a degree)."""
    system = guess.system
    try:
        lonlat = to_wgs84(system, _arranged(points[guess.fits], guess.swapped, guess.prefix_added))
    except CrsFault:
        return None
    standing = grounds.standing(lonlat, len(points))
    form = guess.form
    if system.meridian is not None and abs(standing.lon - system.meridian) > STRIP[system.width or 3]:
        form = min(form, OUTSIDE_STRIP)
    agreed, objection = _agreement(system, said)
    score = FORM * form + PLACE * standing.weight + WORD * agreed
    reasons = [guess.evidence, standing.words, *_extra(system, said), *filter(None, (complaint, objection))]
    candidate = Candidate(
        system=system,
        swapped=guess.swapped,
        prefix_added=guess.prefix_added,
        score=score,
        reason=_sentences(reasons),
        inside=standing.inside,
        contradicts=complaint is not None or objection is not None,
    )
    return candidate, standing.distance


def _agreement(system: System, said: Said) -> tuple[float, Label | None]:
    """How far a system is what was declared, 0..1, and the objection where it isn't."""
    if said == Said():
        return 0.0, None
    true = said_of(system)
    if true.prefixed is False and (true.width, true.zone) != (said.width, said.zone):
        lenient = said.without_width(true)
        if lenient != said:
            agreed, objection = _agreement(system, lenient)
            return agreed * SLIGHTLY, objection
    datums = {said.datum, true.datum}
    alike = said.datum is None or len(datums) == 1 or datums == {"CGCS2000", "WGS84"}
    if said.zone is not None and true.zone is not None and (said.zone, said.width) != (true.zone, true.width):
        words = Label(
            f"但文件声明的是 {said.width} 度带第 {said.zone} 带（中央经线 {said.meridian:g}°），与坐标不符",
            f"but the file declares {said.width}-degree zone {said.zone} (central meridian {said.meridian:g}°), which"
            " the coordinates are not in",
        )
        return 0.0, words
    kinds = ((said.geographic, true.geographic), (said.mercator, true.mercator), (said.width, true.width))
    if not alike or any(None not in pair and pair[0] != pair[1] for pair in kinds):
        name = _declared_name(said)
        return 0.0, Label(f"但文件声明的是{name.zh}", f"but the file declares {name.en}")
    return (1.0 if said.datum in (None, true.datum) else SLIGHTLY), None


def _declared_name(said: Said) -> Label:
    try:
        label = meant(said).label
    except UnknownSystem:
        width = f" {said.width} 度带" if said.width else ""
        return Label(f"“{said.datum or ''}{width}”", f"'{said.datum or ''}{width and f' {said.width}-degree'}'")
    return Label(f"“{label.zh}”", f"'{label.en}'")


def _extra(system: System, said: Said) -> list[Label]:
    if system.kind == "shifted" and said.datum != system.datum:
        source = "高德或腾讯地图" if system.datum == "GCJ-02" else "百度地图"
        english = "Amap or Tencent" if system.datum == "GCJ-02" else "Baidu"
        return [Label(f"仅当坐标取自{source}时选用", f"only where the coordinates were taken from {english}")]
    if said.prefixed is False and system.prefixed and said.meridian == system.meridian:
        return [Label("文件声明不带带号，坐标却带有带号", "the file declares eastings without the zone's number")]
    return []


def _never_guessed(candidate: Candidate, rated: Sequence[tuple[Candidate, float]]) -> Candidate:
    """A shifted system that nobody declared goes behind the same degrees unshifted."""
    if candidate.system.kind != "shifted" or candidate.score >= WORD:
        return candidate
    plain = [c.score for c, _ in rated if c.system.kind == "geographic" and c.swapped == candidate.swapped]
    return replace(candidate, score=candidate.score * min(plain, default=1.0))


def _as_declared(
    points: Points, said: Said, complaint: Label | None, grounds: Grounds, local: Local | None
) -> list[tuple[Candidate, float]]:
    """The declared system although the size of the numbers speaks against it, if it can hold them at all."""
    try:
        system = with_local(meant(said), local)
    except UnknownSystem:
        return []
    words = Label(
        f"文件声明为“{system.label.zh}”，但坐标大小与之不符",
        f"declared as '{system.label.en}', which the size of the numbers does not bear out",
    )
    guess = Guess(system, False, 0.0, words, np.ones(len(points), dtype=bool))
    rated = _rated(guess, points, Said(), complaint, grounds)
    if rated is None:
        return []
    candidate, distance = rated
    return [(replace(candidate, score=candidate.score * DOUBTED, contradicts=True), distance)]


def _arranged(points: Points, swapped: bool, prefix: int | None) -> Points:
    arranged = points[:, ::-1] if swapped else points
    return np.add(arranged, (ZONE_STEP * (prefix or 0), 0.0))


def _sentences(parts: Sequence[Label]) -> Label:
    return Label("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))
