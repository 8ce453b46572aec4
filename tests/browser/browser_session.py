"""A served installation and a real Chromium, for the browser tests and for the README's pictures."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

RELITU = [sys.executable, "-c", "from webmap.cli import main; main()"]
START_S = 60
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]


class NoBrowser(RuntimeError):
    """There is no Chromium on this machine."""


def prepare(data: Path) -> None:
    """Fill a data folder with the facts and the demonstration data."""
    done = subprocess.run([*RELITU, "init", "--data", str(data), "--demo"], check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"relitu init failed:\n{done.stderr[-2000:]}")


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[str]:
    """The address of a running `relitu serve`; `settings` are environment variables."""
    port = free_port()
    command = [*RELITU, "serve", "--data", str(data), "--port", str(port)]
    log = data / f"serve-{port}.log"
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **settings})
    try:
        yield _answering(f"http://127.0.0.1:{port}", server, log)
    finally:
        server.terminate()
        server.wait(timeout=10)


def _answering(address: str, server: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):
                return address
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"relitu serve did not answer at {address}:\n{log.read_text(encoding='utf-8')[-2000:]}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium of the system."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        raise NoBrowser("没有 Chromium，请安装：apt-get install chromium / No Chromium: run apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """A page, and what it said and asked for that it should not have."""

    page: Page
    address: str
    said: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def open(self, path: str = "/") -> Page:
        """Go to a page of the map and wait until map, marks and list are in place."""
        self.page.goto(self.address + path)
        self.ready()
        return self.page

    def ready(self) -> None:
        """Wait for the map."""
        self.page.wait_for_selector("html[data-ready=true]", state="attached")

    def module(self, name: str) -> str:
        """The address of one of our modules, `tiles/mvt.js`; the page itself has them as one script."""
        sheet = str(self.page.locator("link[href*='/sheets/']").first.get_attribute("href"))
        return f"{sheet.partition('sheets/')[0]}js/{name}"

    def settled(self) -> None:
        """Wait until nothing is under way."""
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(150)

    def hear(self, message: ConsoleMessage) -> None:
        """Keep a console message."""
        self.said.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def see(self, request: Request) -> None:
        """Keep a request to another host."""
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.foreign.append(request.url)


Api = Callable[..., Any]
Go = Callable[..., Visit]


def counts(made: Visit) -> list[int]:
    """The numbers on all rings and badges of the map."""
    texts = made.page.locator(".ring-count, .badge-count, .plain-count").all_inner_texts()
    return [int(re.sub(r"\D", "", text)) for text in texts]


def context_of(browser: Browser, size: str) -> BrowserContext:
    """A fresh context in one of SIZES."""
    width, height = SIZES[size]
    phone = size == "phone"
    return browser.new_context(
        viewport={"width": width, "height": height}, has_touch=phone, is_mobile=phone, locale="zh-CN"
    )


def visit(context: BrowserContext, address: str) -> Visit:
    """A page that is listened to."""
    context.set_default_timeout(30_000)
    made = Visit(context.new_page(), address)
    made.page.on("console", made.hear)
    made.page.on("pageerror", lambda error: made.said.append(f"exception: {error}"))
    made.page.on("request", made.see)
    return made
