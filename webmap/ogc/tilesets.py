"""OGC API – Tiles: the tile matrix set, the tilesets of each collection and of the whole, and their metadata."""

from __future__ import annotations

from typing import Any

from geo.draw.mvt import MAX_ZOOM
from geo.model import Feature
from geo.publish import Snapshot
from webmap.asking import language
from webmap.ogc.negotiation import JSON, MVT, RESOURCE, TILEJSON, address, link, own_links
from webmap.site import site

MATRIX_SET = "WebMercatorQuad"
MATRIX_SET_URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{MATRIX_SET}"
CRS = "http://www.opengis.net/def/crs/EPSG/0/3857"
RELATION = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
HALF = 20037508.342789244  # metres from the middle of the map to its edge
PIXEL_M = 0.00028  # of the standardised rendering pixel (OGC 17-083r4)
TILE_PX = 256
WORLD = (-180.0, -85.0511287798066, 180.0, 85.0511287798066)


def tileset_links(kind: str | None) -> list[dict[str, str]]:
    """The link from a collection (None: from the whole) to its tilesets."""
    if kind is None:
        return [link(RELATION, address("dataset_tilesets", "json"), JSON)]
    return [link(RELATION, address("tilesets", "json", kind=kind), JSON)]


def matrix_sets() -> dict[str, Any]:
    """The tile matrix sets: one."""
    return {
        "links": own_links(RESOURCE, "matrix_sets"),
        "tileMatrixSets": [
            {
                "id": MATRIX_SET,
                "title": "Google Maps Compatible for the World",
                "uri": MATRIX_SET_URI,
                "crs": CRS,
                "links": [link("self", address("matrix_set", "json", name=MATRIX_SET), JSON)],
            }
        ],
    }


def matrix_set() -> dict[str, Any]:
    """The definition of WebMercatorQuad (OGC 17-083r4, Annex D.1)."""
    return {
        "id": MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": MATRIX_SET_URI,
        "crs": CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(zoom) for zoom in range(MAX_ZOOM + 1)],
        "links": own_links(RESOURCE, "matrix_set", name=MATRIX_SET),
    }


def _matrix(zoom: int) -> dict[str, Any]:
    cell = 2 * HALF / TILE_PX / 2**zoom
    return {
        "id": str(zoom),
        "scaleDenominator": cell / PIXEL_M,
        "cellSize": cell,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-HALF, HALF],
        "tileWidth": TILE_PX,
        "tileHeight": TILE_PX,
        "matrixWidth": 2**zoom,
        "matrixHeight": 2**zoom,
    }


def tilesets(kind: type[Feature] | None, snapshot: Snapshot) -> dict[str, Any]:
    """The tilesets of a collection, of the whole where it is None."""
    endpoint, values = _of("tilesets", kind)
    short = {key: value for key, value in tileset(kind, snapshot, ()).items() if key not in ("layers", "centerPoint")}
    return {"links": own_links(RESOURCE, endpoint, **values), "tilesets": [short]}


def tileset(kind: type[Feature] | None, snapshot: Snapshot, layers: Any) -> dict[str, Any]:
    """The metadata of a tileset (OGC 17-083r4); layers: (id, attributes by name → type, geometry dimension or None)."""
    lang = language()
    endpoint, values = _of("tileset", kind)
    title = site().config.title if kind is None else kind.plural
    west, south, east, north = bounds_of(kind, snapshot)
    return {
        "title": title.text(lang),
        "dataType": "vector",
        "crs": CRS,
        "tileMatrixSetURI": MATRIX_SET_URI,
        "boundingBox": {
            "lowerLeft": [west, south],
            "upperRight": [east, north],
            "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        },
        "layers": [_layer(*each) for each in layers],
        "links": [
            *own_links(RESOURCE, endpoint, name=MATRIX_SET, **values),
            link(SCHEME, address("matrix_set", "json", name=MATRIX_SET), JSON),
            {**link("item", template(kind), MVT), "templated": "true"},
            link("describedby", address(endpoint, "tilejson", name=MATRIX_SET, **values), TILEJSON),
            *([] if kind is None else [link("collection", address("collection", "json", kind=kind.kind), JSON)]),
        ],
    }


def _layer(name: str, attributes: dict[str, str]) -> dict[str, Any]:
    types = {"Boolean": "boolean", "Number": "number"}
    return {
        "id": name,
        "dataType": "vector",
        "propertiesSchema": {
            "type": "object",
            "properties": {key: {"type": types.get(kind, "string")} for key, kind in attributes.items()},
        },
    }


def tilejson(kind: type[Feature] | None, snapshot: Snapshot, layers: Any, query: str) -> dict[str, Any]:
    """TileJSON 3.0 of a tileset; its tiles have z, y and x in the order of OGC addresses."""
    title = site().config.title if kind is None else kind.plural
    pattern = template(kind).replace("{tileMatrix}", "{z}").replace("{tileRow}", "{y}").replace("{tileCol}", "{x}")
    return {
        "tilejson": "3.0.0",
        "name": title.text(language()),
        "scheme": "xyz",
        "tiles": [pattern + query],
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "bounds": list(bounds_of(kind, snapshot)),
        "vector_layers": [{"id": name, "fields": dict(attributes)} for name, attributes in layers],
    }


def template(kind: type[Feature] | None) -> str:
    """The address of a tile with its three numbers left open, row before column."""
    endpoint, values = _of("tile", kind)
    made = address(endpoint, name=MATRIX_SET, z="_z_", r="_r_", c="_c_", **values).partition("?")[0]
    return made.replace("_z_", "{tileMatrix}").replace("_r_", "{tileRow}").replace("_c_", "{tileCol}")


def bounds_of(kind: type[Feature] | None, snapshot: Snapshot) -> tuple[float, float, float, float]:
    """Where there is anything to draw; the whole map where there is nothing."""
    kinds = [kind] if kind is not None else [each for each in site().kinds if each.kind in snapshot.kinds]
    found = [bounds for each in kinds if (bounds := snapshot.table(each.kind).bounds) is not None]
    if not found:
        return WORLD
    west, south, east, north = zip(*found, strict=True)
    return min(west), min(south), max(east), max(north)


def _of(endpoint: str, kind: type[Feature] | None) -> tuple[str, dict[str, str]]:
    return (f"dataset_{endpoint}", {}) if kind is None else (endpoint, {"kind": kind.kind})
