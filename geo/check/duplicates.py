"""Codes and ids that occur twice: in one file, or in the record of the same county."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from geo.check.existing import Existing
from geo.check.spot import Spotted, error


def check_codes(codes: Sequence[str], counties: Sequence[str], wheres: Sequence[str]) -> Spotted:
    """Spots of plot codes that a file gives to two rows of one county; "" is no code."""
    if len(set(zip(counties, codes, strict=True))) == len(codes):
        return
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, key in enumerate(zip(counties, codes, strict=True)):
        if key[1]:
            rows[key].append(row)
    for (_, code), found in rows.items():
        for row in found if len(found) > 1 else ():
            others = [wheres[other] for other in found if other != row]
            listed = "、".join(others[:5]) + (" …" if len(others) > 5 else "")
            yield (
                row,
                error(
                    "duplicate-code",
                    f"地块编号“{code}”在文件中重复，另见 {listed}",
                    f"the plot code '{code}' occurs again at {listed.replace('、', ', ')}",
                    field="code",
                ),
            )


def check_ids(ids: Sequence[str], codes: Sequence[str], wheres: Sequence[str]) -> Spotted:
    """Spots of ids that two rows share although they have no code or different ones."""
    if len(set(ids)) == len(ids):
        return
    rows: dict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(ids):
        rows[name].append(row)
    for name, found in rows.items():
        if name and len(found) > 1 and (len({codes[row] for row in found}) > 1 or not codes[found[0]]):
            for row in found:
                others = "、".join(wheres[other] for other in found[:6] if other != row)
                yield (
                    row,
                    error(
                        "duplicate-id",
                        f"编号“{name}”在文件中重复，另见 {others}",
                        f"the id '{name}' occurs again at {others.replace('、', ', ')}",
                        field="id",
                    ),
                )


def check_recorded_codes(
    ids: Sequence[str], codes: Sequence[str], counties: Sequence[str], existing: Existing
) -> Spotted:
    """Spots of codes that the record has for another feature of the same county."""
    known = existing.by_code
    for row, (name, county, code) in enumerate(zip(ids, counties, codes, strict=True) if known else ()):
        place = known.get((county, code), -1)
        if place >= 0 and existing.ids[place] != name:
            zh, en = existing.described(place)
            yield (
                row,
                error(
                    "code-in-use",
                    f"地块编号“{code}”已用于{zh}（{existing.ids[place]}）",
                    f"the plot code '{code}' is in use by {en} ({existing.ids[place]})",
                    field="code",
                ),
            )
