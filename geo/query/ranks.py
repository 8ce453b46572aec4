"""The order of all features of a snapshot by name and by day, worked out once a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geo.publish import Snapshot, Table

Ranks = Mapping[str, NDArray[np.int64]]

_NAMES: WeakKeyDictionary[Snapshot, dict[str, Ranks]] = WeakKeyDictionary()
_DAYS: WeakKeyDictionary[Table, dict[str, NDArray[np.float64]]] = WeakKeyDictionary()


def name_ranks(snapshot: Snapshot, lang: str) -> Ranks:
    """For each kind the place of every row in the order by name, id and kind over the whole snapshot; no two agree.

    Chinese names stand in the order of GB 18030, which is that of pinyin for the 3755 commonest characters; other
    languages take the English name where there is one.
    """
    kept = _NAMES.setdefault(snapshot, {})
    lang = "zh" if lang == "zh" else "en"
    if lang not in kept:
        kept[lang] = _rank_names(snapshot, lang)
    return kept[lang]


def _rank_names(snapshot: Snapshot, lang: str) -> Ranks:
    keys: list[tuple[bytes, str, str, int]] = []
    for kind in snapshot.kinds:
        table = snapshot.table(kind)
        names, english, ids = table.column("name"), table.column("name_en"), table.column("id")
        for row in range(table.rows):
            name = str(names[row]) if lang == "zh" else str(english[row] or names[row])
            keys.append((name.lower().encode("gb18030"), str(ids[row]), kind, row))
    keys.sort()
    ranks = {kind: np.empty(snapshot.table(kind).rows, np.int64) for kind in snapshot.kinds}
    for rank, (_, _, kind, row) in enumerate(keys):
        ranks[kind][row] = rank
    return ranks


def days(table: Table, column: str) -> NDArray[np.float64]:
    """The dates of a column as numbers yyyymmdd, 00 for a month or day that is not known; NaN where there is none."""
    kept = _DAYS.setdefault(table, {})
    if column not in kept:
        texts = table.column(column)
        kept[column] = np.array([_day(str(texts[row])) for row in range(table.rows)], np.float64)
    return kept[column]


def _day(text: str) -> float:
    return float(text.replace("-", "").ljust(8, "0")) if text else np.nan
