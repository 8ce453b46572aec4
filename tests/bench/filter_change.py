"""A filter changed in the browser on the large map: from the click until map and panel stand still again."""

from __future__ import annotations

import statistics
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
