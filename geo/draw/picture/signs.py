"""Marks: rings for many, badges for what is known only to a place, a shape of its own for a single feature."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from datasets.labels import DEFAULT_LANGUAGE
from datasets.world import World
from geo.draw.figures import figure
from geo.draw.marks import CITY_ZOOM, COUNTY_ZOOM, Mark
from geo.draw.picture import tones
from geo.draw.picture.ground import Drawn
from geo.draw.picture.paper import Box, Paper, number
from geo.draw.picture.room import spread
from geo.draw.picture.typeface import Typeface
from geo.draw.picture.view import View

LEADER_PX = 20
SYMBOL_PX = 26.0
SHAPE_SEEN_PX = 24.0  # an outline larger than this needs no symbol
Mix = tuple[tuple[str, int], ...]
Sort = Literal["ring", "badge", "feature"]


@dataclass(frozen=True)
class Sign:
    """A mark as it is drawn. level: the whole zoom of the marks; plain: without colours, over a scale of its own."""

    mark: Mark
    sort: Sort
    label: str
    plain: bool
    lang: str

    @property
    def across(self) -> float:
        """The diameter of a ring."""
        if self.plain:
            return 18.0 + 5 * len(str(self.mark.n))
        return float(round(min(60.0, 27 + 4.2 * math.log2(1 + self.mark.n))))

    @property
    def named(self) -> bool:
        """Whether it bears the name of its unit."""
        return self.sort == "badge" or (self.sort == "ring" and self.mark.type != "cluster" and not self.plain)

    def size(self, face: Typeface) -> tuple[float, float]:
        """Width and height in pixels."""
        if self.sort == "feature":
            return SYMBOL_PX + 2, SYMBOL_PX + 2
        if self.sort == "badge":
            name, count = self._widths(face)
            return name + count + 24, 26
        if self.mark.type == "cluster" or self.plain:
            return self.across, self.across
        return max(self.across, face.width(self.label, tones.TEXT, 500) + 4), self.across + 16

    def _widths(self, face: Typeface) -> tuple[float, float]:
        return face.width(self.label, tones.TEXT), face.width(figure(self.mark.n), tones.TEXT, tones.BOLD)

    def draw(self, paper: Paper, x: float, y: float, world: World, symbols: Mapping[str, str]) -> None:
        """The mark with its middle at x, y. symbols: kind → outline's name."""
        paper.open(
            class_=f"mark mark-{self.sort}",
            data_id=self.mark.id,
            data_n=self.mark.n,
            transform=f"translate({number(x)} {number(y)})",
        )
        if self.sort == "feature":
            colour = cluster_colour(self.mark.mix[0][0] if self.mark.mix else "", world)
            symbol(paper, symbols.get(self.mark.kind or "", "circle"), colour, demo=bool(self.mark.demo))
        elif self.sort == "badge":
            self._badge(paper, world)
        else:
            self._ring(paper, world)
        paper.close()

    def _badge(self, paper: Paper, world: World) -> None:
        width, height = self.size(paper.typeface)
        left = -width / 2
        paper.add(
            "rect",
            x=left,
            y=-13.0,
            width=width,
            height=height,
            rx=6,
            fill=tones.PAPER,
            stroke="#c8c2b2",
            stroke_width=1,
        )
        if not self.plain:
            bar(paper, self.mark.mix, (left + 6, 8.0, width - 12, 3.0), world)
        name, _ = self._widths(paper.typeface)
        paper.text(left + 9, 3.5, self.label, tones.TEXT, fill=tones.INK)
        paper.text(left + 15 + name, 3.5, figure(self.mark.n), tones.TEXT, fill=tones.INK, weight=tones.BOLD)

    def _ring(self, paper: Paper, world: World) -> None:
        if self.plain:
            paper.add(
                "circle", r=self.across / 2, fill=tones.PAPER, fill_opacity=0.92, stroke=tones.EDGE, stroke_width=1
            )
            paper.text(0, 4, short(self.mark.n, self.lang), 11.5, fill=tones.INK, weight=tones.BOLD, anchor="middle")
            return
        middle = 0.0 if self.mark.type == "cluster" else -8.0
        ring(paper, self.mark.mix, middle, self.across, world, demo=self.mark.demo is True)
        paper.text(
            0, middle + 4.5, short(self.mark.n, self.lang), 13, fill=tones.INK, weight=tones.BOLD, anchor="middle"
        )
        if self.named:
            under = middle + self.across / 2 + 13
            paper.text(0, under, self.label, tones.TEXT, fill=tones.INK, weight=500, anchor="middle", halo="#fff")


def signs(marks: list[Mark], level: int, world: World, lang: str, *, plain: bool) -> list[Sign]:
    """The marks as they are drawn: a county's short name while many are in view, else the whole one."""
    made = []
    for mark in marks:
        if mark.type == "feature":
            sort: Sort = "feature"
        elif mark.type == "cluster" or level <= CITY_ZOOM or (mark.type == "county" and level <= COUNTY_ZOOM):
            sort = "ring"
        else:
            sort = "badge"
        label = mark.name
        if mark.type == "county" and level <= COUNTY_ZOOM:
            label = world.boundaries.unit(mark.id).short.text(lang)
        made.append(Sign(mark, sort, label, plain, lang))
    return made


def place(
    paper: Paper,
    view: View,
    drawn: list[Sign],
    world: World,
    symbols: Mapping[str, str],
    shapes: Mapping[str, Drawn],
    taken: list[Box],
) -> tuple[list[Box], set[str]]:
    """Draw the marks, those that would hide each other pushed apart; the room they take and the units they name.

    shapes: outlines that are drawn already; a large one needs no symbol. taken: room to keep clear of.
    """
    seen = [sign for sign in drawn if not is_outline(sign, shapes)]
    for sign in drawn:
        if is_outline(sign, shapes):
            paper.add("g", class_="mark mark-outline", data_id=sign.mark.id, data_n=1)
    at = view.pixels(np.array([(sign.mark.lon, sign.mark.lat) for sign in seen]).reshape(-1, 2))
    size = np.array([sign.size(paper.typeface) for sign in seen]).reshape(-1, 2)
    others = np.array([((box.left + box.right) / 2, (box.top + box.bottom) / 2) for box in taken]).reshape(-1, 2)
    widths = np.array([(box.width, box.height) for box in taken]).reshape(-1, 2)
    fixed = np.array([sign.sort == "feature" for sign in seen] + [True] * len(taken), np.bool_)
    frame = view.frame
    spots = spread(
        np.vstack([at, others]),
        np.vstack([size, widths]) + 2,
        fixed,
        (frame.left, frame.top, frame.right, frame.bottom),
    )[: len(seen)]
    for (x, y), (left, top) in zip(at.tolist(), spots.tolist(), strict=True):
        if math.hypot(left - x, top - y) > LEADER_PX:
            paper.add(
                "path", d=f"M{number(x)} {number(y)}L{number(left)} {number(top)}", stroke=tones.EDGE, fill="none"
            )
            paper.add("circle", cx=x, cy=y, r=2.5, fill=tones.EDGE)
    boxes = []
    # Rings first: a single feature stays where it is and must not vanish below one.
    for number_ in sorted(range(len(seen)), key=lambda i: (seen[i].sort == "feature", spots[i, 1], spots[i, 0])):
        (x, y), (width, height) = spots[number_].tolist(), size[number_].tolist()
        seen[number_].draw(paper, x, y, world, symbols)
        boxes.append(Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    return boxes, {sign.mark.id for sign in seen if sign.named}


def is_outline(sign: Sign, shapes: Mapping[str, Drawn]) -> bool:
    """Whether a feature is shown by its outline alone, a symbol being more than it needs."""
    drawn = shapes.get(f"{sign.mark.kind}/{sign.mark.id}") if sign.sort == "feature" else None
    return drawn is not None and max(drawn.box.width, drawn.box.height) >= SHAPE_SEEN_PX


def singles(drawn: list[Sign], shapes: Mapping[str, Drawn]) -> list[tuple[Mark, bool]]:
    """The features that stand alone, and whether each has a symbol."""
    return [(sign.mark, not is_outline(sign, shapes)) for sign in drawn if sign.sort == "feature"]


def ring(paper: Paper, mix: Mix, y: float, size: float, world: World | None, *, demo: bool) -> None:
    """A ring around 0, y whose arcs are the shares of the chain clusters."""
    width = max(5, round(size / 8))
    radius = (size - width) / 2 - 1
    paper.add(
        "circle",
        cy=y or None,
        r=size / 2 - 0.5,
        fill="#fff",
        stroke=tones.DARK if demo else "#d9d4c7",
        stroke_width=1,
        stroke_dasharray="3 2.5" if demo else None,
    )
    total = sum(n for _, n in mix) or 1
    length, start = 2 * math.pi * radius, 0.0
    for cluster, n in mix:
        part = n / total * length
        gap = min(1.5, part / 3) if len(mix) > 1 else 0.0
        paper.add(
            "circle",
            r=radius,
            fill="none",
            stroke=cluster_colour(cluster, world),
            stroke_width=width,
            stroke_dasharray=f"{number(part - gap)} {number(length - part + gap)}",
            stroke_dashoffset=number(-start),
            transform=f"translate(0 {number(y)}) rotate(-90)",
        )
        start += part


def bar(paper: Paper, mix: Mix, box: tuple[float, float, float, float], world: World | None) -> None:
    """A flat bar (left, top, width, height) whose parts are the shares of the chain clusters."""
    left, top, width, height = box
    total = sum(n for _, n in mix) or 1
    for cluster, n in mix:
        part = n / total * width
        paper.add("rect", x=left, y=top, width=part, height=height, fill=cluster_colour(cluster, world))
        left += part


def symbol(paper: Paper, name: str, colour: str, *, demo: bool, size: float = SYMBOL_PX) -> None:
    """A kind's shape around the origin."""
    data = tones.OUTLINES.get(name, tones.OUTLINES["circle"])
    paper.open(transform=f"scale({number(size / 28)}) translate(-12 -12)", stroke_linejoin="round")
    paper.add("path", d=data, fill="none", stroke="#fff", stroke_width=5)
    paper.add(
        "path",
        d=data,
        fill=colour,
        stroke=tones.DARK,
        stroke_opacity=None if demo else 0.55,
        stroke_width=1.8 if demo else 1,
        stroke_dasharray="3 2.2" if demo else None,
    )
    paper.close()


def cluster_colour(cluster: str, world: World | None) -> str:
    """The colour of a chain cluster; a grey for none."""
    known = world.chains.clusters.get(cluster) if world else None
    return known.colour if known else tones.NO_CHAIN


def short(n: int, lang: str) -> str:
    """A number that fits into a ring."""
    if n < 10_000:
        return figure(n)
    size, unit = (10_000, "万") if lang == DEFAULT_LANGUAGE else (1000, "k")
    return f"{figure(round(n / size, 1 if n < 100 * size else None))}{unit}"
