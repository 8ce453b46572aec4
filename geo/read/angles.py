"""Degrees out of degree-minute-second texts."""

from __future__ import annotations

import re

_ANGLE = re.compile(
    r"(东经|西经|北纬|南纬|[NSEW北南东西])?[\s:]{0,3}"
    r"(-?\d{1,3}(?:\.\d{1,15})?)\s{0,2}(?:[°º˚度]|deg)\s{0,2}"
    r"(?:(\d{1,2}(?:\.\d{1,15})?)\s{0,2}['′’‘`分]\s{0,2})?"
    r"(?:(\d{1,2}(?:\.\d{1,15})?)\s{0,2}(?:''|′′|’’|[\"″”“秒])\s{0,2})?"
    # A letter in front claims its number; only a number without one may take the letter behind it.
    r"(?(1)|([NSEW北南东西])?)",
    re.I | re.ASCII,
)
_LATITUDE = set("NSns北南")
_NEGATIVE = set("SWsw南西")


class Angle:
    """An angle as found in a text: its degrees, and whether its letter says latitude (None: it has none)."""

    __slots__ = ("end", "latitude", "start", "value")

    def __init__(self, match: re.Match[str]) -> None:
        before, whole, minutes, seconds, after = match.groups()
        letter = (before or after or "")[:1]
        size = abs(float(whole)) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
        negative = whole.startswith("-") or letter in _NEGATIVE
        self.value = -size if negative else size
        self.latitude = letter in _LATITUDE if letter else None
        self.start, self.end = match.span()


def angles(text: str) -> list[Angle]:
    """Every angle with a degree sign in a text, in order."""
    return [Angle(match) for match in _ANGLE.finditer(text)]


def degrees(text: str) -> float | None:
    """The decimal degrees of a text that is one angle and nothing else; None if it is not."""
    match = _ANGLE.fullmatch(text.strip())
    return Angle(match).value if match else None
