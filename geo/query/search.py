"""Which rows are found by words: in their own texts, or by the names of their county or city and of their chains.

The names stand once for all rows: a row holds their codes. The texts are read through only for what is a row's own.
"""

from __future__ import annotations

from typing import cast
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from datasets.boundaries import UnknownUnit
from datasets.labels import Label
from datasets.world import World
from geo.publish import Table
from geo.publish.columns import TermColumn, TermsColumn
from geo.query.masks import Test, any_of, one_of, term_table
from geo.query.selection import PIECE, Rows
from geo.query.words import holders, longest_first, rows_with

LETTERS = 64  # 8 MB of a million rows
Names = dict[str, str]
_letters: WeakKeyDictionary[Table, dict[str, NDArray[np.uint8]]] = WeakKeyDictionary()
_known: WeakKeyDictionary[Table, tuple[World, Names, Names]] = WeakKeyDictionary()


def found_by(table: Table, words: list[str], world: World, among: Rows) -> Rows:
    """Those of the rows `among` in which every one of the words (lower-cased, not empty, without spaces) is found."""
    found = among
    for word in longest_first(words):
        tests = _named(table, word, world)
        if (few := found.few) is not None:
            held = holders(table.search, few, word)
            for test in tests:
                held |= test(few)
            found = Rows(table.rows, listed=few[held])
        elif not tests:
            found = found.both(_with(table, word))
        else:
            mask = _with(table, word).mask.copy()
            for start in range(0, table.rows, PIECE):
                run = slice(start, min(start + PIECE, table.rows))
                for test in tests:
                    mask[run] |= test(run)
            found = found.where(mask)
    return found


def _with(table: Table, word: str) -> Rows:
    """The rows whose own texts hold the word. A single letter that many rows hold is kept with the table, a bit a row."""
    letters = _letters.setdefault(table, {})
    if (bits := letters.get(word)) is not None:
        return Rows(table.rows, mask=np.unpackbits(bits, count=table.rows).view(np.bool_))
    found = rows_with(table.search, word)
    if len(word) == 1 and found.few is None:
        if len(letters) >= LETTERS:
            letters.pop(list(letters)[0], None)  # noqa: RUF015 - a list is taken at once, whatever other threads do
        letters[word] = np.packbits(found.mask)
    return found


def _named(table: Table, word: str, world: World) -> list[Test]:
    """What says which rows have the word in the name of their unit or of one of their chains."""
    units, chains = _kept_names(table, world)
    county, chain = cast(TermColumn, table.column("county")), cast(TermsColumn, table.column("chains"))
    tests = []
    if (wanted := term_table(county.terms, lambda adcode: word in units[adcode])).any():
        tests.append(one_of(county.codes, wanted))
    if (wanted := term_table(chain.terms, lambda code: word in chains[code])).any():
        tests.append(any_of(chain, wanted))
    return tests


def texts(table: Table, world: World) -> list[str]:
    """For each row all that it is found by, lower-cased, a line each: its own texts, the names of its unit and chains."""
    units, chains = _kept_names(table, world)
    county, chain = cast(TermColumn, table.column("county")), cast(TermsColumn, table.column("chains"))
    return [
        "\n".join(filter(None, (table.search[row], units.get(county[row], ""), *(chains[code] for code in chain[row]))))
        for row in range(table.rows)
    ]


def _kept_names(table: Table, world: World) -> tuple[Names, Names]:
    """The names of `_names`, worked out once for a table."""
    kept = _known.get(table)
    if kept is None or kept[0] is not world:
        kept = _known[table] = world, *_names(table, world)
    return kept[1:]


def _names(table: Table, world: World) -> tuple[Names, Names]:
    """The names of every unit and every chain that the table has; none of what the datasets no longer have."""
    units = {adcode: _both(_unit(adcode, world)) for adcode in cast(TermColumn, table.column("county")).terms}
    known = world.chains.chains
    codes = cast(TermsColumn, table.column("chains")).terms
    return units, {code: _both(known[code].label if code in known else None) for code in codes}


def _unit(adcode: str, world: World) -> Label | None:
    try:
        return world.boundaries.name(adcode)
    except UnknownUnit:
        return None


def _both(name: Label | None) -> str:
    """A name in both languages as it is searched; no word reaches over the line feed between them."""
    return f"{name.zh}\n{name.en}".lower() if name else ""
