"""The heat's picture: aligned with Web-Mercator, coloured by a ramp that every reader can follow, fading to nothing."""

import io
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import HUIJI, point, project
from PIL import Image
from sight import VISIONS, distance, lightness

from geo.draw import mercator, palette
from geo.draw.heat import heat
from geo.draw.heat_scale import SCALES


@given(st.floats(-180, 180), st.floats(-85, 85))
def test_the_projection_goes_there_and_back(lon, lat):
    x, y = mercator.fraction(np.array([lon]), np.array([lat]))
    assert np.allclose(np.concatenate(mercator.degrees(x, y)), [lon, lat], atol=1e-9)


def test_the_projection_has_the_known_corners():
    x, y = mercator.fraction(np.array([-180.0, 0.0]), np.array([85.0511287798066, 0.0]))
    assert np.allclose(x, [0, 0.5]) and np.allclose(y, [0, 0.5])


def test_pixels_lie_evenly_between_the_bounds_in_web_mercator(drawn, atlas, grid):
    """Leaflet stretches the picture evenly between its bounds as projected: points must be found that way."""
    where = [(111.0, 33.0), (115.5, 35.9), (113.6, 34.8)]
    found = heat(drawn(*(project(1, county=HUIJI, geometry=point(*at)) for at in where)), atlas, grid)
    (south, west), (north, east) = found.payload()["bounds"]
    (left, right), (top, bottom) = mercator.fraction(np.array([west, east]), np.array([north, south]))
    rows, columns = found.picture.values.shape
    x, y = mercator.fraction(*np.array(where).T)
    for column, row in zip((x - left) / (right - left) * columns, (y - top) / (bottom - top) * rows, strict=True):
        near = found.picture.values[int(row) - 6 : int(row) + 7, int(column) - 6 : int(column) + 7]
        peak = np.unravel_index(near.argmax(), near.shape)
        assert np.abs(np.array(peak) - 6).max() <= 1


@pytest.mark.parametrize("scale", SCALES)
def test_the_png_is_a_palette_whose_darkest_entry_is_the_greatest_density(drawn, atlas, grid, scale):
    found = heat(drawn(project(10, geometry=point(113.8, 34.2))), atlas, grid, scale)
    image = Image.open(io.BytesIO(found.png()))
    assert image.mode == "P"
    levels = np.asarray(image)
    assert image.size == found.picture.values.shape[::-1]
    assert levels.max() >= 250  # the resampled peak may be a little below the grid's
    assert levels.flat[found.picture.values.argmax()] == levels.max()
    alpha = np.asarray(image.convert("RGBA"))[..., 3]
    assert (alpha[0] == 0).all() and (alpha[:, 0] == 0).all()
    assert alpha.max() == round(255 * palette.OPACITY)


def test_a_veiled_png_has_the_same_colours_and_less_of_them():
    position = np.linspace(0, 1, 256).reshape(16, 16)
    usual, veiled = (
        np.asarray(Image.open(io.BytesIO(palette.png(position, *more))).convert("RGBA")).astype(int)
        for more in ((), (0.9,))
    )
    assert (usual[..., :3] == veiled[..., :3]).all()
    assert np.abs(veiled[..., 3] - usual[..., 3] * 0.9).max() <= 1
    assert veiled[..., 3].max() < usual[..., 3].max()


@pytest.mark.parametrize("scale", SCALES)
@given(shares=st.lists(st.floats(0, 1), min_size=2, max_size=20))
def test_scales_are_monotonic_from_0_to_1(scale, shares):
    position = SCALES[scale].position(np.sort(np.array([0, *shares, 1])))
    assert (np.diff(position) >= 0).all()
    assert (position[0], position[-1]) == (0, 1)


@pytest.mark.parametrize("scale", SCALES)
@given(greatest=st.floats(1e-5, 1e4))
def test_legends_have_a_few_round_values_that_are_told_apart(scale, greatest):
    ticks = SCALES[scale].ticks(greatest)
    assert 2 <= len(ticks) <= 7
    assert ticks == sorted(ticks, reverse=True) and ticks[0] <= greatest
    assert all(f"{tick:.0e}" == f"{tick:.0e}" and float(f"{tick:.0e}") == pytest.approx(tick) for tick in ticks)


def test_a_legend_shows_the_pictures_own_colours(drawn, atlas, grid):
    found = heat(drawn(project(10, geometry=point(113.8, 34.2))), atlas, grid, "sqrt")
    image = Image.open(io.BytesIO(found.png()))
    colours = {f"#{r:02x}{g:02x}{b:02x}" for r, g, b in np.array(image.getpalette()).reshape(-1, 3)}
    for row in found.payload()["legend"]:
        assert min(distance(row["colour"], colour, "normal") for colour in colours) < 0.005
        at = float(SCALES["sqrt"].position(np.array([row["value"] / found.max]))[0])
        assert row["opacity"] == palette.opacity(at)


@pytest.mark.parametrize("vision", VISIONS)
def test_the_ramp_darkens_evenly_for_every_reader(vision):
    shades = [lightness(colour, vision) for colour in palette.RAMP]
    assert shades == sorted(shades, reverse=True)
    assert min(distance(a, b, vision) for a, b in pairwise(palette.RAMP)) >= 0.05
