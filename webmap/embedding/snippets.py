"""What a webmaster pastes into a page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


def attributes(query: Iterable[tuple[str, str]]) -> str:
    """Parameters of /embed as attributes of an element: area_min=50 becomes data-area-min="50"."""
    return "".join(f' data-{name.replace("_", "-")}="{escape(value)}"' for name, value in query)


def element_html(query: Iterable[tuple[str, str]], height: int | None, loader: str) -> str:
    """The two lines: the element, and the script that makes a frame of it. Without a height it follows its content."""
    size = f' data-height="{height}"' if height else ""
    return f'<div data-relitu{attributes(query)}{size}></div>\n<script src="{escape(loader)}" async></script>'


def picture_html(source: str, target: str, alt: str, size: tuple[int, int]) -> str:
    """A picture that leads to the map; size: width and height in pixels. No style: a strict policy of the page forbids one."""
    width, height = size
    image = f'<img src="{escape(source)}" width="{width}" height="{height}" alt="{escape(alt)}">'
    return f'<a href="{escape(target)}">{image}</a>'
