"""What a filter means, feature by feature in plain Python, and features and filters to try it on."""

import math
from datetime import date
from fractions import Fraction

from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box

from geo.model import fields_of
from geo.model.kinds.enterprise import Enterprise
from geo.model.kinds.park import Park
from geo.model.kinds.plot import Plot
from geo.model.kinds.project import Project
from geo.model.kinds.target import Target
from geo.query.filter import Filter

CITY = {
    "410882": "410800",
    "410883": "410800",
    "411082": "411000",
    "410800": "410800",
    "411000": "411000",
    "419001": "419001",
}
SEGMENT = {
    "alpha/up": "upstream",
    "alpha/ore": "upstream",
    "alpha/mid": "midstream",
    "beta/up": "upstream",
    "beta/down": "downstream",
}
MU = Fraction(2000, 3)
ANY = {  # param → kind → attribute
    "place": dict.fromkeys(("park", "plot", "project", "target", "enterprise"), "place"),
    "stage": {"project": "stage", "park": "stage"},
    "park_type": {"park": "park_type"},
    "level": {"park": "level"},
    "status": {"plot": "status"},
    "target_role": {"target": "role"},
    "enterprise_role": {"enterprise": "role"},
}
RANGES = {
    "area": ({"park": "area_m2", "plot": "area_m2"}, MU),
    "amount": ({"park": "amount_wan", "project": "amount_wan"}, Fraction(1)),
    "price": ({"plot": "price_wan_mu"}, Fraction(1)),
}


def matches(wanted, feature, world, leave_out=()):
    """Whether `feature` meets every condition of `wanted`, those on the parameters `leave_out` left aside."""
    verdicts = {
        "kind": not wanted.kinds or feature.kind in wanted.kinds,
        "chain": _chain(wanted, feature),
        "county": not wanted.counties or feature.county in wanted.counties,
        "city": not wanted.cities or CITY[feature.county] in wanted.cities,
        "year": _year(wanted.years, feature.as_of),
        "q": _words(wanted.q, feature, world),
        "bbox": not wanted.bbox or _overlap(wanted.bbox, feature, world),
        "near": not wanted.near or _distance(wanted.near, feature, world) <= wanted.near[2],
    }
    for param, codes in wanted.terms:
        held = getattr(feature, ANY[param].get(feature.kind, ""), "")
        verdicts[param] = bool(held) and held in codes
    for param, bounds in wanted.ranges:
        by_kind, scale = RANGES[param]
        verdicts[param] = _within(getattr(feature, by_kind.get(feature.kind, ""), None), bounds, scale)
    return all(verdict for name, verdict in verdicts.items() if name not in leave_out)


def _chain(wanted, feature):
    if not wanted.segments:
        return not wanted.chains or any(chain in feature.chains for chain in wanted.chains)
    fitting = [node for node in feature.nodes if SEGMENT[node] in wanted.segments]
    return any(not wanted.chains or node.split("/")[0] in wanted.chains for node in fitting)


def _year(years, as_of):
    first, last = years
    if first is None and last is None:
        return True
    return bool(as_of) and (first is None or int(as_of[:4]) >= first) and (last is None or int(as_of[:4]) <= last)


def _words(q, feature, world):
    texts = [getattr(feature, name) for name, field in fields_of(type(feature)).items() if field.searched]
    labels = [world.boundaries.name(feature.county), *(world.chains.chains[chain].label for chain in feature.chains)]
    texts += [label.zh for label in labels] + [label.en for label in labels]
    return all(any(word in text.lower() for text in texts) for word in q.lower().split())


def _overlap(wanted, feature, world):
    west, south, east, north = (
        feature.geometry.bounds if feature.geometry else world.boundaries.unit(feature.county).bbox
    )
    return not (east < wanted[0] or west > wanted[2] or north < wanted[1] or south > wanted[3])


def _distance(near, feature, world):
    if feature.geometry:
        point = feature.geometry.point_on_surface()
        lon, lat = point.x, point.y
    else:
        lon, lat = world.boundaries.unit(feature.county).anchor
    a, b, c, d = map(math.radians, (near[0], near[1], lon, lat))
    cosine = math.sin(b) * math.sin(d) + math.cos(b) * math.cos(d) * math.cos(a - c)
    return 6371.0088 * math.acos(max(-1.0, min(1.0, cosine)))


def _within(value, bounds, scale):
    if value is None:
        return False
    low, high = bounds
    exact = Fraction(value).limit_denominator(10**6) / scale
    return (low is None or exact >= Fraction(low)) and (high is None or exact <= Fraction(high))


TEXTS = st.lists(st.sampled_from(["尼", "龙", "阀", "A", "b", "ab", " ", "区"]), min_size=1, max_size=5).map("".join)
NAMES = TEXTS.map(lambda text: text.strip() or "无")
NUMBERS = st.none() | st.sampled_from([0.0, 1.0, 2000.0, 20000.0, 66666.5, 1e6])
GEOMETRIES = st.none() | st.sampled_from(
    [Point(112.5, 35.5), Point(113.7, 34.2), box(112.2, 34.9, 112.4, 35.1), LineString([(112, 34), (113.6, 34.4)])]
)


@st.composite
def features(draw, made_of=(Park, Plot, Project, Target, Enterprise)):
    """A feature of one of the kinds; its id has to be made unique by the caller."""
    kind = draw(st.sampled_from(made_of))
    values = {
        "id": "x",
        "name": draw(NAMES),
        "name_en": draw(st.sampled_from(["", "Valve", "alpha b"])),
        "county": draw(st.sampled_from(sorted(CITY))),
        "place": draw(st.sampled_from(["", "zone", "town"])),
        "chains": tuple(draw(st.sets(st.sampled_from(["alpha", "beta", "gamma"])))),
        "nodes": tuple(draw(st.sets(st.sampled_from(sorted(SEGMENT)), max_size=3))),
        "precision": "county",
        "source": "test",
        "as_of": draw(st.sampled_from(["", "2014", "2015-03", "2016-02-29", date(2019, 1, 2).isoformat()])),
        "geometry": draw(GEOMETRIES),
    }
    own = {
        "park": {"park_type": _one("", "incubator", "logistics"), "level": _one("", "national"), "area_m2": NUMBERS},
        "plot": {
            "code": st.just("c"),
            "area_m2": NUMBERS,
            "status": _one("available", "granted"),
            "price_wan_mu": NUMBERS,
        },
        "project": {"investor": TEXTS, "amount_wan": NUMBERS, "stage": _one("signed", "built")},
        "target": {"role": _one("target", "actual"), "subject": TEXTS},
        "enterprise": {"role": _one("", "investor", "local")},
    }
    own["park"] |= {"amount_wan": NUMBERS, "stage": _one("", "signed")}
    return kind(**values, **{name: draw(strategy) for name, strategy in own.get(kind.kind, {}).items()})


def numbered(found):
    """The same features with ids of their own."""
    from dataclasses import replace

    return [replace(feature, id=f"f{number}") for number, feature in enumerate(found)]


def _one(*codes):
    return st.sampled_from(codes)


def _some(*codes):
    return st.sets(st.sampled_from(codes), max_size=2).map(tuple)


_BOUNDS = st.sampled_from([(None, None), (1.0, None), (None, 30.0), (3.0, 30.0), (30.0, 1e6), (0.0, 0.0)])


@st.composite
def filters(draw):
    """A filter with few conditions, so that something is selected."""
    conditions = {
        "kinds": _some("park", "plot", "project", "target", "enterprise", "policy"),
        "chains": _some("alpha", "beta", "gamma"),
        "segments": _some("upstream", "midstream", "downstream", "support"),
        "counties": _some(*CITY),
        "cities": _some("410800", "411000", "419001"),
        "years": _one((2015, None), (None, 2015), (2015, 2016), (2019, 2019)),
        "q": _one(
            "尼", "龙阀", "a", "沁阳 a", "ab 区", "Qinyang", "valve", "b a", "不在", "city", "市 尼", "alpha", "a"
        ),
        "bbox": _one((112.3, 35.0, 112.6, 36.0), (113.6, 34.0, 113.9, 34.3), (100, 20, 101, 21), (112, 36, 112, 36)),
        "near": _one((112.5, 35.5, 1), (112.5, 35.5, 80), (113.75, 34.25, 20)),
        "terms": st.lists(
            st.tuples(st.just("stage"), _some("signed", "built"))
            | st.tuples(st.just("place"), _some("zone", "town"))
            | st.tuples(st.just("target_role"), _some("target", "actual"))
            | st.tuples(st.just("enterprise_role"), _some("investor", "local"))
            | st.tuples(st.just("status"), _some("available")),
            max_size=2,
        ).map(tuple),
        "ranges": st.lists(st.tuples(st.sampled_from(sorted(RANGES)), _BOUNDS), max_size=2).map(tuple),
    }
    chosen = draw(st.sets(st.sampled_from(sorted(conditions)), max_size=4))
    return Filter(**{name: draw(conditions[name]) for name in sorted(chosen)})
