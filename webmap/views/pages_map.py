"""The map's page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from markupsafe import Markup

from geo.draw.mvt import MAX_ZOOM
from webmap import folium_map
from webmap.asking import filter_of_request, language
from webmap.i18n import script_messages
from webmap.present.reader import Reader
from webmap.site import site
from webmap.views.pages_list import form, results
from webmap.views.pages_render import page, reader

blueprint = Blueprint("pages_map", __name__)


@blueprint.get("/")
def map_page() -> Response:
    """The map with filters and results."""
    wanted = filter_of_request()
    return page("map.html", lambda: {**shell(), "form": form(wanted), "listing": results(wanted, in_panel=True)})


def shell() -> dict[str, Any]:
    """What the map's element, scripts and modules need."""
    config = site().config
    settings = folium_map.ShellSettings(lang=language(), base_map=config.base_map, key=config.tianditu_key)
    made = folium_map.render(settings)
    return {
        "shell": made,
        "shell_html": Markup(made.html),  # noqa: S704 (folium's own element; no data of ours is in it)
        "script_href": url_for("map_script.script", lang=language(), v=made.version),
        "boundaries_href": url_for("api_map.boundaries_", lang=language(), v=site().boundaries_version),
        "version": site().snapshot.version,
        "script_data": {**script_data(reader()), "tiles": tile_settings()},
    }


def tile_settings() -> dict[str, Any]:
    """Where the browser finds the vector tiles, and the box of each kind that has anything to draw."""
    here = site()
    tables = {kind: here.snapshot.table(kind) for kind in here.kinds.names}
    return {
        "address": f"{request.script_root}/tiles/{{version}}/{{kind}}/{{z}}/{{x}}/{{y}}.mvt",
        "maxzoom": MAX_ZOOM,
        "kinds": {kind: table.bounds for kind, table in tables.items() if table.bounds},
    }


def script_data(who: Reader) -> dict[str, Any]:
    """Words, clusters, chains and kinds as the browser's modules take them."""
    known = who.world.chains
    return {
        "words": script_messages(who.lang),
        "clusters": [
            {"id": cluster.id, "label": cluster.label.text(who.lang), "colour": cluster.colour}
            for cluster in known.clusters.values()
        ],
        "chains": {chain.id: chain.label.text(who.lang) for chain in known.chains.values()},
        "kinds": [
            {
                "kind": kind.kind,
                "label": kind.title.text(who.lang),
                "plural": kind.plural.text(who.lang),
                "symbol": kind.symbol,
            }
            for kind in who.kinds
        ],
    }
