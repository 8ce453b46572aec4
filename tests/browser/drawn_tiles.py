"""What the map's layer of vector tiles holds, and where on the page it stands."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from typing import Any

import shapely
from browser_session import Visit
from shapely.geometry import shape

FEATURES = """() => {
  const found = [];
  for (const {coords, data} of relitu.tiles.painter.held.values()) {
    if (!data || coords.z !== Math.round(relitu.map.getZoom())) continue;
    for (const {kind, layer} of data.parts)
      for (let i = 0; i < layer.length; i += 1) found.push({kind, id: layer.get(i, "id"), type: layer.types[i], demo: layer.get(i, "demo")});
  }
  return found;
}"""
PLACE = """([lon, lat]) => { const p = relitu.map.latLngToContainerPoint([lat, lon]);
  const frame = relitu.map.getContainer().getBoundingClientRect(); return [frame.x + p.x, frame.y + p.y]; }"""
INK = """(selector) => [...document.querySelectorAll(selector)].reduce((sum, canvas) => {
  if (!canvas.width) return sum;
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const ctx = copy.getContext("2d", {willReadFrequently: true});
  ctx.drawImage(canvas, 0, 0);
  const {data} = ctx.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 3; at < data.length; at += 4) if (data[at]) sum += 1;
  return sum; }, 0)"""
TILES = ".vector-tile"
SHEET = ".feature-sheet"


@dataclass(frozen=True)
class Drawn:
    """A feature of a tile."""

    kind: str
    id: str
    type: int
    demo: bool


def drawn(visit: Visit) -> set[Drawn]:
    """The features of all tiles at the present level."""
    return {Drawn(**one) for one in visit.page.evaluate(FEATURES)}


def kinds(visit: Visit) -> set[str]:
    """Their kinds."""
    return {one.kind for one in drawn(visit)}


def ink(visit: Visit, selector: str = TILES) -> int:
    """How many pixels of these canvases are not clear."""
    return int(visit.page.evaluate(INK, selector))


def where(visit: Visit, lon: float, lat: float) -> tuple[float, float]:
    """Where a place of the map is on the page, in pixels."""
    x, y = visit.page.evaluate(PLACE, [lon, lat])
    return float(x), float(y)


def colour(visit: Visit, lon: float, lat: float) -> tuple[int, ...]:
    """The colour of the tile's canvas at a place: red, green, blue, alpha."""
    x, y = where(visit, lon, lat)
    found = visit.page.evaluate(
        """([x, y]) => { for (const canvas of document.querySelectorAll(".vector-tile")) {
          const box = canvas.getBoundingClientRect();
          if (x < box.x || y < box.y || x >= box.right || y >= box.bottom || !canvas.width) continue;
          const k = canvas.width / box.width;
          const ctx = Object.assign(document.createElement("canvas"), {width: 1, height: 1}).getContext("2d", {willReadFrequently: true});
          ctx.drawImage(canvas, -Math.floor((x - box.x) * k), -Math.floor((y - box.y) * k));
          return [...ctx.getImageData(0, 0, 1, 1).data];
        } return []; }""",
        [x, y],
    )
    return tuple(found)


def items(address: str, kind: str) -> dict[str, Any]:
    """All located features of a kind as the API has them, by id: geometry and properties."""
    with urllib.request.urlopen(f"{address}/api/collections/{kind}/items?limit=1000") as answer:
        features = json.load(answer)["features"]
    return {one["properties"]["id"]: one for one in features if one["geometry"]}


def free_spot(address: str, kind: str) -> tuple[str, str, float, float]:
    """An area's id, its name and a place within it that is as far as can be from all points, lines and other areas."""
    areas = {own: (one["properties"]["name"], shape(one["geometry"])) for own, one in items(address, kind).items()}
    others = [
        shape(one["geometry"])
        for other in ("park", "opportunity", "project", "route")
        for one in items(address, other).values()
    ]
    best = (-1.0, "", "", 0.0, 0.0)
    for own, (name, area) in areas.items():
        west, south, east, north = area.bounds
        rest = shapely.union_all([*others, *(there for key, (_, there) in areas.items() if key != own)])
        for step in range(1, 20):
            for up in range(1, 20):
                spot = shapely.Point(west + (east - west) * step / 20, south + (north - south) * up / 20)
                if area.contains(spot):
                    room = min(spot.distance(rest), spot.distance(area.boundary))
                    best = max(best, (room, own, name, spot.x, spot.y))
    return best[1:]
