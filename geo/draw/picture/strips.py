"""What stands around the map: the title above, 审图号, date and sources below, the scale in the corner."""

from __future__ import annotations

from geo.draw.picture import tones
from geo.draw.picture.paper import Box, Paper, number
from geo.draw.picture.view import View
from geo.draw.picture.words import Words

PAD = 16.0
NARROW = 420.0
TITLE, LINE, FINE = 19.0, 13.0, 11.0
FINE_STEP = 16.0
SCALE_MOST = 130.0
LINES_MOST = 2


class Strips:
    """Measures the strips for a picture of `width` × `height` and draws them."""

    def __init__(self, paper: Paper, width: float, height: float, words: Words, shown: str, *, demo: bool) -> None:
        self._paper, self._width, self._height, self._words = paper, width, height, words
        face, room = paper.typeface, width - 2 * PAD
        self.shown = shown
        self._has_demo = demo
        self._title_px = TITLE if width >= NARROW else 15.0
        self._title = face.cut(words.title, self._title_px, room, tones.BOLD)
        text = words.line(words.conditions, shown)
        lines = face.lines(text, LINE, room)
        if len(lines) > LINES_MOST:
            # How much there is stands last and must stay.
            kept = face.cut(words.conditions, LINE, LINES_MOST * room * 0.92 - face.width(shown, LINE) - 60)
            lines = face.lines(words.line(kept, shown), LINE, room)[:LINES_MOST]
        self._lines = lines
        self._fine = self._flowed(room)
        self.top = 12 + self._title_px + 8 + 18 * len(self._lines) + 4
        self.bottom = 10 + FINE_STEP * len(self._fine)

    @property
    def frame(self) -> Box:
        """The rectangle that is left for the map."""
        return Box(0, self.top, self._width, max(self._height - self.bottom, self.top + 20))

    def draw(self) -> None:
        """Both strips."""
        paper, frame = self._paper, self.frame
        paper.add("rect", width=self._width, height=frame.top, fill=tones.PAPER)
        paper.add("path", d=f"M0 {number(frame.top)}H{number(self._width)}", stroke=tones.LINE)
        y = 12 + self._title_px * 0.9
        paper.text(PAD, y, self._title, self._title_px, fill=tones.INK, weight=tones.BOLD)
        for at, line in enumerate(self._lines):
            paper.text(PAD, y + 8 + 14 + 18 * at, line, LINE, fill=tones.INK_2)
        paper.add(
            "rect", y=frame.bottom, width=self._width, height=max(self._height - frame.bottom, 0.0), fill=tones.PAPER
        )
        paper.add("path", d=f"M0 {number(frame.bottom)}H{number(self._width)}", stroke=tones.LINE)
        for at, pieces in enumerate(self._fine):
            y = frame.bottom + 5 + FINE_STEP * at + 11.5
            for text, x, is_demo in pieces:
                if is_demo:
                    self._demo(text, x, y)
                else:
                    paper.text(x, y, text, FINE, fill=tones.INK_2)

    def _demo(self, text: str, x: float, y: float) -> None:
        width = self._paper.typeface.width(text, FINE, 500) + 10
        self._paper.add("rect", x=x, y=y - 11, width=width, height=14.5, rx=3, fill=tones.DEMO_SOFT)
        self._paper.text(x + 5, y, text, FINE, fill=tones.DEMO, weight=500)

    def _flowed(self, room: float) -> list[list[tuple[str, float, bool]]]:
        """The imprint in lines: each piece whole, with its place."""
        face = self._paper.typeface
        pieces = [(text, False) for text in self._words.imprint if text]
        if self._has_demo:
            pieces.insert(min(2, len(pieces)), (self._words.demo, True))
        lines: list[list[tuple[str, float, bool]]] = [[]]
        x = 0.0
        for text, is_demo in pieces:
            cut = face.cut(text, FINE, room - 10)
            width = face.width(cut, FINE) + (10 if is_demo else 0)
            if lines[-1] and x + width > room:
                lines.append([])
                x = 0.0
            lines[-1].append((cut, PAD + x, is_demo))
            x += width + 18
        return [line for line in lines if line]


def scale_bar(paper: Paper, view: View, words: Words) -> Box:
    """A bar of a round length in the lower left corner of the map, right in the middle of the view; its room."""
    most = min(SCALE_MOST, view.frame.width * 0.3)
    metres = round_length(most * view.metres_per_pixel)
    width = metres / view.metres_per_pixel
    text = words.length(metres)
    x, y = PAD, view.frame.bottom - 14
    paper.open(class_="scale")
    for colour, thick in ((tones.PAPER, 5), (tones.INK_2, 1.6)):
        paper.add(
            "path",
            d=f"M{number(x)} {number(y - 5)}V{number(y)}H{number(x + width)}V{number(y - 5)}",
            fill="none",
            stroke=colour,
            stroke_width=thick,
        )
    paper.text(x + width / 2, y - 5, text, FINE, fill=tones.INK_2, anchor="middle", halo=tones.PAPER)
    paper.close()
    reach = max(width, paper.typeface.width(text, FINE))
    return Box(x - 8, y - 20, x + reach + 8, view.frame.bottom)


def round_length(metres: float) -> float:
    """The greatest of 1, 2, 5 × 10ⁿ metres that is not above."""
    size = 1.0
    while size * 10 <= metres:
        size *= 10
    while size > metres:
        size /= 10
    return next(step * size for step in (5, 2, 1) if step * size <= metres)
