"""What the address of a request asks for."""

from __future__ import annotations

from flask import g, request

from datasets.labels import DEFAULT_LANGUAGE, LANGUAGES, Label
from geo.model import Feature
from geo.model.registry import UnknownKind
from geo.query.faults import BadParameter, BadParameters
from geo.query.filter import Filter
from webmap.problems import NotHere
from webmap.site import site

# Names that belong to the view, not to the filter; they share the address (design: the address bar holds the whole state).
VIEW_STATE = (
    "view",
    "measure",
    "classes",
    "scale",
    "map",
    "select",
    "sort",
    "offset",
    "limit",
    "lang",
    "v",
    "fragment",
)


def language() -> str:
    """The language asked for by `?lang=`; Chinese where none is. Raises BadParameters for one that is not spoken."""
    wanted = request.args.get("lang", DEFAULT_LANGUAGE)
    if wanted not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise BadParameters(
            (
                BadParameter(
                    "lang", wanted, Label(f"没有这种语言；可用：{known}", f"not a language here; known are {known}")
                ),
            )
        )
    return wanted


def filter_of_request(*allowed: str) -> Filter:
    """The filter in the query string; `allowed` names further parameters that the view handles itself.

    Raises BadParameters, naming every parameter that is unknown or has a bad value.
    """
    language()
    if "filter" not in g:
        here = site()
        g.filter = Filter.parse(request.args.items(multi=True), here.kinds, here.world, allowed=(*VIEW_STATE, *allowed))
    wanted: Filter = g.filter
    return wanted


def kind_called(name: str) -> type[Feature]:
    """The kind of that name; raises NotHere."""
    try:
        return site().kinds.get(name)
    except UnknownKind as error:
        known = ", ".join(error.known)
        raise NotHere(
            Label(f"没有名为 {name} 的类别；可用：{known}", f"no collection {name}; known are {known}")
        ) from error


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    """The value of a parameter that takes one of a few words; raises BadParameters for any other."""
    value = request.args.get(name, default)
    if value not in options:
        known = ", ".join(options)
        raise BadParameters((BadParameter(name, value, Label(f"可用：{known}", f"known are {known}")),))
    return value


def whole(name: str, default: int, low: int, high: int) -> int:
    """The value of a parameter that is a whole number from `low` to `high`; raises BadParameters for any other."""
    text = request.args.get(name, str(default))
    try:
        value = int(text)
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise BadParameters(
            (
                BadParameter(
                    name,
                    text,
                    Label(f"应为 {low} 到 {high} 的整数", f"a whole number from {low} to {high} is expected"),
                ),
            )
        )
    return value


def box(name: str) -> tuple[float, float, float, float] | None:
    """The value of a parameter that is a view's box `west,south,east,north` in degrees; None where it is absent.

    Unlike a filter's bbox it may reach beyond the world, as a map's view does. Raises BadParameters.
    """
    text = request.args.get(name)
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west, east = south, north = (1.0, 0.0)
    if not (west <= east and south <= north):
        raise BadParameters(
            (BadParameter(name, text, Label("应为 西,南,东,北 四个数", "west,south,east,north is expected")),)
        )
    return west, south, east, north
