"""The README's pictures, anew: `python -m tests.browser.screenshots` writes docs/screenshots/*.png."""

from __future__ import annotations

import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from browser_session import Visit, chromium, context_of, prepare, serving, visit
from PIL import Image
from playwright.sync_api import Page
from staff_screenshots import add_people, take_staff

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"


@dataclass(frozen=True)
class Picture:
    """A file's name, the address it shows, the window's size; `map` tells whether it waits for a map."""

    name: str
    path: str
    size: str = "desktop"
    map: bool = True


PICTURES = (
    Picture("map", "/"),
    Picture("map-en", "/?lang=en"),
    Picture("filtered", "/?kind=park,plot,project&county=411082,411081&select=county/411082"),
    Picture("near", "/?map=13/34.0350/113.8600"),
    Picture("heat", "/?view=heat"),
    Picture("choropleth", "/?view=choropleth&measure=amount"),
    Picture("list", "/list", map=False),
    Picture("phone", "/", "phone"),
    Picture("phone-detail", "/?select=county/411082", "phone"),
    Picture("embed", "/embed?kind=project&view=choropleth"),
)


def take(made: Visit, picture: Picture) -> None:
    """Open the address and keep what is seen."""
    if picture.map:
        made.open(picture.path)
    else:
        made.page.goto(made.address + picture.path)
    keep(made.page, picture.name)


def keep(page: Page, name: str) -> None:
    """Write what the page shows now."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    seen = Image.open(io.BytesIO(page.screenshot()))
    seen.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
    print(f"docs/screenshots/{name}.png")


def main() -> None:
    """Serve the facts with the demonstration data and take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        add_people(Path(folder))
        with serving(Path(folder)) as address, chromium() as browser:
            for picture in PICTURES:
                context = context_of(browser, picture.size)
                take(visit(context, address), picture)
                context.close()
            take_staff(browser, address, Path(folder), keep)


if __name__ == "__main__":
    main()
