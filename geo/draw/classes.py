"""Classes for a map of values: where to cut, and which colours to take."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from geo.draw import figures

MOST = 5

Values = NDArray[np.float64]


def edges(values: Values, method: str, *, whole: bool = False) -> list[float]:
    """The edges of at most five classes over positive values, lowest first; empty where there is no value.

    Fewer classes where fewer values differ. Every edge is the roundest number that cuts the values where `method`
    (a key of METHODS) does; with `whole` the outermost are the least and the greatest value.
    """
    distinct = np.unique(values)
    if not len(distinct):
        return []
    if len(distinct) <= MOST:
        uppers = distinct[:-1]
    else:
        uppers = np.unique(METHODS[method](np.sort(values)))
        uppers = uppers[uppers < distinct[-1]]
    following = distinct[np.searchsorted(distinct, uppers, side="right")]
    inner = [figures.roundest(low, high) for low, high in zip(uppers.tolist(), following.tolist(), strict=True)]
    least, greatest = float(distinct[0]), float(distinct[-1])
    if whole:
        return [least, *inner, greatest]
    return [figures.round_down(least), *inner, figures.round_up(greatest)]


def classify(values: Values, cuts: Sequence[float]) -> NDArray[np.intp]:
    """The class of each value; a class holds its upper edge, the lowest one its lower edge too."""
    return np.searchsorted(np.asarray(cuts[1:-1]), values, side="left")


def spread(ramp: Sequence[str], count: int) -> list[str]:
    """`count` colours of a ramp, as far apart as it allows; the middle one for a single class."""
    if count < 1:
        return []
    if count == 1:
        return [ramp[len(ramp) // 2]]
    return [ramp[at] for at in np.rint(np.linspace(0, len(ramp) - 1, count)).astype(int)]


def _fisher(ordered: Values) -> Values:
    """The greatest value of each class but the last, where the squared deviations within classes are least."""
    import jenkspy

    return np.asarray(jenkspy.jenks_breaks(ordered.tolist(), n_classes=MOST)[1:-1], np.float64)


def _quantile(ordered: Values) -> Values:
    """The greatest value of each class but the last, where classes hold about as many values each."""
    return np.quantile(ordered, np.arange(1, MOST) / MOST, method="inverted_cdf")


METHODS: Mapping[str, Callable[[Values], Values]] = {"fisher": _fisher, "quantile": _quantile}
