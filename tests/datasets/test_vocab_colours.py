"""Colours of vocabularies stay apart for every reader; the maths is checked against published values."""

from itertools import pairwise

import colour_vision
import numpy as np
import pytest

from datasets import vocab

PAPER = "#f6f4ee"
COLOURED = [name for name in vocab.names() if any(term.colour for term in vocab.load(name))]


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ("#ffffff", (1.0, 0.0, 0.0)),
        ("#ff0000", (0.62796, 0.22486, 0.12585)),
        ("#0000ff", (0.45201, -0.03246, -0.31153)),
    ],
)
def test_oklab_has_the_published_values(colour, expected):
    assert np.allclose(colour_vision.oklab(colour), expected, atol=2e-4)


@pytest.mark.parametrize("vision", colour_vision.VISIONS)
def test_a_simulated_reader_sees_greys_as_they_are(vision):
    assert colour_vision.distance("#808080", "#7f7f7f", colour_vision.VISIONS[vision]) < 0.01
    assert np.allclose(colour_vision.VISIONS[vision].sum(axis=1), 1, atol=1e-5)


def test_red_and_green_of_one_lightness_fall_together_for_a_deuteranope():
    seen = colour_vision.distance("#b06a3b", "#7d8a3a", colour_vision.DEUTERANOPIA)
    assert seen < colour_vision.distance("#b06a3b", "#7d8a3a") / 3


def test_stage_and_plot_status_are_coloured():
    assert COLOURED == ["plot_status", "stage"]


@pytest.mark.parametrize("vision", colour_vision.VISIONS)
@pytest.mark.parametrize("name", COLOURED)
def test_neighbours_are_told_apart(name, vision):
    colours = [term.colour for term in vocab.load(name)]
    for first, second in pairwise(colours):
        assert colour_vision.distance(first, second, colour_vision.VISIONS[vision]) >= 0.05, (first, second)


@pytest.mark.parametrize("vision", colour_vision.VISIONS)
def test_a_halted_project_is_told_from_every_other(vision):
    *others, halted = [term.colour for term in vocab.load("stage")]
    assert min(colour_vision.distance(halted, each, colour_vision.VISIONS[vision]) for each in others) >= 0.12


@pytest.mark.parametrize("vision", colour_vision.VISIONS)
def test_plot_statuses_are_all_told_apart(vision):
    colours = [term.colour for term in vocab.load("plot_status")]
    assert colour_vision.closest(colours, colour_vision.VISIONS[vision])[0] >= 0.1


@pytest.mark.parametrize("name", COLOURED)
def test_no_colour_sinks_into_the_map(name):
    for term in vocab.load(name):
        assert colour_vision.distance(term.colour, PAPER) >= 0.1, term


def test_stages_grow_darker_along_a_projects_life():
    *life, _ = [colour_vision.oklab(term.colour)[0] for term in vocab.load("stage")]
    assert life == sorted(life, reverse=True)
