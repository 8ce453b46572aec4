"""The map's shell, made by Folium: base layers, panes, controls. The only module that imports folium.

Folium writes a whole page with inline scripts, styles and links to other hosts. Here only two of its parts are used:
the map's element and its script. The script is served as a file of our own, so the pages keep a policy without inline
code, and hands the map to the modules in `static/js` as `window.relitu`. Features come over the API, never from here.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from webmap import folium_parts
from webmap.i18n import translate

if TYPE_CHECKING:
    import folium

BaseMap = Literal["none", "tianditu", "amap"]
MAP_ID = "map_relitu"
MIN_ZOOM, MAX_ZOOM = 7, 18

# West, south, east, north in degrees: Henan with room around it, so that a border county can be centred.
ROOM = (108.4, 30.2, 118.7, 37.6)
START = (34.62, 113.45)

# Panes from the ground upwards, below Leaflet's own marker pane (600). Names never take the pointer.
PANES = {"counties": 310, "heat": 330, "borders": 340, "features": 420, "names": 450, "points": 460}

# Features come as tiles of 512 px, so that a screen needs few: those of map zoom z are the vector tiles of z - 1.
TILE_LAYER = {"pane": "features", "tile_size": 512, "min_zoom": 11, "keep_buffer": 1, "update_when_zooming": False}

TIANDITU = (
    "https://t{s}.tianditu.gov.cn/%s_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=%s&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=%s"
)
AMAP = "https://webrd0{s}.is.autonavi.com/appmaptile?lang=%s&size=1&scale=1&style=8&x={x}&y={y}&z={z}"


@dataclass(frozen=True)
class ShellSettings:
    """What the shell depends on. `lang` is a language's code; `key` is Tianditu's and empty otherwise."""

    lang: str = "zh"
    base_map: BaseMap = "none"
    key: str = ""


@dataclass(frozen=True)
class Shell:
    """The parts of a page that Folium makes.

    html: the map's element, safe to insert. script: JavaScript that fills it; a classic script that runs after
    Leaflet's and before our modules. version: changes when the script does. js, css: what has to be loaded before,
    relative to the static folder.
    """

    html: str
    script: str
    version: str
    js: tuple[str, ...] = ("vendor/leaflet/leaflet.js",)
    css: tuple[str, ...] = ("vendor/leaflet/leaflet.css", "css/map.css", "css/marks.css", "css/overlay.css")


@cache
def render(settings: ShellSettings) -> Shell:
    """The shell for these settings; the same settings give the same bytes.

    Raises ValueError for Tianditu without a key (or with one that is no key), an unknown base map.
    """
    _check(settings)
    folium_map: Any = _map(settings)
    folium_map.render()
    figure: Any = folium_map.get_root()
    html = _tidy(figure.html.render())
    script = "(function () {\n'use strict';\n" + _tidy(figure.script.render()) + "\n}());\n"
    return Shell(html, script, hashlib.sha256(script.encode()).hexdigest()[:12])


def _check(settings: ShellSettings) -> None:
    if settings.base_map not in ("none", "tianditu", "amap"):
        raise ValueError(f"unknown base map {settings.base_map!r}; known are none, tianditu, amap")
    if settings.base_map == "tianditu" and not re.fullmatch(r"[0-9A-Za-z]{8,64}", settings.key):
        raise ValueError("base map tianditu needs its key: 8 to 64 letters and digits")


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _map(settings: ShellSettings) -> folium.Map:
    # Folium takes more than half a second to import: only the process that serves a map pays.
    import folium

    west, south, east, north = ROOM
    made = folium.Map(
        location=START,
        tiles=None,
        zoom_start=9,
        zoom_control=False,
        min_zoom=MIN_ZOOM,
        max_zoom=MAX_ZOOM,
    )
    # Folium drops some of its named arguments where there are no tiles, so the limits are set where Leaflet reads them.
    made.options.update(
        {
            "min_zoom": MIN_ZOOM,
            "max_zoom": MAX_ZOOM,
            "max_bounds": [[south, west], [north, east]],
            "max_bounds_viscosity": 0.8,
            "attribution_control": False,
            # Quarter steps fit the chosen counties better; tiles would be blurred by them.
            "zoom_snap": 0.25 if settings.base_map == "none" else 1,
            "wheel_px_per_zoom_level": 90,
        }
    )
    _name(made, "map")
    _element(folium_parts.PANES, panes=PANES).add_to(made)
    for layer in _base_layers(settings):
        layer.add_to(made)
    vector = _name(_element(folium_parts.VECTOR_TILES, options=TILE_LAYER), "vector").add_to(made)
    _element(
        folium_parts.HANDOVER,
        tiles=vector.get_name(),
        base_map=settings.base_map,
        zoom_in=translate(settings.lang, "map.zoom_in"),
        zoom_out=translate(settings.lang, "map.zoom_out"),
    ).add_to(made)
    return made


def _base_layers(settings: ShellSettings) -> list[Any]:
    import folium
    from folium.template import Template

    limits: dict[str, Any] = {"min_zoom": MIN_ZOOM, "max_zoom": MAX_ZOOM, "max_native_zoom": 18}
    if settings.base_map == "tianditu":
        # Tianditu's annotation is Chinese (cva) or English (eva).
        names = "cva" if settings.lang == "zh" else "eva"
        return [
            _name(
                folium.TileLayer(
                    TIANDITU % (layer, layer, settings.key),
                    attr=translate(settings.lang, "map.base_tianditu"),
                    subdomains="01234567",
                    name=layer,
                    **limits,
                ),
                f"tianditu_{layer}",
            )
            for layer in ("vec", names)
        ]
    if settings.base_map == "amap":
        url = AMAP % ("zh_cn" if settings.lang == "zh" else "en")
        tiles = folium.TileLayer(url, attr=translate(settings.lang, "map.base_amap"), subdomains="1234", **limits)
        tiles._template = Template(folium_parts.SHIFTED_TILES)
        return [_name(tiles, "amap")]
    return []


def _element(template: str, **values: object) -> Any:
    """One of our own elements: its template and the values that the template reads from `this`."""
    from branca.element import MacroElement
    from folium.template import Template

    element: Any = MacroElement()  # type: ignore[no-untyped-call]
    element._template = Template(template)
    vars(element).update(values)
    return element


def _name(element: Any, name: str) -> Any:
    """Give an element a fixed JavaScript name, `<name>_relitu`, in place of Folium's random one."""
    element._name, element._id = name, "relitu"
    return element
