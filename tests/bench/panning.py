"""The map dragged over a crowded city in the browser: frames a second and the heap after it, at both sizes."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from playwright.sync_api import Browser

from tests.bench.first_view import READY
from tests.bench.ground import LARGE, SMALL, Ground
from tests.bench.measured import Measured
from tests.bench.peers.serving import relitu
from tests.browser.browser_session import chromium

WAY_PX, SECONDS = 900, 1.5
NEAR = "/?map=12/34.7500/113.6500"
# Leaflet's own way of moving the map, to and fro, as after a flick: how long each frame took.
DRAG = """async ([way, seconds]) => {
  const times = [];
  for (const sign of [1, -1]) {
    let going = true;
    relitu.map.once("moveend", () => { going = false; });
    relitu.map.panBy([sign * way, sign * way / 3], {animate: true, duration: seconds, easeLinearity: 1});
    let last = performance.now();
    while (going) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = performance.now();
      times.push(now - last);
      last = now;
    }
  }
  return times;
}"""


def measure(ground: Ground) -> Iterator[Measured]:
    """The middle and the slow frames, and the heap, for a tenth of the plots and for all."""
    for plots in (SMALL, LARGE):
        with relitu(ground.made(plots).data) as server, chromium() as browser:
            times, heap = dragged(browser, server.address)
        method = (
            f"Chromium without GPU, 1440×900, {plots:,} plots, zoom 12 in a city; {WAY_PX} px in {SECONDS} s and back, new tiles arriving; "
            f"95th centile of a frame {times[int(0.95 * len(times))]:.0f} ms"
        )
        yield Measured(
            f"panning, {plots:,} plots", 1000 / statistics.median(times), "fps", method, aim="≥ 58 fps (of 60)"
        )
        yield Measured(f"JS heap after panning, {plots:,} plots", heap, "MB", method, aim="≤ 120 MB")


def dragged(browser: Browser, address: str) -> tuple[list[float], float]:
    """Milliseconds of each frame, ascending, and the heap in MB once rubbish is collected."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    session = context.new_cdp_session(page)
    page.goto(address + NEAR)
    page.wait_for_selector(READY, state="attached")
    page.wait_for_load_state("networkidle")
    times = sorted(page.evaluate(DRAG, [WAY_PX, SECONDS]))
    page.wait_for_load_state("networkidle")
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    context.close()
    return times, heap
