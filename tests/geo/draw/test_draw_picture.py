"""The parts of a picture: letters, room, fitting, scale."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import webmap.static_files
from geo.draw import picture
from geo.draw.marks import Mark
from geo.draw.picture import paper, strips, tones, view
from geo.draw.picture.paper import Box, Paper
from geo.draw.picture.room import MOST_PX, spread

FONT = webmap.static_files.UNSERVED / "noto-sans-sc"


@pytest.fixture(scope="module")
def face() -> picture.Typeface:
    return picture.Typeface(FONT)


def test_letters_have_outlines_and_what_the_font_lacks_is_a_box(face) -> None:
    drawn = {letter: face.glyph(letter, 400) for letter in "许A1"}
    assert len({glyph.path for glyph in drawn.values()}) == 3
    assert drawn["许"].advance == 1000 > drawn["A"].advance
    assert face.glyph("许", 600).path != drawn["许"].path
    for strange in ("\ue000", "\U0002ffff", "\ud800"):
        assert face.glyph(strange, 400).path == face.glyph("\ue001", 400).path != ""


def test_every_name_of_a_unit_can_be_written(face, world) -> None:
    units = [*world.boundaries.counties.values(), *world.boundaries.cities.values()]
    box = face.glyph("\ue001", 400).path
    missing = {
        letter for unit in units for letter in unit.name.zh + unit.name.en if face.glyph(letter, 400).path == box
    }
    assert not missing


def test_without_its_font_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(picture.FontMissing, match="make setup"):
        picture.Typeface(tmp_path)


@given(st.text(max_size=30), st.floats(40, 300))
def test_lines_keep_the_text_and_the_room(text: str, room: float) -> None:
    face = _face()
    lines = face.lines(text, 12, room)
    kept = re.sub(r"\s", "", "".join(lines))
    assert kept == re.sub(r"\s", "", text)
    cut = face.cut(text, 12, room)
    assert face.width(cut, 12) <= room or cut == "…"


@given(st.text(max_size=40))
def test_any_text_gives_sound_xml(text: str) -> None:
    from xml.etree import ElementTree as ET

    sheet = Paper(_face())
    sheet.text(10, 10, text, 12, fill="#000", halo="#fff")
    ET.fromstring(sheet.svg(100, 100, (100, 100), text, text))  # noqa: S314 (our own)


_faces: list[picture.Typeface] = []


def _face() -> picture.Typeface:
    if not _faces:
        _faces.append(picture.Typeface(FONT))
    return _faces[0]


def test_boxes_part_but_stay_near_and_fixed_ones_do_not_move() -> None:
    at = np.array([(100.0, 100), (104, 100), (100, 100), (96, 103), (300, 300)])
    size = np.full((5, 2), 24.0)
    fixed = np.array([True, False, False, False, False])
    spots = spread(at, size, fixed, (0, 0, 400, 400))
    assert spots[0].tolist() == [100, 100] and spots[4].tolist() == [300, 300]
    assert (np.hypot(*(spots - at).T) <= MOST_PX + 1e-9).all()
    apart = np.abs(spots[:, None] - spots[None]).max(axis=2)
    np.fill_diagonal(apart, 99)
    assert apart.min() >= 24
    assert np.array_equal(spots, spread(at, size, fixed, (0, 0, 400, 400)))


def test_boxes_stay_in_the_frame() -> None:
    at = np.tile([[5.0, 5.0]], (6, 1))
    spots = spread(at, np.full((6, 2), 20.0), np.zeros(6, np.bool_), (0, 0, 400, 400))
    assert (spots >= 10 - 1e-9).all()


@given(st.floats(0.02, 1e7))
def test_a_bar_is_the_longest_round_length_that_fits(metres: float) -> None:
    length = strips.round_length(metres)
    assert length <= metres < 2.5 * length * (1 + 1e-9)
    assert f"{length:e}"[0] in "125"


def test_the_view_shows_the_whole_box(world) -> None:
    box = world.boundaries.unit("411000").bbox
    frame = Box(0, 60, 1200, 870)
    seen = view.fitted(box, frame, (24, 24, 246, 30))
    corners = seen.pixels(np.array([box[:2], box[2:]]))
    assert (corners[:, 0] >= 24 - 1).all() and (corners[:, 0] <= 1200 - 246 + 1).all()
    assert (corners[:, 1] >= 60 + 24 - 1).all() and (corners[:, 1] <= 870 - 30 + 1).all()
    west, south, east, north = seen.bounds()
    assert west < box[0] and south < box[1] and east > box[2] and north > box[3]


def test_a_few_features_far_away_do_not_widen_the_view(world) -> None:
    def units(**counts: int) -> list[Mark]:
        return [
            Mark(type="county", id=code[1:], lon=0, lat=0, n=n, name="", mix=(), chains=(), kinds=())
            for code, n in counts.items()
        ]

    assert view.extent(units(c411082=99, c410882=1), world) == world.boundaries.unit("411082").bbox
    assert view.extent(units(c411082=90, c410882=10), world) != world.boundaries.unit("411082").bbox
    everything = view.extent([], world)
    assert everything[0] < 111 and everything[2] > 116


def test_outlines_are_those_of_the_map() -> None:
    script = (webmap.static_files.FOLDER / "js/layers/symbols.js").read_text(encoding="utf-8")
    drawn = dict(re.findall(r'^  (\w+): "(M[^"]+)",$', script, re.M))
    assert drawn == tones.OUTLINES


def test_an_outline_is_relative_tenths_without_what_cannot_be_seen() -> None:
    ring = np.array([(0.0, 0), (10, 0), (10.01, 0.01), (10, 10), (0, 0)])
    assert paper.outline(ring, closed=True) == "M0 0l100 0 0 100z"
    assert paper.outline(np.array([(1.0, 1), (1.01, 1), (1, 1)]), closed=True) == ""
