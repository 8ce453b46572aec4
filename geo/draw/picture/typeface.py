"""Letters as outlines: a variable font in parts by range of characters, of which only those that are needed are read."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from datasets.labels import Label

EM = 1000  # units of the font's grid, in which outlines and widths are given
MISSING_ADVANCE = 600
MISSING = "M70 120V-760H530V120ZM130 60H470V-700H130Z"
RANGES = "unicode.json"


class FontMissing(RuntimeError):
    """The font's files are not there; the label says how they come."""

    def __init__(self) -> None:
        self.label = Label(
            "绘制图片所需的字体尚未安装，请管理员运行 make setup。",
            "The font that pictures are drawn with is not installed: whoever runs this site should run make setup.",
        )
        super().__init__(self.label.en)


@dataclass(frozen=True)
class Glyph:
    """One letter. path: SVG path data, y down, `EM` units to the em, its base line at y = 0. advance: its width."""

    id: str
    path: str
    advance: int


class Typeface:
    """A font in `folder`: `unicode.json` (part → ranges as in CSS) and `<name>-<part>-wght-normal.ttf` each.

    A character that the font lacks is a box. Parts and letters are kept once they are read; threads may share one.
    """

    def __init__(self, folder: Path) -> None:
        try:
            ranges: dict[str, str] = json.loads((folder / RANGES).read_text(encoding="utf-8"))
        except OSError as error:
            raise FontMissing from error
        self._files = {path.name: path for path in folder.glob("*-wght-normal.ttf")}
        self._ranges = sorted(
            ((low, high, part.strip("[]")) for part, text in ranges.items() for low, high in _bounds(text)),
            key=lambda entry: (entry[2] != "latin", entry),
        )
        self._parts: dict[str, Any] = {}
        self._glyphs: dict[tuple[str, int], Glyph] = {}
        self._lock = Lock()

    def glyph(self, letter: str, weight: int) -> Glyph:
        """The outline of a character at a weight (100 to 900)."""
        found = self._glyphs.get((letter, weight))
        if found is None:
            with self._lock:
                found = self._glyphs.setdefault((letter, weight), self._drawn(letter, weight))
        return found

    def width(self, text: str, size: float, weight: int = 400) -> float:
        """The width of a text of that size."""
        return sum(self.glyph(letter, weight).advance for letter in text) * size / EM

    def cut(self, text: str, size: float, room: float, weight: int = 400) -> str:
        """The text, or as much of it as fits into `room` with an ellipsis after it."""
        if self.width(text, size, weight) <= room:
            return text
        while text and self.width(text + "…", size, weight) > room:
            text = text[:-1]
        return text.rstrip(" ·，、,;；") + "…"

    def lines(self, text: str, size: float, room: float, weight: int = 400) -> list[str]:
        """The text in lines that fit into `room`: between Chinese characters anywhere, else at spaces."""
        found, line = [], ""
        for word in _words(text):
            if line and self.width((line + word).rstrip(), size, weight) > room:
                found.append(line.rstrip())
                line = word.lstrip()
            else:
                line += word
        return [*found, line.rstrip()] if line.strip() else found

    def _drawn(self, letter: str, weight: int) -> Glyph:
        from fontTools.pens.svgPathPen import SVGPathPen
        from fontTools.pens.transformPen import TransformPen

        name = f"g{weight}-{ord(letter):x}"
        part = self._part_of(ord(letter))
        outline = part and part.getBestCmap().get(ord(letter))
        if not outline:
            return Glyph(name, MISSING, MISSING_ADVANCE)
        glyphs = part.getGlyphSet(location={"wght": weight})
        pen = SVGPathPen(glyphs, ntos=lambda value: str(round(value)))
        glyphs[outline].draw(TransformPen(pen, (1, 0, 0, -1, 0, 0)))
        return Glyph(name, pen.getCommands(), round(glyphs[outline].width))

    def _part_of(self, code: int) -> Any:
        for low, high, part in self._ranges:
            if low <= code <= high:
                if part not in self._parts:
                    self._parts[part] = self._read(part)
                return self._parts[part]
        return None

    def _read(self, part: str) -> Any:
        from fontTools.ttLib import TTFont

        path = next((path for name, path in self._files.items() if name.endswith(f"-{part}-wght-normal.ttf")), None)
        return TTFont(io.BytesIO(path.read_bytes()), lazy=True) if path else None


def _bounds(text: str) -> Iterator[tuple[int, int]]:
    for span in text.split(","):
        low, _, high = span.strip().removeprefix("U+").partition("-")
        yield int(low, 16), int(high or low, 16)


def _words(text: str) -> Iterator[str]:
    """Pieces between which a line may end: closing marks stay with what is before them."""
    piece = ""
    for letter in text:
        wide = letter > "\u2e80"
        closing = letter in "，。；：、）》”％"
        if piece and not closing and (wide or piece[-1] == " " or piece[-1] > "\u2e80"):
            yield piece
            piece = ""
        piece += letter
    if piece:
        yield piece
