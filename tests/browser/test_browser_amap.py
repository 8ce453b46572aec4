"""Under a GCJ-02 base map our WGS-84 features stand where they belong: the tiles are moved."""

import base64
import math
import re
from pathlib import Path

from browser_session import context_of, serving, visit
from playwright.sync_api import Browser

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


OWN = """() => [...relitu.tiles.painter.held.values()].map(({canvas, coords}) => {
  const box = canvas.getBoundingClientRect(), frame = relitu.map.getContainer().getBoundingClientRect();
  const at = relitu.map.containerPointToLatLng([box.x + box.width / 2 - frame.x, box.y + box.height / 2 - frame.y]);
  return [at.lng, at.lat, coords.x, coords.y, coords.z]; })"""


def gcj(lon: float, lat: float) -> tuple[float, float]:
    """The published WGS-84 → GCJ-02 formula, written out once more so that the page's is not its own judge."""
    x, y, s, pi = lon - 105, lat - 35, math.sin, math.pi
    waves = 20 * s(6 * x * pi) + 20 * s(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += 2 / 3 * (waves + 20 * s(y * pi) + 40 * s(y / 3 * pi) + 160 * s(y / 12 * pi) + 320 * s(y * pi / 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += 2 / 3 * (waves + 20 * s(x * pi) + 40 * s(x / 3 * pi) + 150 * s(x / 12 * pi) + 300 * s(x / 30 * pi))
    a, ee = 6378245.0, 0.00669342162296594323
    magic = 1 - ee * s(math.radians(lat)) ** 2
    return (
        lon + math.degrees(east / (a / math.sqrt(magic) * math.cos(math.radians(lat)))),
        lat + math.degrees(north / (a * (1 - ee) / magic**1.5)),
    )


def centre_of(x: int, y: int, zoom: int) -> tuple[float, float]:
    """Longitude and latitude, in the tiles' own system, of a tile's middle."""
    size = 2**zoom
    return (x + 0.5) / size * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + 0.5) / size))))


def test_tiles_lie_where_the_shift_puts_them(browser: Browser, data_folder: Path) -> None:
    with serving(data_folder, RELITU_BASE_MAP="amap") as address:
        context = context_of(browser, "desktop")
        made = visit(context, address)
        context.route(re.compile(r"autonavi\.com"), lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
        for zoom in (9, 13, 17):
            made.open(f"/?map={zoom}/34.0300/113.8500")
            made.settled()
            tiles = made.page.eval_on_selector_all(
                "img.leaflet-tile",
                """all => all.map(tile => { const box = tile.getBoundingClientRect(), frame = relitu.map.getContainer().getBoundingClientRect();
                const at = relitu.map.containerPointToLatLng([box.x + box.width / 2 - frame.x, box.y + box.height / 2 - frame.y]);
                return [tile.src, at.lng, at.lat, box.x - frame.x, box.y - frame.y, box.width]; })""",
            )
            frame = made.page.locator("#map_relitu").bounding_box()
            assert frame and len(tiles) > 10
            degrees_a_pixel = 360 / 256 / 2**zoom
            for source, lon, lat, *_ in tiles:
                found = dict(re.findall(r"[?&]([xyz])=(\d+)", source))
                wanted = centre_of(int(found["x"]), int(found["y"]), int(found["z"]))
                there = gcj(lon, lat)
                assert abs(there[0] - wanted[0]) < 1.2 * degrees_a_pixel, (zoom, source)
                assert abs(there[1] - wanted[1]) < 1.2 * degrees_a_pixel, (zoom, source)
            for lon, lat, x, y, z in made.page.evaluate(OWN):
                # Our own tiles stay where WGS-84 has them.
                there = centre_of(x, y, z - 1)
                assert abs(lon - there[0]) < 1.2 * degrees_a_pixel, (zoom, x, y)
                assert abs(lat - there[1]) < 1.2 * degrees_a_pixel, (zoom, x, y)
            assert (made.page.locator(".vector-tile").count() > 0) == (zoom > 10)
            assert min(tile[3] for tile in tiles) <= 0 and min(tile[4] for tile in tiles) <= 0
            assert max(tile[3] + tile[5] for tile in tiles) >= frame["width"]
            assert max(tile[4] + tile[5] for tile in tiles) >= frame["height"]
        # The tiles are the ground: our own fill and names give way.
        fills = made.page.eval_on_selector_all(
            "path.county", "all => all.map(each => getComputedStyle(each).fillOpacity)"
        )
        assert set(fills) == {"0"}
        assert made.page.locator(".unit-name").count() == 0
        assert made.said == []
        assert {url.split("/")[2] for url in made.foreign} <= {f"webrd0{n}.is.autonavi.com" for n in range(1, 5)}
        context.close()
