<<<<<<< HEAD
"""A filter changed in the browser on the large map: from the click until map and panel stand still again."""
=======
"""The map at many plots in Chromium: the first view, a filter change from the click to the repainted canvas, panning.

`python -m tests.bench.filter_change [plots]` measures alone; a million plots by default.
"""
>>>>>>> 529a44f (Measure the map at a million plots in the browser; bring out one cluster from the legend)

from __future__ import annotations

import statistics
<<<<<<< HEAD
from collections.abc import Iterator

from playwright.sync_api import Page

from tests.bench.first_view import READY
from tests.bench.ground import LARGE, Ground
from tests.bench.measured import Measured
from tests.bench.peers.serving import relitu
from tests.browser.browser_session import chromium

CHANGES = 9
STILL_MS = 400
VIEWS = {"whole map": "", "view of a city": "(map) => map.setView([34.75, 113.66], 12, {animate: false})"}
# The page is watched from outside: when something was last drawn on a canvas or changed in the map's elements.
WATCH = """
window.lastDrawn = 0;
const drawn = () => { window.lastDrawn = performance.now(); };
for (const name of ["fill", "stroke", "fillRect", "clearRect", "drawImage", "putImageData", "fillText"]) {
  const plain = CanvasRenderingContext2D.prototype[name];
  CanvasRenderingContext2D.prototype[name] = function (...given) { drawn(); return plain.apply(this, given); };
}
document.addEventListener("DOMContentLoaded", () => {
  const watched = document.querySelector(".leaflet-container") || document.body;
  new MutationObserver(drawn).observe(watched, {subtree: true, childList: true, attributes: true, characterData: true});
});
"""
CLICK = """async ([at, still]) => {
  const boxes = [...document.querySelectorAll('input[type=checkbox][name=status], input[type=checkbox][name=land_use]')];
  performance.clearResourceTimings();
  const start = performance.now();
  window.lastDrawn = 0;
  boxes[at % boxes.length].click();
  const answered = () => performance.getEntriesByType("resource").map((entry) => entry.responseEnd);
  let last = start;
  for (;;) {
    const now = Math.max(window.lastDrawn, ...answered());
    if (now > last) last = now;
    else if (performance.now() - last > still && last > start) break;
    if (performance.now() - start > 30000) throw new Error("nothing was drawn after the click");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {drawn: window.lastDrawn - start, answered: Math.max(...answered()) - start};
}"""


def measure(ground: Ground) -> Iterator[Measured]:
    """Click to repainted, in two views; each click gives a filter that nobody has asked for before."""
    with relitu(ground.made(LARGE).data) as server, chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(WATCH)
        page.goto(f"{server.address}/?kind=plot")
        page.wait_for_selector(READY, state="attached")
        number = 0
        for name, move in VIEWS.items():
            if move:
                page.evaluate(f"({move})(window.relitu.map)")
            page.wait_for_timeout(2000)
            found = [_changed(page, number + turn) for turn in range(CHANGES)]
            number += CHANGES
            drawn, answered = (statistics.median(each[key] for each in found[1:]) for key in ("drawn", "answered"))
            method = (
                f"Chromium, 1440×900, {LARGE:,} plots; a box of the filters is ticked; until nothing is drawn any more on a canvas or changed in the"
                f" map's elements; median of {len(found) - 1} different filters, none asked before; the last answer was there after {answered:.0f} ms"
            )
            yield Measured(f"filter change, {name}", drawn, "ms", method, aim="≤ 300 ms")


def _changed(page: Page, number: int) -> dict[str, float]:
    found: dict[str, float] = page.evaluate(CLICK, [number, STILL_MS])
    return found
=======
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

import datasets.world
from geo.model import default_kinds
from geo.publish import Shelf
from geo.store import Store
from tests.bench.made_plots import plots
from tests.bench.measured import Measured
from tests.browser.browser_session import chromium, prepare, serving
from webmap.config import load_config

SIZE = 1_000_000
NEAR = "/?map=12/34.7500/113.6500"  # among the plots of a city
FILTERS = (("status", "available"), ("status", "reserve"), ("kind", "plot"))
ROUNDS = 5
PAN_STEPS = 90
READY = "html[data-ready=true]"

# From the click to the frame that shows what it selects: the tiles of the new filter are taken, then painted.
CHANGE = """async ([name, value]) => {
  const {painter} = relitu.tiles;
  const box = document.querySelector(`#filters input[name=${name}][value=${value}]`);
  const started = performance.now();
  box.click();
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const stands = () => [...painter.held.values()].filter((held) => painter.isSeen(held)).every((held) => held.data && !held.loading && held.asked === painter.asked);
  while (!stands()) await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => requestAnimationFrame(resolve));
  return performance.now() - started;
}"""
PAN = """async (steps) => {
  const times = [];
  let last = performance.now();
  for (let step = 0; step < steps; step += 1) {
    relitu.map.panBy([step < steps / 2 ? 14 : -14, 5], {animate: false, noMoveStart: true});
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times;
}"""


def measure(data: Path, size: int = SIZE) -> Iterator[Measured]:
    """The rows for `size` made-up plots beside the facts and the demonstration data in `data`."""
    folder = published(data, size)
    with serving(folder) as address, chromium() as browser:
        yield from first_view(browser, address, size)
        yield from changes(browser, address, size)
        yield from panning(browser, address, size)


def published(data: Path, size: int) -> Path:
    """A data folder of its own whose snapshot holds what `data` publishes, and `size` plots."""
    folder = data / f"map-{size}"
    if folder.exists():
        return folder
    world, kinds = datasets.world.load(), default_kinds()
    store = Store.create(load_config(data).store_url)
    try:
        features = chain(store.published(kinds), plots(size, world))
        Shelf(load_config(folder).snapshots).publish(features, kinds, world)
    finally:
        store.close()
    return folder


def first_view(browser: Browser, address: str, size: int) -> Iterator[Measured]:
    """Bytes, time and heap of the whole province, each with an empty cache; the second of two, so that the server is warm."""
    for path, name in (("/", "first view"), (NEAR, "first view among the plots")):
        _looked_at(browser, address + path)
        found = _looked_at(browser, address + path)
        method = f"Chromium, 1440×900, empty cache, warm server, {size:,} made-up plots and the demonstration data"
        far = path == "/"
        yield Measured(f"{name}, {size:,} plots: ready", found["ms"], "ms", method, aim="≤ 1500 ms" if far else "")
        yield Measured(f"{name}, {size:,} plots: wire", found["kB"], "kB", method, aim="≤ 250 kB" if far else "")
        yield Measured(f"{name}, {size:,} plots: JS heap", found["heap_MB"], "MB", method, aim="≤ 120 MB")


def _looked_at(browser: Browser, url: str) -> dict[str, float]:
    page, session = _page(browser)
    received = [0.0]
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    start = time.perf_counter()
    page.goto(url)
    page.wait_for_selector(READY, state="attached")
    elapsed = (time.perf_counter() - start) * 1000
    page.wait_for_load_state("networkidle")
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    page.context.close()
    return {"ms": elapsed, "kB": sum(received) / 1000, "heap_MB": heap}


def changes(browser: Browser, address: str, size: int) -> Iterator[Measured]:
    """Each filter set and taken away in turns; the first round, which fills the server's memory, counts too."""
    page, _ = _page(browser)
    page.goto(address + NEAR)
    page.wait_for_selector(READY, state="attached")
    page.wait_for_load_state("networkidle")
    fresh, again = [], []
    for number in range(ROUNDS):
        for name, value in FILTERS:
            for _ in range(2):
                took = page.evaluate(CHANGE, [name, value])
                (again if number else fresh).append(took)
                page.wait_for_load_state("networkidle")
    page.context.close()
    method = f"Chromium, 1440×900 at zoom 12 in a city, from the click to the frame after the last tile is painted; {size:,} plots"
    yield Measured("filter change, never asked before", statistics.median(fresh), "ms", method, aim="≤ 300 ms")
    yield Measured("filter change, asked before", statistics.median(again), "ms", method, aim="≤ 300 ms")


def panning(browser: Browser, address: str, size: int) -> Iterator[Measured]:
    """Frames while the map is dragged over a city and back, tiles arriving meanwhile."""
    page, session = _page(browser)
    page.goto(address + NEAR)
    page.wait_for_selector(READY, state="attached")
    page.wait_for_load_state("networkidle")
    times = sorted(page.evaluate(PAN, PAN_STEPS))
    page.wait_for_load_state("networkidle")
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    page.context.close()
    method = (
        f"{PAN_STEPS} steps of 15 px, one a frame, at zoom 12 in a city, new tiles arriving; no GPU; {size:,} plots"
    )
    yield Measured("panning: frames a second", 1000 / statistics.median(times), "fps", method, aim="60 fps")
    yield Measured("panning: 95th centile of a frame", times[int(0.95 * len(times))], "ms", method)
    yield Measured("panning: JS heap after it", heap, "MB", method, aim="≤ 120 MB")


def _page(browser: Browser) -> tuple[Page, CDPSession]:
    context: Any = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(60_000)
    return page, context.new_cdp_session(page)


def main() -> None:
    """Measure in an installation of its own and print the rows."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        prepare(data)
        for row in measure(data, int(sys.argv[1]) if len(sys.argv) > 1 else SIZE):
            print(row.line(), flush=True)


if __name__ == "__main__":
    main()
>>>>>>> 529a44f (Measure the map at a million plots in the browser; bring out one cluster from the legend)
