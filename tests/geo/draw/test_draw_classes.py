"""Classes hold every value once, in order, and are no more than the values need."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.draw.classes import METHODS, classify, edges, spread

amounts = st.lists(st.floats(0.01, 1e5).map(lambda v: round(v, 4)), max_size=60)


@pytest.mark.parametrize("method", METHODS)
@given(values=amounts)
def test_every_value_is_in_exactly_one_class_and_no_class_is_empty(method, values):
    values = np.array(values)
    cuts = edges(values, method)
    assert cuts == sorted(cuts) and len(set(cuts[1:])) == len(cuts[1:])
    if not len(values):
        assert cuts == []
        return
    assert cuts[0] <= values.min() and values.max() <= cuts[-1]
    member = classify(values, cuts)
    assert set(member) == set(range(len(cuts) - 1))
    assert 1 <= len(cuts) - 1 <= min(5, len(np.unique(values)))
    for value, at in zip(values, member, strict=True):
        assert (cuts[at] < value or at == 0) and value <= cuts[at + 1]


@pytest.mark.parametrize("method", METHODS)
@given(values=st.lists(st.integers(1, 40).map(float), min_size=1, max_size=60))
def test_counts_are_cut_at_counts(method, values):
    cuts = edges(np.array(values), method, whole=True)
    assert all(cut == int(cut) for cut in cuts)
    assert (cuts[0], cuts[-1]) == (min(values), max(values))


def test_fisher_finds_the_natural_groups():
    groups = [[1, 2, 3], [50, 52], [100, 103], [500, 505], [900, 903]]
    values = np.array([value for group in groups for value in group], float)
    cuts = edges(values, "fisher")
    assert [len(g) for g in groups] == np.bincount(classify(values, cuts)).tolist()


def test_quantiles_hold_equal_numbers():
    values = np.arange(1.0, 51)
    assert np.bincount(classify(values, edges(values, "quantile"))).tolist() == [10] * 5


def test_few_values_make_few_classes():
    assert len(edges(np.array([3.0, 3.0, 7.0]), "fisher")) == 3
    assert edges(np.array([2.0, 2.0]), "quantile", whole=True) == [2, 2]


def test_edges_are_round():
    cuts = edges(np.array([1.0371, 2.92, 8.77, 17.1, 44.9]), "fisher")
    assert all(a < b for a, b in pairwise(cuts))
    assert cuts == [1, 2, 5, 10, 20, 45]


@pytest.mark.parametrize(("count", "found"), [(0, ""), (1, "c"), (2, "ae"), (3, "ace"), (5, "abcde")])
def test_colours_lie_far_apart(count, found):
    assert "".join(spread("abcde", count)) == found
