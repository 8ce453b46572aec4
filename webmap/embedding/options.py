"""What the address of an embed asks for beside the filter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from datasets.labels import Label
from geo.query.faults import BadParameter, BadParameters

LAYERS = ("features", "heat", "choropleth", "none")
THEMES = ("light", "dark", "auto")
SWITCHES = ("controls", "legend", "list", "figure")
NAMES = ("site", "layers", "theme", "accent", *SWITCHES, "zoom", "center")
ON, OFF = ("1", "true"), ("0", "false")
MAX_ZOOM = 18


@dataclass(frozen=True)
class Options:
    """layers: what the map shows, `none` for no map. accent: six hexadecimal digits, or empty. centre: lon, lat (WGS-84).

    site: the key of the website that embeds. The switches show the map's controls, its legend, the list, the figure.
    """

    site: str = ""
    layers: tuple[str, ...] = ("features",)
    theme: str = "light"
    accent: str = ""
    controls: bool = True
    legend: bool = True
    list: bool = False
    figure: bool = False
    zoom: float | None = None
    centre: tuple[float, float] | None = None

    @property
    def has_map(self) -> bool:
        """Whether there is a map at all, or only a table or a figure."""
        return "none" not in self.layers

    @property
    def view(self) -> str:
        """The thematic layer: heat, choropleth or none."""
        return next((layer for layer in ("heat", "choropleth") if layer in self.layers), "none")

    def query(self) -> Iterator[tuple[str, str]]:
        """The parameters that say the same, what is as usual left out."""
        usual = Options()
        if self.site:
            yield "site", self.site
        if self.layers != usual.layers:
            yield "layers", ",".join(self.layers)
        if self.theme != usual.theme:
            yield "theme", self.theme
        if self.accent:
            yield "accent", self.accent
        for name in SWITCHES:
            if getattr(self, name) != getattr(usual, name):
                yield name, "1" if getattr(self, name) else "0"
        if self.zoom is not None:
            yield "zoom", f"{self.zoom:g}"
        if self.centre is not None:
            yield "center", ",".join(f"{degree:g}" for degree in self.centre)


def parse(args: Mapping[str, str]) -> Options:
    """The options in a query string; raises BadParameters, naming every one that has a bad value."""
    faults: list[BadParameter] = []

    def bad(name: str, zh: str, en: str) -> None:
        faults.append(BadParameter(name, args[name], Label(zh, en)))

    layers = tuple(dict.fromkeys(part for part in args.get("layers", "features").split(",") if part))
    if not layers or set(layers) - set(LAYERS) or (len(layers) > 1 and "none" in layers):
        known = ", ".join(LAYERS)
        bad("layers", f"可用：{known}；none 只能单独使用", f"known are {known}; none stands alone")
    elif {"heat", "choropleth"} <= set(layers):
        bad("layers", "heat 与 choropleth 只能选一个", "heat and choropleth exclude each other")
    theme = args.get("theme", "light")
    if theme not in THEMES:
        bad("theme", f"可用：{', '.join(THEMES)}", f"known are {', '.join(THEMES)}")
    accent = args.get("accent", "").removeprefix("#").lower()
    if accent and not re.fullmatch(r"[0-9a-f]{6}", accent):
        bad("accent", "应为六位十六进制颜色，例如 0f5c5c", "a colour of six hexadecimal digits is expected, as 0f5c5c")
    switches: dict[str, bool] = {}
    for name in SWITCHES:
        text = args.get(name, "1" if getattr(Options, name) else "0")
        if text not in (*ON, *OFF):
            bad(name, "应为 0 或 1", "0 or 1 is expected")
        switches[name] = text in ON
    site = args.get("site", "")
    if site and not re.fullmatch(r"[a-z0-9]{1,24}", site):
        bad("site", "应为网站密钥", "the key of a site is expected")
    zoom, centre = _number(args.get("zoom", "")), _pair(args.get("center", ""))
    if args.get("zoom") and (zoom is None or not 0 <= zoom <= MAX_ZOOM):
        bad("zoom", f"应为 0 到 {MAX_ZOOM} 的数", f"a number from 0 to {MAX_ZOOM} is expected")
    if args.get("center") and centre is None:
        bad("center", "应为 经度,纬度，例如 113.77,34.22", "lon,lat is expected, as 113.77,34.22")
    if faults:
        raise BadParameters(tuple(faults))
    return Options(site, layers, theme, accent, **switches, zoom=zoom, centre=centre)


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d{1,3}(\.\d{1,12})?", text) else None


def _pair(text: str) -> tuple[float, float] | None:
    parts = [_number(part.strip()) for part in text.split(",")]
    if len(parts) != 2:
        return None
    lon, lat = parts
    if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 85:
        return None
    return lon, lat
