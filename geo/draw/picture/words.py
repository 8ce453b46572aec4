"""What a picture says, in its reader's language; whoever asks for it fills this in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Words:
    """title, conditions: the two lines above. shown: total and how many of them lie outside → words.

    imprint: what stands below, the 审图号 first; demo: the mark of demonstration data, shown where there are any.
    length: metres → words. separator: between
    conditions; enumeration: between names. kinds: kind → its name;
    symbols: kind → the name of its outline.
    """

    title: str
    conditions: str
    shown: Callable[[int, int], str]
    imprint: tuple[str, ...]
    demo: str
    kinds: Mapping[str, str]
    symbols: Mapping[str, str]
    chains: str
    no_chain: str
    signs: str
    ring: str
    badge: str
    demo_sign: str
    heat: str
    measure: str
    length: Callable[[float], str]
    separator: str
    enumeration: str

    def line(self, conditions: str, shown: str) -> str:
        """The line below the title: what was asked for, and how much there is."""
        return f"{conditions}{self.separator}{shown}" if conditions else shown
