"""The picture of a view, as SVG and as PNG: for mail, messengers and print."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import numpy as np
from flask import Blueprint, Response, request, url_for

from datasets.labels import Label
from geo.draw import picture
from geo.draw.choropleth import MEASURES
from geo.draw.classes import METHODS
from geo.draw.heat import heat
from geo.draw.heat_scale import SCALES
from geo.query.faults import BadParameter, BadParameters
from geo.query.filter import Filter
from geo.query.parameters import parameters
from geo.query.selection import Rows, Selection
from webmap.asking import choice, filter_of_request, language
from webmap.caching import answer
from webmap.present import fields
from webmap.present.conditions import condition
from webmap.present.reader import Reader
from webmap.problems import NotHere, Refusal
from webmap.site import site
from webmap.static_files import UNSERVED
from webmap.views.api_map import DEFAULT_SCALE
from webmap.views.pages_render import Frame, appearance, reader

VIEWS = ("none", "heat", "choropleth")
THEMES = ("light",)
SMALLEST, LARGEST = 200, 2400
USUAL = (1200, 900)
LEAST_ZOOM, MOST_ZOOM = 3.0, 18.0
MOST_LATITUDE = 85.0
SETUP_S = 3600
FONT = UNSERVED / "noto-sans-sc"
FEATURE_ZOOM = 12.5  # of a picture of one feature: its county lies around it
OWN = ("size", "center", "zoom", "legend", "theme", "feature")
SHARED_SIZE = (1200, 630)  # what messengers show beside a link
PICTURED = ("view", "measure", "classes", "scale", "map", "lang")
NUMBER = r"-?\d{1,3}(?:\.\d{1,12})?"

blueprint = Blueprint("pictures", __name__)


@blueprint.get("/map.svg")
def svg() -> Response:
    """The view as SVG."""
    wanted, look = _asked()
    return answer(lambda: Response(_drawn(wanted, look), mimetype="image/svg+xml"), version=_version())


@blueprint.get("/map.png")
def png() -> Response:
    """The view as PNG."""
    wanted, look = _asked()
    return answer(lambda: Response(picture.png(_drawn(wanted, look)), mimetype="image/png"), version=_version())


def _version() -> str:
    return f"{site().snapshot.version}-{appearance()}"


@blueprint.app_template_global()
def picture_href() -> str:
    """The picture of the map that this page's address asks for."""
    return Reader.address(url_for("pictures.png"), _of_this_page())


@blueprint.app_template_global()
def shared_picture(unit: str = "", feature: str = "") -> str:
    """The whole address of the picture that stands beside a link to this page; unit: a county's, city's or
    place's own; feature: of that alone, kind/id."""
    query = list(_of_this_page())
    if feature:
        query = [("feature", feature), *(pair for pair in query if pair[0] == "lang")]
    elif unit:
        known = site().world.boundaries
        name = "county" if unit in known.counties else "city" if unit in known.cities else "place"
        query = [(name, unit), *(pair for pair in query if pair[0] == "lang")]
    width, height = SHARED_SIZE
    return Reader.address(url_for("pictures.png", _external=True), [*query, ("size", f"{width}x{height}")])


def _of_this_page() -> list[tuple[str, str]]:
    """The filter of this page's address and how its map looks."""
    kept = (*parameters(site().kinds).names, *PICTURED)
    return [(name, value) for name, value in request.args.items(multi=True) if name in kept]


def _asked() -> tuple[Filter, picture.Look]:
    """The filter and the look; raises BadParameters, naming every parameter of the look that has a bad value."""
    wanted = filter_of_request(*OWN)
    choice("theme", THEMES, THEMES[0])
    faults: list[BadParameter] = []
    width, height = _size(faults)
    centre, zoom = _place(faults)
    if faults:
        raise BadParameters(tuple(faults))
    view = choice("view", VIEWS, "none")
    return wanted, picture.Look(
        width=width,
        height=height,
        view=view,  # type: ignore[arg-type]
        measure=choice("measure", tuple(MEASURES), "projects"),
        classes=choice("classes", tuple(METHODS), "fisher"),
        scale=choice("scale", tuple(SCALES), DEFAULT_SCALE),
        centre=centre,
        zoom=zoom,
        legend=choice("legend", ("0", "1"), "1") == "1",
        chosen=tuple(value for name, value in wanted.active() if name in ("county", "city")),
        lang=language(),
    )


def _size(faults: list[BadParameter]) -> tuple[int, int]:
    text = request.args.get("size")
    if text is None:
        return USUAL
    found = re.fullmatch(r"(\d{1,5})[xX×](\d{1,5})", text)
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
        says = Label(
            f"应为 宽x高，例如 1200x900，各边 {SMALLEST} 到 {LARGEST} 像素",
            f"WIDTHxHEIGHT is expected, as 1200x900, each from {SMALLEST} to {LARGEST} pixels",
        )
        faults.append(BadParameter("size", text, says))
        return USUAL
    return width, height


def _place(faults: list[BadParameter]) -> tuple[tuple[float, float] | None, float | None]:
    """Centre (lon, lat) and zoom, by `center` and `zoom` or as the map's address has them, `map=zoom/lat/lon`."""
    centre, zoom = None, None
    if text := request.args.get("map"):
        found = re.fullmatch(f"({NUMBER})/({NUMBER})/({NUMBER})", text)
        if found:
            zoom, centre = float(found[1]), (float(found[3]), float(found[2]))
        if not found or not _sound(centre, zoom):
            says = Label("应为 级别/纬度/经度，例如 9/34.1/113.8", "zoom/lat/lon is expected, as 9/34.1/113.8")
            faults.append(BadParameter("map", text, says))
    if text := request.args.get("center"):
        found = re.fullmatch(f"({NUMBER}),({NUMBER})", text.replace(" ", ""))
        centre = (float(found[1]), float(found[2])) if found else None
        if not found or not _sound(centre, None):
            says = Label("应为 经度,纬度，例如 113.77,34.22", "lon,lat is expected, as 113.77,34.22")
            faults.append(BadParameter("center", text, says))
    if text := request.args.get("zoom"):
        zoom = float(text) if re.fullmatch(NUMBER, text) else None
        if zoom is None or not _sound(None, zoom):
            least, most = f"{LEAST_ZOOM:g}", f"{MOST_ZOOM:g}"
            says = Label(f"应为 {least} 到 {most} 的数", f"a number from {least} to {most} is expected")
            faults.append(BadParameter("zoom", text, says))
    return centre, zoom


def _sound(centre: tuple[float, float] | None, zoom: float | None) -> bool:
    return (centre is None or (abs(centre[0]) <= 180 and abs(centre[1]) <= MOST_LATITUDE)) and (
        zoom is None or LEAST_ZOOM <= zoom <= MOST_ZOOM
    )


def _drawn(wanted: Filter, look: picture.Look) -> str:
    here = site()
    selection, says = here.select(wanted), words(wanted, look)
    if text := request.args.get("feature"):
        kind, row = _row_of(text)
        rows = selection.snapshot.table(kind).rows
        own = selection.chosen(kind) if kind in selection.kinds else Rows.none(rows)
        selection = Selection(selection.snapshot, {kind: own.among(np.array([row], np.intp))})
        county = str(selection.snapshot.table(kind).record(row)["county"])
        look = replace(look, nearest=FEATURE_ZOOM, chosen=look.chosen or (county,))
        says = _words_of_feature(says, kind, row)
    made = heat(selection, here.world, here.heat_grid, look.scale, look.lang) if look.view == "heat" else None
    return picture.draw(selection, here.world, typeface(), look, says, made)


def _row_of(text: str) -> tuple[str, int]:
    """Kind and row of the feature kind/id; raises NotHere."""
    kind, _, feature_id = text.partition("/")
    row = site().row_of(kind, feature_id)
    if row is None:
        raise NotHere(
            Label(
                f"没有“{text}”，可能已撤下；feature 的写法是 类别/编号。",
                f"There is no '{text}'; it may have been withdrawn. A feature is written kind/id.",
            )
        )
    return kind, row


def _words_of_feature(says: picture.Words, kind: str, row: int) -> picture.Words:
    """What a picture of one feature says: its name, what and where it is, and how exactly that is known."""
    who = reader()
    record = who.snapshot.table(kind).record(row)
    units = [str(record.get(name) or "") for name in ("city", "county")]
    where = [who.unit_name(code) for code in dict.fromkeys(units) if code]
    if place := str(record.get("place") or ""):
        where.append(who.place_name(place))
    known = fields.term("precision", str(record["precision"]), who).text
    return replace(
        says,
        title=who.title_of(record),
        conditions=says.separator.join([says.kinds[kind], " · ".join(where)]),
        shown=lambda _total, _outside: who.t("picture.precision", precision=known),
    )


@cache
def typeface() -> picture.Typeface:
    """The font of the pictures; raises Refusal where it is not installed."""
    try:
        return picture.Typeface(FONT)
    except picture.FontMissing as error:
        raise Refusal(error.label, 503, SETUP_S) from error


def words(wanted: Filter, look: picture.Look) -> picture.Words:
    """What a picture of `wanted` says, in the language of the request."""
    who, frame = reader(), Frame()
    separator = who.t("picture.separator")
    view = "" if look.view == "none" else who.t(f"map.view_{look.view}")

    def shown(total: int, outside: int) -> str:
        key = "picture.shown_outside" if outside else "picture.shown"
        return who.t(key, n=total, outside=outside)

    def length(metres: float) -> str:
        if metres < 1000:
            return who.t("unit.metres", n=f"{metres:g}")
        return who.t("unit.kilometres", n=f"{metres / 1000:g}")

    return picture.Words(
        title=" – ".join(part for part in (frame.title, view) if part),
        conditions=separator.join(condition(param, value, who) for param, value in wanted.active()),
        shown=shown,
        imprint=(
            who.t("site.map_approval", number=frame.map_approval) if frame.map_approval else "",
            who.t("site.data_date", date=frame.data_date) if frame.data_date else "",
            who.t("site.data_source", source=frame.boundaries),
        ),
        demo=who.t("site.demo_badge"),
        kinds={kind.kind: kind.title.text(who.lang) for kind in who.kinds},
        symbols={kind.kind: kind.symbol for kind in who.kinds},
        chains=who.t("js.legend_chains"),
        no_chain=who.t("js.no_chain"),
        signs=who.t("js.legend_kinds"),
        ring=who.t("js.legend_ring"),
        badge=who.t("js.legend_badge"),
        demo_sign=who.t("js.demo"),
        heat=who.t("js.legend_heat"),
        measure=who.t(f"js.measure_{look.measure}"),
        length=length,
        separator=separator,
        enumeration=who.t("js.list_separator"),
    )
