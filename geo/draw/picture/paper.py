"""An SVG in the making: shapes in drawing order, letters defined once each and used by reference."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geo.draw.mercator import Floats
from geo.draw.picture.typeface import EM, Typeface

TENTHS = 10  # outlines are whole tenths of a pixel
Anchor = Literal["start", "middle", "end"]
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, y down."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two overlap."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        """Whether `other` lies wholly inside."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


class Paper:
    """Collects elements; `svg` gives the file. Everything is an attribute: a strict policy forbids styles."""

    def __init__(self, typeface: Typeface) -> None:
        self.typeface = typeface
        self._parts: list[str] = []
        self._letters: dict[str, str] = {}
        self._definitions: list[str] = []

    def define(self, element: str) -> None:
        """Put an element among the definitions."""
        self._definitions.append(element)

    def add(self, tag: str, **attributes: object) -> None:
        """An element without content; underscores in names become hyphens, None is left out."""
        self._parts.append(f"<{tag}{_written(attributes)}/>")

    def open(self, **attributes: object) -> None:
        """Begin a group; everything until `close` is in it."""
        self._parts.append(f"<g{_written(attributes)}>")

    def close(self) -> None:
        """End the group begun last."""
        self._parts.append("</g>")

    def take(self, other: Paper) -> None:
        """Put what is on another sheet on top."""
        self._parts += other._parts
        self._letters |= other._letters
        self._definitions += other._definitions

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        fill: str,
        weight: int = 400,
        anchor: Anchor = "start",
        halo: str | None = None,
        halo_px: float = 3,
    ) -> float:
        """A text as outlines, its base line at y; its width. halo: a colour drawn around it."""
        face = self.typeface
        width = face.width(text, size, weight)
        x -= {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        uses, at = [], 0
        for letter in text:
            glyph = face.glyph(letter, weight)
            if glyph.path:
                self._letters[glyph.id] = glyph.path
                uses.append(f'<use href="#{glyph.id}"{f" x={chr(34)}{at}{chr(34)}" if at else ""}/>')
            at += glyph.advance
        drawn = "".join(uses)
        scale = size / EM
        around = (
            f'<g fill="{halo}" stroke="{halo}" stroke-width="{number(halo_px / scale)}" stroke-linejoin="round">{drawn}</g>'
            if halo
            else ""
        )
        self._parts.append(
            f'<g role="img" aria-label="{clean(text)}" fill="{fill}" '
            f'transform="translate({number(x)} {number(y)}) scale({scale:.6g})">{around}{drawn}</g>'
        )
        return width

    def svg(self, width: int, height: int, room: tuple[float, float], title: str, description: str) -> str:
        """The file: `width` × `height` pixels showing `room` units."""
        letters = "".join(f'<path id="{name}" d="{path}"/>' for name, path in sorted(self._letters.items()))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {number(room[0])} {number(room[1])}" role="graphics-document" '
            'aria-labelledby="title" aria-describedby="desc">'
            f'<title id="title">{clean(title)}</title><desc id="desc">{clean(description)}</desc>'
            f"<defs>{''.join(self._definitions)}{letters}</defs>{''.join(self._parts)}</svg>\n"
        )


def clean(text: str) -> str:
    """Text as XML may hold it."""
    return escape(NOT_XML.sub("\ufffd", text))


def number(value: float) -> str:
    """A number with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


def outline(xy: Floats, *, closed: bool) -> str:
    """Path data of a line of pixels (n, 2) in tenths of a pixel, relative; empty where nothing of it can be seen."""
    steps: NDArray[np.int64] = np.rint(xy * TENTHS).astype(np.int64)
    if closed:
        steps = steps[:-1]
    moves = np.diff(steps, axis=0)
    moves = moves[(moves != 0).any(axis=1)]
    if not len(steps) or not len(moves) or (closed and len(moves) < 2):
        return ""
    body = " ".join(map(str, moves.ravel().tolist())).replace(" -", "-")
    return f"M{steps[0, 0]} {steps[0, 1]}l{body}{'z' if closed else ''}"


def _written(attributes: dict[str, object]) -> str:
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{number(value) if isinstance(value, float) else clean(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
