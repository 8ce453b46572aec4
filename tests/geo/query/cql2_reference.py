"""The same filters on a GeoDataFrame: pandas has truth of three values of its own, shapely and datetime do the rest.

`filters()` draws filters as CQL2 JSON, `text_of` writes one as CQL2 text, `evaluated` asks pandas.
"""

from __future__ import annotations

import math
import random
import re
import unicodedata
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import strategies as st

from geo.model import Feature
from geo.model.kinds.project import Project

NUMBERS = ("amount_wan", "amount_min_wan", "amount_max_wan")
TEXTS = ("name", "name_en", "stage", "county", "investor", "source")
DATES = ("as_of", "signed_on")
WORDS = (
    "",
    "长葛",
    "Sanyuan",
    "SANYUAN",
    "sanyuan",
    "é",
    "Café",
    "尼龙_1",
    "100%",
    "a\\b",
    "it's",
    "长葛市尼龙",
    "Z",
    "z",
)
DAYS = (
    "",
    "2021",
    "2022",
    "2022-Q1",
    "2022-Q3",
    "2022-03",
    "2022-12",
    "2022-03-03",
    "2022-03-31",
    "2021-12-31",
    "2024-02-29",
)
STAGES = ("", "signed", "built", "talks")
CHAINS = ("alpha", "beta", "gamma")
AROUND = (112.0, 34.0, 114.0, 36.0)
NULL = pd.NA


def features(count: int = 120, seed: int = 7) -> list[Feature]:
    """Projects whose fields hold what a filter may trip over, many of them nothing."""
    draw = random.Random(seed)  # noqa: S311
    return [
        Project.from_row(
            {
                "id": f"p{number}",
                "name": draw.choice(WORDS[1:]),
                "name_en": draw.choice(WORDS),
                "county": draw.choice(("410882", "410883", "411082")),
                "chains": draw.sample(CHAINS, draw.randint(0, 3)),
                "precision": "surveyed",
                "source": draw.choice(WORDS[1:]),
                "as_of": draw.choice(DAYS),
                "signed_on": draw.choice(DAYS),
                "demo": draw.random() < 0.3,
                "investor": draw.choice(WORDS),
                "stage": draw.choice(STAGES[1:]),
                "amount_wan": draw.choice((None, 0, 1, 2.5, 100, 1e6)),
                "amount_min_wan": draw.choice((None, 0, 1, 3)),
                "amount_max_wan": draw.choice((None, 2, 7, 100)),
            },
            _shape(draw),
        )
        for number in range(count)
    ]


def _shape(draw: random.Random) -> Any:
    kind = draw.randrange(6)
    x, y = round(draw.uniform(112, 114), 1), round(draw.uniform(34, 36), 1)
    w, h = draw.choice((0.1, 0.5)), draw.choice((0.1, 0.5))
    return [
        None,
        shapely.Point(x, y),
        shapely.LineString([(x, y), (x + w, y + h), (x + w, y)]),
        shapely.box(x, y, x + w, y + h),
        shapely.MultiPolygon([shapely.box(x, y, x + w, y + h), shapely.box(x + 1, y, x + 1 + w, y + h)]),
        shapely.Polygon(
            [(x, y), (x + 1, y), (x, y + 1)], [[(x + 0.1, y + 0.1), (x + 0.2, y + 0.1), (x + 0.1, y + 0.2)]]
        ),
    ][kind]


def frame(made: list[Feature]) -> gpd.GeoDataFrame:
    """The features as a GeoDataFrame, missing values as NA."""
    rows = [
        {name: (NULL if value in ("", None) else value) for name, value in feature.payload().items()}
        for feature in made
    ]
    return gpd.GeoDataFrame(pd.DataFrame(rows, dtype=object), geometry=[feature.geometry for feature in made], crs=4326)


# -- drawing filters ---------------------------------------------------------------------------------------------------

_number = st.sampled_from((0, 1, 2.5, 3, -1, 100, 1e6, 0.1))
_word = st.sampled_from(WORDS[1:])
_day = st.sampled_from(
    ("2021-12-31", "2022-01-01", "2022-03-03", "2022-03-31", "2022-06-15", "2023-01-01", "2024-02-29")
)
_moment = st.sampled_from(
    ("2022-03-03T00:00:00Z", "2022-03-03T12:00:00Z", "2021-12-31T23:59:59.5Z", "2024-03-01T00:00:00Z")
)
_comparison = st.sampled_from(("=", "<>", "<", ">", "<=", ">="))


def _property(names: tuple[str, ...]) -> st.SearchStrategy[Any]:
    return st.sampled_from(names).map(lambda name: {"property": name})


def _op(name: Any, *arguments: Any) -> st.SearchStrategy[Any]:
    named = name if isinstance(name, st.SearchStrategy) else st.just(name)
    return st.tuples(named, st.tuples(*arguments)).map(lambda both: {"op": both[0], "args": list(both[1])})


_numeric = st.recursive(
    _number | _property(NUMBERS),
    lambda inner: _op(st.sampled_from(("+", "-", "*", "/", "%", "div", "^")), inner, inner),
    max_leaves=4,
)
_textual = _word | _property(TEXTS) | _op(st.sampled_from(("casei", "accenti")), _word | _property(TEXTS))
_pattern = st.lists(
    st.sampled_from(("%", "_", "长", "葛", "a", "S", "\\%", "\\_", "é", "尼龙", "\\\\", "1")), max_size=5
).map("".join)
_instant = _property(DATES) | _day.map(lambda d: {"date": d}) | _moment.map(lambda t: {"timestamp": t})
_open = st.just("..")


def _interval(ends: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(ends | _open, ends | _open).map(lambda e: {"interval": list(e if ".." in e else sorted(e))})


_stretch = _interval(_day) | _interval(_moment) | _property(DATES)
_of_properties = st.tuples(_property(DATES) | _open, _property(DATES) | _open).map(lambda e: {"interval": list(e)})
_corner = st.tuples(
    st.sampled_from(np.arange(111.8, 114.6, 0.1).round(1).tolist()),
    st.sampled_from(np.arange(33.8, 36.6, 0.1).round(1).tolist()),
)


@st.composite
def _literal_shape(draw: Any) -> dict[str, Any]:
    (x, y), (u, v) = draw(_corner), draw(_corner)
    kind = draw(st.sampled_from(("bbox", "Point", "LineString", "Polygon", "MultiPoint")))
    if kind == "bbox":
        return {"bbox": [min(x, u), min(y, v), round(max(x, u) + 0.1, 1), round(max(y, v) + 0.1, 1)]}
    if kind == "Point":
        return {"type": kind, "coordinates": [x, y]}
    if kind == "LineString":
        return {"type": kind, "coordinates": [[x, y], [round(u + 0.05, 2), v]]}
    if kind == "MultiPoint":
        return {"type": kind, "coordinates": [[x, y], [u, v]]}
    return {
        "type": kind,
        "coordinates": [[[x, y], [round(x + 0.7, 1), y], [round(x + 0.7, 1), round(y + 0.4, 1)], [x, y]]],
    }


_geometry = {"property": "geometry"}
_spatial = st.sampled_from(
    [f"s_{n}" for n in ["intersects", "disjoint", "equals", "touches", "crosses", "overlaps", "within", "contains"]]
)
_for_instants = st.sampled_from(["t_after", "t_before", "t_disjoint", "t_equals", "t_intersects"])
_for_stretches = st.sampled_from(
    [
        f"t_{n}"
        for n in [
            "contains",
            "during",
            "finishedby",
            "finishes",
            "meets",
            "metby",
            "overlappedby",
            "overlaps",
            "startedby",
            "starts",
        ]
    ]
)
_arrays = st.sampled_from(("a_contains", "a_containedBy", "a_equals", "a_overlaps"))
_some_chains = st.lists(st.sampled_from((*CHAINS, "none")), min_size=2, max_size=3, unique=True)

_predicate = st.one_of(
    _op(_comparison, _numeric, _numeric),
    _op(_comparison, _textual, _textual),
    _op(_comparison, _instant, _instant),
    _op(st.sampled_from(("=", "<>")), st.just({"property": "demo"}), st.booleans()),
    _op("between", _numeric, _number, _number),
    _op("between", _property(DATES), _day.map(lambda d: {"date": d}), _day.map(lambda d: {"date": d})),
    _op("in", _property(TEXTS), st.lists(_word, min_size=1, max_size=4)),
    _op("in", _property(NUMBERS), st.lists(_number, min_size=1, max_size=4)),
    _op("in", _op("casei", _property(TEXTS)), st.lists(_op("casei", _word), min_size=2, max_size=3)),
    _op("like", _property(TEXTS), _pattern),
    _op("like", _op("casei", _property(TEXTS)), _op("casei", _pattern)),
    _op("isNull", _property((*NUMBERS, *TEXTS, *DATES, "geometry", "demo", "chains"))),
    _op(_spatial, st.just(_geometry), _literal_shape()),
    _op(_spatial, _literal_shape(), st.just(_geometry)),
    _op(_for_instants, _instant | _stretch, _instant | _stretch | _of_properties),
    _op(_for_stretches, _stretch, _stretch | _of_properties),
    _op(_arrays, st.just({"property": "chains"}), _some_chains),
    _op(_arrays, _some_chains, st.just({"property": "chains"})),
)


def filters() -> st.SearchStrategy[Any]:
    """CQL2 filters on projects, in their JSON form."""
    return st.recursive(
        _predicate,
        lambda inner: (
            _op(st.sampled_from(("and", "or")), inner, inner) | _op("not", inner) | _op("and", inner, inner, inner)
        ),
        max_leaves=6,
    )


# -- writing them as text ----------------------------------------------------------------------------------------------


def text_of(node: Any) -> str:
    """CQL2 text that means the same."""
    if isinstance(node, bool):
        return "TRUE" if node else "FALSE"
    if isinstance(node, str):
        return "'" + node.replace("'", "''") + "'"
    if isinstance(node, int | float):
        return repr(node)
    if isinstance(node, list):
        return f"({', '.join(map(text_of, node))})"
    if "op" not in node:
        return _object_text(node)
    op, arguments = node["op"].lower(), node["args"]
    written = [text_of(argument) for argument in arguments]
    if op in ("and", "or", "=", "<>", "<", ">", "<=", ">=", "like", "in", "+", "-", "*", "/", "%", "div", "^"):
        return "(" + f" {op.upper()} ".join(written) + ")"
    if op == "not":
        return f"(NOT {written[0]})"
    if op == "isnull":
        return f"{written[0]} IS NULL"
    if op == "between":
        return f"({written[0]} BETWEEN {written[1]} AND {written[2]})"
    return f"{op.upper()}({', '.join(written)})"


def _object_text(node: dict[str, Any]) -> str:
    if "property" in node:
        return str(node["property"])
    for key in ("date", "timestamp"):
        if key in node:
            return f"{key.upper()}('{node[key]}')"
    if "interval" in node:
        return f"INTERVAL({', '.join(map(text_of, node['interval']))})"
    if "bbox" in node:
        return f"BBOX({', '.join(map(repr, node['bbox']))})"
    return shapely.to_wkt(shapely.geometry.shape(node), rounding_precision=-1)


# -- asking pandas -----------------------------------------------------------------------------------------------------


def evaluated(node: Any, table: gpd.GeoDataFrame) -> pd.Series[Any]:
    """The verdict on every row, of pandas' nullable boolean type."""
    op, arguments = node["op"].lower(), node["args"]
    if op in ("and", "or"):
        found = evaluated(arguments[0], table)
        for argument in arguments[1:]:
            other = evaluated(argument, table)
            found = found & other if op == "and" else found | other
        return found
    if op == "not":
        return ~evaluated(arguments[0], table)
    if op == "isnull":
        column = table[arguments[0]["property"]]
        return pd.Series([value is None or value is NULL for value in column], dtype="boolean")
    if op.startswith("s_"):
        return _of_shapes(op[2:], *(_shape_of(argument, table) for argument in arguments))
    if op.startswith("a_"):
        return _by_row(_SETS[op], *(_set_of(argument, table) for argument in arguments))
    if op.startswith("t_"):
        return _by_row(
            lambda one, other: _relation(op[2:], one, other), *(_times(argument, table) for argument in arguments)
        )
    if op == "between":
        value, low, high = arguments
        return evaluated({"op": ">=", "args": [value, low]}, table) & evaluated(
            {"op": "<=", "args": [value, high]}, table
        )
    if op == "in":
        equal = [evaluated({"op": "=", "args": [arguments[0], one]}, table) for one in arguments[1]]
        return _any(equal)
    if any(_is_time(argument) for argument in arguments):
        return _by_row(
            lambda one, other: _certain(op, one, other), *(_times(argument, table) for argument in arguments)
        )
    values = [_values(argument, table) for argument in arguments]
    if op == "like":
        return _by_row(lambda text, pattern: re.fullmatch(_regex(pattern), text, re.DOTALL) is not None, *values)
    return _by_row(_COMPARE[op], *values)


_COMPARE: dict[str, Any] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
_SETS = {
    "a_contains": lambda a, b: a >= b,
    "a_containedby": lambda a, b: a <= b,
    "a_equals": lambda a, b: a == b,
    "a_overlaps": lambda a, b: bool(a & b),
}


def _any(found: list[pd.Series[Any]]) -> pd.Series[Any]:
    whole = found[0]
    for one in found[1:]:
        whole = whole | one
    return whole


def _by_row(verdict: Any, one: list[Any], other: list[Any]) -> pd.Series[Any]:
    return pd.Series(
        [NULL if a is NULL or b is NULL else _boolean(verdict(a, b)) for a, b in zip(one, other, strict=True)],
        dtype="boolean",
    )


def _boolean(value: Any) -> Any:
    return NULL if value is NULL else bool(value)


def _values(node: Any, table: gpd.GeoDataFrame) -> list[Any]:
    if not isinstance(node, dict):
        return [node] * len(table)
    if "property" in node:
        return list(table[node["property"]])
    arguments = [_values(argument, table) for argument in node["args"]]
    return [NULL if any(a is NULL for a in row) else _function(node["op"], row) for row in zip(*arguments, strict=True)]


def _function(op: str, row: tuple[Any, ...]) -> Any:
    if op == "casei":
        return row[0].casefold()
    if op == "accenti":
        return "".join(c for c in unicodedata.normalize("NFD", row[0]) if unicodedata.category(c) != "Mn")
    a, b = (float(value) for value in row)
    try:
        value = {
            "+": lambda: a + b,
            "-": lambda: a - b,
            "*": lambda: a * b,
            "/": lambda: a / b,
            "%": lambda: math.fmod(a, b),
            "div": lambda: float(math.trunc(a / b)),
            "^": lambda: a**b,
        }[op]()
    except (ZeroDivisionError, OverflowError, ValueError):
        return NULL
    return value if isinstance(value, float) and math.isfinite(value) else NULL


def _regex(pattern: str) -> str:
    return re.sub(
        r"\\(.)|(%)|(_)|(.)",
        lambda m: ".*" if m[2] else "." if m[3] else re.escape(m[1] or m[4]),
        pattern,
        flags=re.DOTALL,
    )


def _is_time(node: Any) -> bool:
    return isinstance(node, dict) and ("date" in node or "timestamp" in node or node.get("property") in DATES)


_DAY = pd.Timedelta(days=1)
_TICK = pd.Timedelta(microseconds=1)
_FIRST, _LAST = pd.Timestamp("1700-01-01"), pd.Timestamp("2200-01-01")


def _times(node: Any, table: gpd.GeoDataFrame) -> list[Any]:
    """Triples (first moment, last moment, whether they are days); the last moment of a day is its midnight."""
    if "property" in node:
        return [_period(value) for value in table[node["property"]]]
    if "date" in node:
        return [(*[pd.Timestamp(node["date"])] * 2, True)] * len(table)
    if "timestamp" in node:
        return [(*[pd.Timestamp(node["timestamp"]).tz_localize(None)] * 2, False)] * len(table)
    low, high = (_end(each, table) for each in node["interval"])
    return [_joined(a, b) for a, b in zip(low, high, strict=True)]


def _end(node: Any, table: gpd.GeoDataFrame) -> list[Any]:
    if node == "..":
        return [None] * len(table)
    return _times(
        {"date": node}
        if isinstance(node, str) and "T" not in node
        else {"timestamp": node}
        if isinstance(node, str)
        else node,
        table,
    )


def _joined(low: Any, high: Any) -> Any:
    if low is NULL or high is NULL:
        return NULL
    daily = all(each[2] for each in (low, high) if each)
    first, last = low[0] if low else _FIRST, high[1] if high else _LAST
    return (first, last, daily) if first <= last else NULL  # an interval that ends before it begins is none


def _period(value: Any) -> Any:
    if value is NULL:
        return NULL
    period = pd.Period(value.replace("-Q", "Q"), freq=None)
    return (period.start_time, period.end_time.normalize(), True)


def _same_grain(one: Any, other: Any) -> tuple[Any, Any, Any, Any]:
    if one[2] != other[2]:
        one, other = ((e[0], e[1] + _DAY - _TICK if e[2] and e[1] != _LAST else e[1], False) for e in (one, other))
    return one[0], one[1], other[0], other[1]


def _certain(op: str, one: Any, other: Any) -> Any:
    """True or false where it is so for every moment of both, NA otherwise."""
    a, b, c, d = _same_grain(one, other)
    verdicts = {_COMPARE[op](x, y) for x, y in ((a, c), (a, d), (b, c), (b, d))}
    if op in ("=", "<>") and len(verdicts) == 1 and (a, b) != (c, d) and a <= d and c <= b:
        return NULL  # they share a moment that is no end of theirs
    return verdicts.pop() if len(verdicts) == 1 else NULL


def _relation(name: str, one: Any, other: Any) -> bool:
    a, b, c, d = _same_grain(one, other)
    return bool(
        {
            "after": d < a,
            "before": b < c,
            "disjoint": b < c or d < a,
            "intersects": not (b < c or d < a),
            "equals": (a, b) == (c, d),
            "contains": a < c and d < b,
            "during": c < a and b < d,
            "finishedby": a < c and b == d,
            "finishes": c < a and b == d,
            "meets": b == c,
            "metby": a == d,
            "overlappedby": c < a < d < b,
            "overlaps": a < c < b < d,
            "startedby": a == c and d < b,
            "starts": a == c and b < d,
        }[name]
    )


def _set_of(node: Any, table: gpd.GeoDataFrame) -> list[Any]:
    return [set(value) for value in table[node["property"]]] if isinstance(node, dict) else [set(node)] * len(table)


def _shape_of(node: Any, table: gpd.GeoDataFrame) -> Any:
    if "property" in node:
        return table.geometry
    shape = shapely.box(*node["bbox"]) if "bbox" in node else shapely.geometry.shape(node)
    return gpd.GeoSeries([shape] * len(table), crs=4326)


def _of_shapes(relation: str, one: Any, other: Any) -> pd.Series[Any]:
    call = {"equals": "geom_equals"}.get(relation, relation)
    verdict = getattr(one, call)(other, align=False).astype("boolean")
    return verdict.mask(one.isna() | other.isna())
