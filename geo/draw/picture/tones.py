"""The colours and sizes of a picture: those of the map's style sheets (webmap/static/css)."""

from __future__ import annotations

SEA = "#faf8f3"
LAND = "#f1eee6"
LAND_LINE = "#cfc9bb"
CITY_LINE = "#8f8875"
NO_DATA = "#f5f3ec"
NO_DATA_LINE = "#e2ddd0"
PAPER = "#fffefb"
INK = "#20241f"
INK_2 = "#50554e"
NAME = "#6c6658"
LINE = "#ded9cc"
EDGE = "#8b8676"
ACCENT = "#0f5c5c"
DEMO = "#744b00"
DEMO_SOFT = "#fbf1da"
NO_CHAIN = "#a9afb8"
SIGN = "#5c6470"
DARK = "#22282f"

BOLD = 600
TEXT = 12.0

# The outlines of kinds on a field of 24 × 24, as the map draws them (webmap/static/js/layers/symbols.js).
OUTLINES = {
    "circle": "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16z",
    "hexagon": "M12 3l7.8 4.5v9L12 21l-7.8-4.5v-9z",
    "square": "M5 5h14v14H5z",
    "diamond": "M12 2.5l9.5 9.5l-9.5 9.5L2.5 12z",
    "triangle": "M12 3.5l9.2 16H2.8z",
    "line": "M3.2 16.2l5.6-9.4a2 2 0 0 1 3.3-.2l3.4 4.6l3-4.2l3 2.2l-4.6 6.6a2 2 0 0 1-3.2 0l-3.1-4.2l-4.2 7z",
    "flag": "M6 3h13l-3 5l3 5H9v8.5H6z",
    "bubble": "M5 4h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 5v-5H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z",
    "bar": "M4 12h4.4v8H4zM9.8 4h4.4v16H9.8zM15.6 8H20v12h-4.4z",
    "sheet": "M6 3h8l5 5v13H6z",
}
