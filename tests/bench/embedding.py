"""The map in another page, against a frame of the whole page and a frame of a naive folium page."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Route

from tests.bench.first_view import LOADED, READY, folder_served, naive_page
from tests.bench.measured import Measured
from tests.browser.browser_session import chromium, serving

METHOD = "a page of another origin, 1440×900, empty cache, median of 3; until the map inside stands"
LOADED_AT = "performance.timing.loadEventEnd - performance.timing.navigationStart"
TURNS = 3


def measure(data: Path) -> Iterator[Measured]:
    """Bytes, milliseconds to the first map, and when the page around has finished loading."""
    outside = data / "outside"
    outside.mkdir(exist_ok=True)
    with folder_served(outside) as elsewhere, serving(data, RELITU_FRAME_ANCESTORS=elsewhere) as server:
        naive_page(server, outside)
        loader = f'<script src="{server}/embed.js" async></script>'
        pages = {
            "ours": f'<div data-relitu data-height="520"></div>{loader}',
            "whole": f'<iframe src="{server}/" width="1200" height="520"></iframe>',
            "naive": '<iframe src="naive/map.html" width="1200" height="520"></iframe>',
        }
        for name, inside in pages.items():
            page = f"<!doctype html><meta charset=utf-8><title>{name}</title><h1>{name}</h1>{inside}"
            (outside / f"{name}.html").write_text(page, encoding="utf-8")
        with chromium() as browser:
            # The whole page refuses frames of other origins: its frame stands in a page that claims to be its own.
            own = {f"{server}/around": (outside / "whole.html").read_text(encoding="utf-8")}
            turns = [
                (
                    _look(browser, f"{elsewhere}/ours.html", READY),
                    _look(browser, f"{server}/around", READY, own),
                    _look(browser, f"{elsewhere}/naive.html", LOADED),
                )
                for _ in range(TURNS)
            ]
    ours, whole, naive = (
        [sorted(each)[TURNS // 2] for each in zip(*side, strict=True)] for side in zip(*turns, strict=True)
    )
    for peer, theirs in (("frame of the whole page", whole), ("frame of a naive folium page", naive)):
        yield Measured("embed, on the wire", ours[0], "kB", METHOD, peer, theirs[0])
        yield Measured("embed, first map", ours[1], "ms", METHOD, peer, theirs[1])
        yield Measured("page around, its load event", ours[2], "ms", METHOD, peer, theirs[2])


def _answer(text: str, route: Route) -> None:
    route.fulfill(body=text, content_type="text/html")


def _look(browser: Browser, url: str, ready: str, own: dict[str, str] | None = None) -> tuple[float, float, float]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    for address, text in (own or {}).items():
        page.route(address, functools.partial(_answer, text))
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received = [0.0]
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    start = time.perf_counter()
    page.goto(url)
    page.frame_locator("iframe").locator(ready).wait_for(state="attached", timeout=60_000)
    elapsed = (time.perf_counter() - start) * 1000
    page.wait_for_load_state("networkidle")
    loaded = float(page.evaluate(LOADED_AT))
    context.close()
    return sum(received) / 1000, elapsed, loaded
