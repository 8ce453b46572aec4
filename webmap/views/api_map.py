"""What the map draws: counts, marks, shapes, the base map, the choropleth, the heat."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, url_for

from geo.draw import boundaries, choropleth, geojson, marks
from geo.draw.classes import METHODS
from geo.draw.counting import Counted, count_by_unit
from geo.draw.heat import heat
from geo.draw.heat_scale import SCALES
from geo.draw.investment import Money, money
from geo.draw.totals import totals
from geo.query.filter import Filter
from webmap.asking import box, choice, filter_of_request, language, whole
from webmap.caching import answer, json_response
from webmap.site import site
from webmap.static_files import StaticFile, packed

blueprint = Blueprint("api_map", __name__, url_prefix="/api")

MIN_ZOOM, MAX_ZOOM = 0, 24
DEFAULT_SCALE = "sqrt"  # one large project would swamp a linear map


@blueprint.get("/summary")
def summary() -> Response:
    """How many features the filter selects, and the counts beside each of its options."""
    wanted = filter_of_request()

    def make() -> Response:
        here = site()
        selection = here.select(wanted)
        found = here.facets(wanted)
        sums = totals(selection, _money(wanted))
        return json_response(
            {
                "version": selection.snapshot.version,
                "total": selection.total,
                "kinds": {kind: selection.count(kind) for kind in here.kinds.names},
                "facets": found.counts,
                "years": {str(year): count for year, count in found.years.items()},
                "undated": found.undated,
                "amount_wan": sums.wan,
                "amount_known": sums.known,
                "amount_repeated": sums.repeated,
            }
        )

    return answer(make)


@blueprint.get("/marks")
def marks_() -> Response:
    """The marks at a zoom: one a city, one a county, clusters, single features.

    With `located=no` only what has no geometry: the vector tiles show the rest.
    """
    wanted = filter_of_request("zoom", "within", "located")
    lang = language()
    zoom = whole("zoom", 9, MIN_ZOOM, MAX_ZOOM)
    within = box("within")
    located = choice("located", ("yes", "no"), "yes") == "yes"

    def make() -> Response:
        here = site()
        selection = here.select(wanted)

        def counted() -> Counted:
            key = ("by unit", selection.snapshot.version, wanted)
            return here.remember(key, lambda: count_by_unit(selection, here.world), lambda found: found.nbytes)

        if located:
            found = marks.most_marks(selection, here.world, zoom, within, lang, counted=counted)
        else:
            found = marks.most_marks(marks.without_geometry(selection), here.world, zoom, within, lang)
        return json_response({"marks": [mark.payload() for mark in found.marks], "left_out": vars(found.left_out)})

    return answer(make)


@blueprint.get("/shapes")
def shapes() -> Response:
    """The selected areas and lines in view, as GeoJSON."""
    wanted = filter_of_request("within")
    lang = language()
    within = box("within")

    def make() -> Response:
        here = site()
        return json_response(geojson.shapes(here.select(wanted), here.world, within, lang), "application/geo+json")

    return answer(make)


@blueprint.get("/boundaries")
def boundaries_() -> Response:
    """Counties and cities, simplified with shared borders."""
    lang = language()
    here = site()

    def make() -> Response:
        # A third of the first view's bytes, and the same for years: it is worth the longest compression, once.
        def content() -> StaticFile:
            return StaticFile(json_response(boundaries.base_map(here.world, lang)).data, "application/json")

        return packed(here.lasting.get(("boundaries", lang), content))

    return answer(make, version=here.boundaries_version)


@blueprint.get("/choropleth")
def choropleth_() -> Response:
    """Counties coloured by their selected projects."""
    wanted = filter_of_request()
    lang = language()
    measure = choice("measure", tuple(choropleth.MEASURES), "projects")
    method = choice("classes", tuple(METHODS), "fisher")

    def make() -> Response:
        here = site()
        found = choropleth.choropleth(here.select(wanted), here.world, measure, method, lang, _money(wanted))
        return json_response(found.payload())

    return answer(make)


@blueprint.get("/heat")
def heat_() -> Response:
    """The heat layer's legend and figures, and where its picture is."""
    wanted = filter_of_request()
    lang = language()
    scale = choice("scale", tuple(SCALES), DEFAULT_SCALE)

    def make() -> Response:
        described, _ = _heat(wanted, scale, lang)
        query = {**dict(wanted.query()), "scale": scale, "v": site().snapshot.version}
        return json_response({**described, "image": f"{url_for('.heat_png')}?{urlencode(query)}"})

    return answer(make)


@blueprint.get("/heat.png")
def heat_png() -> Response:
    """The heat layer's picture."""
    wanted = filter_of_request()
    scale = choice("scale", tuple(SCALES), DEFAULT_SCALE)
    return answer(lambda: Response(_heat(wanted, scale, language())[1], mimetype="image/png"))


def _money(wanted: Filter) -> Money:
    """The money of a selection, which counts, sums and the coloured counties need alike."""
    here = site()
    selection = here.select(wanted)
    return here.remember(("money", selection.snapshot.version, wanted), lambda: money(selection))


def _heat(wanted: Filter, scale: str, lang: str) -> tuple[dict[str, Any], bytes]:
    """Description and picture: both small, while the grid behind them is not."""
    here = site()
    selection = here.select(wanted)

    def make() -> tuple[dict[str, Any], bytes]:
        found = heat(selection, here.world, here.heat_grid, scale, lang)
        return found.payload(), found.png()

    return here.remember(("heat", selection.snapshot.version, wanted, scale, lang), make)
