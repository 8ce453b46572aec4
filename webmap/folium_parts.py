"""What our own elements write into Folium's script: panes, vector tiles, the handover to the modules, tiles in GCJ-02.

Templates only; `webmap.folium_map` makes elements of them. `this` is the element with its values.
"""

# Values: panes (name -> z-index).
PANES = """
{% macro script(this, kwargs) %}
{%- for name, level in this.panes.items() %}
{{ this._parent.get_name() }}.createPane({{ name|tojson }}).style.zIndex = {{ level }};
{%- endfor %}
{{ this._parent.get_name() }}.getPane("names").style.pointerEvents = "none";
{{ this._parent.get_name() }}.getPane("points").style.pointerEvents = "none";
{% endmacro %}
"""

# The layer of vector tiles. Which tiles the view needs, when they come and go and how they move is Leaflet's work; what
# is on them the page's modules draw: `painter.create(coords, done)` gives a tile's canvas. Until there is a painter the
# layer is not on the map. Values: options.
VECTOR_TILES = """
{% macro script(this, kwargs) %}
var {{ this.get_name() }} = new (L.GridLayer.extend({
    createTile: function (coords, done) { return this.painter.create(coords, done); }
}))({{ this.options|tojavascript }});
{% endmacro %}
"""

# Controls with words of the page's language, and map and layer of tiles under the one global `relitu`.
# Values: zoom_in, zoom_out, base_map, tiles.
HANDOVER = """
{% macro script(this, kwargs) %}
L.control.zoom({
    position: "topright", zoomInTitle: {{ this.zoom_in|tojson }}, zoomOutTitle: {{ this.zoom_out|tojson }}
}).addTo({{ this._parent.get_name() }});
L.control.attribution({position: "bottomleft", prefix: false}).addTo({{ this._parent.get_name() }});
window.relitu = {map: {{ this._parent.get_name() }}, tiles: {{ this.tiles }}, baseMap: {{ this.base_map|tojson }}};
{% endmacro %}
"""

# Tiles drawn in GCJ-02, laid under a WGS-84 map: the tiles move, not our features. Each tile is placed by the offset
# at its own centre (fixed-point inverse of the published GCJ-02 formula). Over Henan the offset is 566-582 m and
# changes by at most some 0.3 % of the way, so that within a tile, and at the seam of two, the error is below one pixel
# at any zoom. Values: those of folium.TileLayer.
SHIFTED_TILES = """
{% macro script(this, kwargs) %}
var {{ this.get_name() }} = (function () {
    var A = 6378245.0, EE = 0.00669342162296594323, PI = Math.PI;
    function waves(v) { return (20 * Math.sin(6 * v * PI) + 20 * Math.sin(2 * v * PI)) * 2 / 3; }
    function toGcj(lat, lng) {
        var x = lng - 105, y = lat - 35, root = Math.sqrt(Math.abs(x));
        var dLat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves(x)
            + (20 * Math.sin(y * PI) + 40 * Math.sin(y / 3 * PI)) * 2 / 3
            + (160 * Math.sin(y / 12 * PI) + 320 * Math.sin(y * PI / 30)) * 2 / 3;
        var dLng = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves(x)
            + (20 * Math.sin(x * PI) + 40 * Math.sin(x / 3 * PI)) * 2 / 3
            + (150 * Math.sin(x / 12 * PI) + 300 * Math.sin(x / 30 * PI)) * 2 / 3;
        var phi = lat / 180 * PI, magic = 1 - EE * Math.sin(phi) * Math.sin(phi);
        return L.latLng(
            lat + dLat * 180 / (A * (1 - EE) / (magic * Math.sqrt(magic)) * PI),
            lng + dLng * 180 / (A / Math.sqrt(magic) * Math.cos(phi) * PI));
    }
    function fromGcj(lat, lng) {
        var guess = L.latLng(lat, lng);
        for (var step = 0; step < 5; step += 1) {
            var there = toGcj(guess.lat, guess.lng);
            guess = L.latLng(guess.lat + lat - there.lat, guess.lng + lng - there.lng);
        }
        return guess;
    }
    var Shifted = L.TileLayer.extend({
        // Which tiles cover the view is a question in the tiles' own coordinates.
        _getTiledPixelBounds: function (center) {
            var there = toGcj(center.lat, center.lng);
            return L.TileLayer.prototype._getTiledPixelBounds.call(this, there);
        },
        _getTilePos: function (coords) {
            var position = L.TileLayer.prototype._getTilePos.call(this, coords);
            var size = this.getTileSize();
            var middle = L.point(coords.x + 0.5, coords.y + 0.5).scaleBy(size);
            var gcj = this._map.unproject(middle, coords.z);
            return position.add(
                this._map.project(fromGcj(gcj.lat, gcj.lng), coords.z).subtract(middle).round());
        }
    });
    Shifted.toGcj = toGcj;
    Shifted.fromGcj = fromGcj;
    return new Shifted({{ this.tiles|tojson }}, {{ this.options|tojavascript }});
}());
{% endmacro %}
"""
