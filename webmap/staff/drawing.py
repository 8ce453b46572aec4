"""What the maps of the staff's pages ask for: neighbours to snap to, an import's shapes; and the map's own parts."""

from __future__ import annotations

import math
from typing import Any

import shapely
from flask import Blueprint, Response, jsonify, request, url_for
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.publish import geometry_json
from geo.store.nearby import nearby as records_nearby
from webmap import folium_map
from webmap.asking import box
from webmap.i18n import current, script_messages
from webmap.intake.book import Line, words_of
from webmap.problems import NotHere
from webmap.site import site
from webmap.staff.access import EDITORS, staff
from webmap.staff.desk import desk
from webmap.staff.visiting import units_in_scope, visit
from webmap.staff.words import STATE_LABELS, in_words
from webmap.staff.works import folder_of

MOST_NEIGHBOURS = 400
MOST_SHAPES = 1500
MOST_SPOTS = 400
PIXELS = 1500  # across a large screen: what is finer than one of them is left out of a shape

blueprint = Blueprint("staff_drawing", __name__, url_prefix="/staff")


@staff(blueprint, "/nearby")
def nearby() -> Response:
    """The records in the view as GeoJSON: public ones, and those of the person's counties that are on their way."""
    view = box("box")
    if view is None:
        raise NotHere(Label("缺少参数 box。", "The parameter box is missing."))
    found = records_nearby(
        desk().store.engine,
        view,
        kinds=desk().kinds.names,
        units=units_in_scope(visit().account),
        limit=MOST_NEIGHBOURS + 1,
    )
    left = request.args.get("except", "")
    features = [
        {
            "type": "Feature",
            "id": revision.feature_id,
            "geometry": geometry_json.geometry(revision.geometry, None),
            "properties": {
                "name": str(revision.payload.get("name", "")),
                "kind": revision.kind,
                "state": revision.state.value,
                "state_name": in_words(STATE_LABELS[revision.state]),
            },
        }
        for revision in found[:MOST_NEIGHBOURS]
        if revision.feature_id != left and revision.geometry is not None
    ]
    return jsonify({"type": "FeatureCollection", "features": features, "more": len(found) > MOST_NEIGHBOURS})


@staff(blueprint, "/intake/<job_id>/shapes", roles=EDITORS, about="job")
def shapes(job_id: str) -> Response:
    """An import's shapes in the view: the faulty and the large ones first, as fine as a screen shows, and where the faults are."""
    book = folder_of(desk(), job_id).book
    if not book.exists:
        raise NotHere(Label("没有这份导入。", "There is no such import."))
    view = box("box")
    total, lines = book.within(view, MOST_SHAPES)
    west, _, east, _ = view or book.facts()["box"] or (0, 0, 0, 0)
    finest = (east - west) / PIXELS
    features = [_shape(line, finest) for line in lines]
    spots = [spot for line in lines if line.worst >= 2 for spot in _spots(line)]
    return jsonify(
        {
            "type": "FeatureCollection",
            "features": features,
            "spots": {"type": "FeatureCollection", "features": spots[:MOST_SPOTS]},
            "total": total,
            "shown": len(features),
        }
    )


def _shape(line: Line, finest: float) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": geometry_json.geometry(_simpler(line.geometry, finest), 7),
        "properties": {
            "number": line.number,
            "where": line.where,
            "name": line.name or line.code or line.where,
            "worst": line.worst,
            "unchanged": line.unchanged,
        },
    }


def _simpler(shape: BaseGeometry | None, finest: float) -> shapely.Geometry | None:
    if shape is None or finest <= 0 or not math.isfinite(finest):
        return shape
    simple = shapely.simplify(shape, finest, preserve_topology=True)
    return shape if simple.is_empty else simple


def _spots(line: Line) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "geometry": told["geometry"],
            "properties": {
                "number": line.number,
                "severity": told["severity"],
                "message": in_words(words_of(told)),
                "name": line.name or line.where,
            },
        }
        for told in line.findings
        if told.get("geometry") and told["severity"] != "info"
    ]


def boundaries_href() -> str:
    """The address of the counties' outlines."""
    return url_for("api_map.boundaries_", lang=current(), v=site().boundaries_version)


@blueprint.app_context_processor
def _map_parts() -> dict[str, Any]:
    return {"map_parts": MapParts()}


class MapParts:
    """The shell of a staff page's map; made only where a template asks for it."""

    @property
    def shell(self) -> folium_map.Shell:
        """Folium's map in the reader's language."""
        config = site().config
        return folium_map.render(folium_map.ShellSettings(current(), config.base_map, config.tianditu_key))

    @property
    def html(self) -> Markup:
        """The map's element."""
        return Markup(self.shell.html)  # noqa: S704 - folium's own element; no data of ours is in it

    @property
    def script(self) -> str:
        """The address of the script that fills it."""
        return url_for("map_script.script", lang=current(), v=self.shell.version)

    @property
    def boundaries(self) -> str:
        """The address of the counties' outlines."""
        return boundaries_href()

    @property
    def words(self) -> dict[str, Any]:
        """What the browser's modules say."""
        return {"words": script_messages(current())}
