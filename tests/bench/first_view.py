"""The first look at the map in Chromium, against a plain folium page of the same features."""

from __future__ import annotations

import functools
import gzip
import http.server
import io
import statistics
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from playwright.sync_api import Browser

from tests.bench.measured import Measured
from tests.browser.browser_session import chromium, serving

READY = "html[data-ready=true]"
LOADED = "html"
# A page that has loaded has not drawn yet: the second frame from here follows once the first has been painted.
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
KINDS = ("park", "plot", "opportunity", "route")
TURNS = 5


@dataclass(frozen=True)
class Line:
    """A line to the server, as Chromium emulates it: each request waits, all share the rate."""

    latency_ms: int
    mbit_s: float

    def conditions(self) -> dict[str, object]:
        """What the browser is told."""
        rate = self.mbit_s * 1e6 / 8
        return {"offline": False, "latency": self.latency_ms, "downloadThroughput": rate, "uploadThroughput": rate / 4}


PHONE = Line(latency_ms=80, mbit_s=10)


def measure(data: Path) -> Iterator[Measured]:
    """Bytes on the wire and milliseconds until the map is painted, each page in a fresh context, on this machine and over a line."""
    with serving(data) as server, chromium() as browser:
        naive = naive_page(server, data)
        with folder_served(naive.parent) as address:
            pages = {f"{server}/": READY, f"{address}/{naive.name}": LOADED}
            for line in (None, PHONE):
                seen: list[list[dict[str, float]]] = [[], []]
                for _ in range(1 + TURNS):  # the first warms up browser and server
                    for views, (url, ready) in zip(seen, pages.items(), strict=True):
                        views.append(look(browser, url, ready, line=line))
                yield from _compared(line, seen)


def _compared(line: Line | None, seen: list[list[dict[str, float]]]) -> Iterator[Measured]:
    method = (
        f"Chromium, 1440×900, empty cache, in turns, medians of {TURNS}; ours: gzip or brotli as served; peer: folium.GeoJson with tooltips,"
        " one file, gzipped"
    )
    peer = "naive folium page"
    ours, theirs = ({key: statistics.median(view[key] for view in views[1:]) for key in views[0]} for views in seen)
    if line is not None:
        what = f"first view ready, {line.latency_ms} ms and {line.mbit_s:g} Mbit/s to the server"
        yield Measured(what, ours["ms"], "ms", method, peer, theirs["ms"])
        return
    yield Measured("first view on the wire", ours["kB"], "kB", method, peer, theirs["kB"], aim="≤ 300 kB")
    yield Measured("first view ready", ours["ms"], "ms", method, peer, theirs["ms"])
    yield Measured("JS heap", ours["heap_MB"], "MB", method, peer, theirs["heap_MB"])


def look(browser: Browser, url: str, ready: str, timeout_s: float = 60, line: Line | None = None) -> dict[str, float]:
    """Kilobytes on the wire, milliseconds until `ready` is there and painted, and the heap once it is quiet and rubbish
    is collected."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(timeout_s * 1000)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    if line is not None:
        session.send("Network.emulateNetworkConditions", line.conditions())
    received = {"bytes": 0}
    session.on(
        "Network.loadingFinished", lambda event: received.update(bytes=received["bytes"] + event["encodedDataLength"])
    )
    start = time.perf_counter()
    page.goto(url)
    page.wait_for_selector(ready, state="attached")
    page.evaluate(PAINTED)
    elapsed = (time.perf_counter() - start) * 1000
    page.wait_for_load_state("networkidle")
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    context.close()
    return {"kB": received["bytes"] / 1000, "ms": elapsed, "heap_MB": heap}


def naive_page(url: str, folder: Path) -> Path:
    """What anyone would write with folium: counties and features as GeoJson layers in one file, scripts beside it."""
    import json

    import folium

    def fetched(path: str) -> Any:
        with urllib.request.urlopen(f"{url}{path}") as answer:
            return json.load(answer)

    page = folium.Map(location=[34.5, 113.5], zoom_start=8, tiles=None)
    folium.GeoJson(fetched("/api/boundaries")["counties"], tooltip=folium.GeoJsonTooltip(["name"])).add_to(page)
    for kind in KINDS:
        items = fetched(f"/api/collections/{kind}/items?limit=1000")
        items["features"] = [feature for feature in items["features"] if feature["geometry"]]
        folium.GeoJson(items, tooltip=folium.GeoJsonTooltip(["name", "county_name"])).add_to(page)
    return save(page, folder)


def save(page: Any, folder: Path) -> Path:
    """A folium map as a file, with Leaflet beside it in place of the addresses that folium writes."""
    naive = folder / "naive"
    naive.mkdir(exist_ok=True)
    vendor = Path(__file__).parents[2] / "webmap" / "static" / "vendor" / "leaflet"
    for name in ("leaflet.js", "leaflet.css"):
        (naive / name).write_bytes((vendor / name).read_bytes())
    page.default_js, page.default_css = [("leaflet", "leaflet.js")], [("leaflet_css", "leaflet.css")]
    page.save(str(naive / "map.html"))
    return naive / "map.html"


class folder_served:  # noqa: N801 - used as a function
    """A folder's files over HTTP, gzipped once where the client takes it; `plain` sends them as they are."""

    def __init__(self, folder: Path, *, plain: bool = False) -> None:
        handler = functools.partial(_Quiet, directory=str(folder), plain=plain)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@functools.cache
def _gzipped(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *given: Any, plain: bool, **named: Any) -> None:
        self._plain = plain
        super().__init__(*given, **named)

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """The file, gzipped where that is asked for."""
        path = Path(self.translate_path(self.path))
        if self._plain or not path.is_file() or "gzip" not in self.headers.get("Accept-Encoding", ""):
            return super().send_head()
        content = _gzipped(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
