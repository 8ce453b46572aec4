"""The script that Folium writes for the map, as a file of its own."""

from __future__ import annotations

from flask import Blueprint, Response, request

from datasets.labels import Label
from webmap import folium_map
from webmap.caching import YEAR_S
from webmap.i18n import languages
from webmap.problems import NotHere
from webmap.serving.kept import keep
from webmap.site import site

blueprint = Blueprint("map_script", __name__)


@blueprint.get("/assets/map-<lang>-<v>.js")
def script(lang: str, v: str) -> Response:
    """The map's script in a language; to be kept for ever under its current version `v`."""
    if lang not in languages():
        raise NotHere(Label(f"没有语言“{lang}”的地图。", f"There is no map in the language '{lang}'."))
    config = site().config
    shell = folium_map.render(folium_map.ShellSettings(lang, config.base_map, config.tianditu_key))
    response = Response(shell.script, mimetype="text/javascript")
    response.set_etag(shell.version)
    response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable" if v == shell.version else "no-cache"
    response.make_conditional(request)
    keep("")
    return response
