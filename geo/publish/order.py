"""Orders of all features of a snapshot, worked out while it is built: by name and by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

QUARTER_MONTHS = {"Q1": "01", "Q2": "04", "Q3": "07", "Q4": "10"}


def name_ranks(names: Mapping[str, Sequence[str]], ids: Mapping[str, Sequence[str]]) -> dict[str, NDArray[np.int32]]:
    """For each kind the place of every feature in the order by name, id and kind over all kinds; no two agree.

    Names stand in the order of GB 18030, which is that of pinyin for the 3755 commonest characters, whatever their case.
    """
    keys: list[bytes] = []
    for kind, texts in names.items():
        keys += [
            b"%b\0%b\0%b" % (name.lower().encode("gb18030"), own_id.encode(), kind.encode())
            for name, own_id in zip(texts, ids[kind], strict=True)
        ]
    rank = np.empty(len(keys), np.int32)
    rank[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys), dtype=np.int32)
    ends = np.cumsum([len(texts) for texts in names.values()])
    return dict(zip(names, np.split(rank, ends[:-1]), strict=True)) if names else {}


def numbered(texts: Sequence[str]) -> NDArray[np.int32]:
    """A number for each text, the same for the same text, in the order in which they are met."""
    book: dict[str, int] = {}
    return np.fromiter((book.setdefault(text, len(book)) for text in texts), np.int32, len(texts))


def day_number(text: str) -> float:
    """A date as yyyymmdd, 00 for a month or day that is not known; a quarter by its first month, NaN where there is none."""
    if not text:
        return np.nan
    year, _, rest = text.partition("-")
    return float((year + QUARTER_MONTHS.get(rest, rest.replace("-", ""))).ljust(8, "0"))
