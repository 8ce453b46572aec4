"""What a page asks for in one request rather than in fifty: its modules as one script, its style sheets as one.

A browser keeps six connections to a server of HTTP/1.1; at 80 ms to the server the small files of the map took longer than all the
rest of it. The sources stay what is edited: they are joined when the application starts, so nothing can be out of date.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from webmap.bundle import bundle
from webmap.folium_map import Shell

# The entries of pages that everybody opens. A page with two entries needs their modules apart: each has its own copy of what it imports.
SCRIPTS = ("js/map.js", "js/embed.js")

_COMMON = ("base", "controls", "bar", "items", "detail", "area")
# Page → its style sheets in their order: names in `css`, or files of a package. A template names its page by `sheet`.
SHEETS: dict[str, tuple[str, ...]] = {
    "text": (*_COMMON, "pages"),
    "map": (*_COMMON, *Shell.css, "filters", "years", "panel"),
    "list": (*_COMMON, "filters", "years", "pages", "list", "table"),
    "data": (*_COMMON, "pages", "list", "data"),
    "service": (*_COMMON, "pages", "list", "table", "service"),
    "embed": (*_COMMON, *Shell.css, "panel", "embed", "themes"),
    "embed-plain": (*_COMMON, "table", "list", "panel", "embed", "themes"),
    "maker": (*_COMMON, "filters", "years", "pages", "list", "maker"),
    "gallery": (*_COMMON, "pages", "list", "maker"),
    "staff": (*_COMMON, "pages", "list", "table", "staff", "staff-bar", "staff-lists", "staff-record"),
}

_LINK = re.compile(r"""url\(\s*(["']?)(?!data:|#|/|\w+:)([^"')]+)\1\s*\)""")
_FIRST_ONLY = re.compile(r"@(?:import|charset)\b")  # what holds at the beginning of a sheet only


class Unjoined(ValueError):
    """A style sheet that cannot stand behind another, with the reason."""


def joined(source: Callable[[str], str]) -> dict[str, str]:
    """Scripts and style sheets by their address below `static`; source gives a file's text by its own.

    A script takes the place of its entry. Raises webmap.bundle.Unbundled, Unjoined.
    """
    scripts = {entry: bundle(entry, source) for entry in SCRIPTS}
    return scripts | {f"sheets/{page}.css": _sheet(names, source) for page, names in SHEETS.items()}


def _sheet(names: tuple[str, ...], source: Callable[[str], str]) -> str:
    files = [name if "/" in name else f"css/{name}.css" for name in names]
    return "".join(_moved(file, source(file)) for file in files)


def _moved(file: str, style: str) -> str:
    """A style sheet as it reads from the folder of the joined ones: its pictures stay where they are."""
    if fault := _FIRST_ONLY.search(style):
        raise Unjoined(f"{file}: {fault[0]} has no effect behind other style sheets")
    folder = posixpath.dirname(file)
    return _LINK.sub(
        lambda found: f'url("{posixpath.relpath(posixpath.join(folder, found[2]), "sheets")}")', style.rstrip() + "\n"
    )
