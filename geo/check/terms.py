"""Codes behind what a cell says: of vocabularies, counties, chains and places."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from datasets import vocab
from datasets.boundaries import City, County
from datasets.chains import normalised
from datasets.gazetteer import AmbiguousPlace
from datasets.world import World
from geo.check.spot import Spot, error, warning
from geo.model.fields import Codes, Term

_TWO_PARTS = re.compile(r"^\s*([A-Za-z]?\d+|[A-Za-z]\w*)\s*[\s（(:：、.-]*\s*([^\s（()）:：、.].*?)\s*[)）]?\s*$")
_CODE_LAST = re.compile(r"^(.*?)\s*[（(\[]\s*([A-Za-z]?\w*\d+\w*)\s*[)）\]]\s*$")


@dataclass(frozen=True, slots=True)
class Known:
    """A code that was found, with what is odd about it; `others`: further codes with the same words."""

    value: str
    spots: tuple[Spot, ...] = ()
    others: tuple[str, ...] = ()


@cache
def _codes(vocabulary: str) -> Mapping[str, tuple[str, ...]]:
    """Codes and labels of both languages, normalised, with the codes that they stand for."""
    found: dict[str, tuple[str, ...]] = {}
    for term in vocab.load(vocabulary):
        for word in dict.fromkeys(normalised(w) for w in (term.code, term.label.zh, term.label.en)):
            found[word] = (*found.get(word, ()), term.code)
    return found


def term(text: str, name: str, field: Term) -> Known:
    """The code of a vocabulary that a cell says by code, label or both ("M1 一类工业用地"); unknown text stays as it is."""
    codes = _codes(field.vocabulary)
    whole = normalised(text)
    found = codes.get(whole) or codes.get(whole.removesuffix(".0"))
    if found and len(found) == 1:
        return Known(found[0])
    if found:
        return _ambiguous(text, name, field, found)
    for pattern in (_TWO_PARTS, _CODE_LAST):
        match = pattern.match(text)
        if match:
            # A code beside words: the one that the vocabulary knows counts, and codes before words.
            parts = [
                codes.get(normalised(part)) for part in sorted(match.groups(), key=lambda p: not re.search(r"\d", p))
            ]
            for each in parts:
                if each:
                    return Known(each[0]) if len(each) == 1 else _ambiguous(text, name, field, each)
    return Known(text, (_unknown(text, name, field),))


def _ambiguous(text: str, name: str, field: Term, found: tuple[str, ...]) -> Known:
    listed = "、".join(found)
    spot = warning(
        "ambiguous-term",
        f"{field.label.zh}“{text}”可指 {listed}，已取 {found[0]}；请写代码以免歧义",
        f"{field.label.en} '{text}' may be {listed.replace('、', ' or ')}; {found[0]} is taken. Write the code to be clear",
        field=name,
    )
    return Known(found[0], (spot,), found)


def _unknown(text: str, name: str, field: Term) -> Spot:
    terms = list(vocab.load(field.vocabulary))
    words = {word: each for each in terms for word in (each.code, each.label.zh, each.label.en)}
    near = [words[word] for word in difflib.get_close_matches(text, words, n=6, cutoff=0.4)]
    stem = [each for each in terms if text[:2] and each.code[:2].casefold() == text[:2].casefold()]
    chosen = list({each.code: each for each in (*near, *stem)}.values())[:4]
    zh = "、".join(f"{each.code} {each.label.zh}" for each in chosen or terms[:8])
    en = ", ".join(f"{each.code} {each.label.en}" for each in chosen or terms[:8])
    kind_zh, kind_en = ("相近的有", "near ones are") if chosen else ("可用的有", "known are")
    return error(
        "unknown-term",
        f"{field.label.zh}“{text}”不在词表中；{kind_zh}：{zh}",
        f"{field.label.en} '{text}' is not in the vocabulary; {kind_en}: {en}",
        field=name,
    )


def county(text: str, world: World) -> Known:
    """The adcode of a county or city that a cell gives by code (six digits or more) or name, alone or behind its city."""
    units: dict[str, City | County] = {**world.boundaries.cities, **world.boundaries.counties}
    digits = re.fullmatch(r"(\d{6})\d*(?:\.0)?", text.strip())
    if digits and digits[1] in units:
        return Known(digits[1])
    names: dict[str, set[str]] = {}
    for code, unit in units.items():
        for word in (unit.name.zh, unit.name.en, unit.short.zh, unit.short.en):
            if word:
                names.setdefault(normalised(word), set()).add(code)
    found = names.get(normalised(text), set())
    if not found:
        # 河南省许昌市长葛市: the longest name at the end.
        ends = [word for word in names if len(word) >= 2 and normalised(text).endswith(word)]
        found = names[max(ends, key=len)] if ends else set()
    # 济源 is its own city; a city and its district of one name are told apart by the rank, which the short name lacks.
    if len(found) == 1:
        return Known(found.pop())
    zh, en = (
        ("有多个同名的县（市、区），请写代码", "is the name of several units; write the code")
        if found
        else ("不是已载入的县（市、区）", "is no county or city of the loaded boundaries")
    )
    code = "ambiguous-county" if found else "unknown-county"
    return Known("", (error(code, f"“{text}”{zh}", f"'{text}' {en}", field="county"),))


def codes(text: str, name: str, field: Codes, world: World) -> tuple[tuple[str, ...], tuple[Spot, ...]]:
    """The ids of chains or nodes that a cell lists by id or name."""
    chains = world.chains
    ids = set(chains.chains) if field.of == "chain" else {n.id for c in chains.chains.values() for n in c.nodes}
    resolve = chains.resolve if field.of == "chain" else chains.resolve_nodes
    found: dict[str, None] = {}
    spots = []

    def meaning(part: str) -> Sequence[str]:
        return (part,) if part in ids or field.of not in ("chain", "node") else resolve(part)

    whole = [part.strip() for part in re.split(r"[;；\n]", text)]
    # A name may hold a comma itself ("Films, bags and packaging"): only what is no name is taken apart there.
    parts = [piece.strip() for part in whole for piece in ([part] if meaning(part) else re.split(r"[,，、]", part))]
    for part in filter(None, parts):
        meant = meaning(part)
        found.update(dict.fromkeys(meant))
        if not meant:
            zh, en = f"{field.label.zh}中没有“{part}”", f"there is no {field.label.en.lower()} '{part}'"
            spots.append(warning("unknown-chain" if field.of == "chain" else "unknown-node", zh, en, field=name))
    return tuple(found), tuple(spots)


def place(text: str, world: World) -> Known:
    """The gazetteer's id of a place given by id or name; "" with a note where there is none of that name."""
    if text in world.gazetteer.places:
        return Known(text)
    try:
        found = world.gazetteer.find(text)
    except AmbiguousPlace:
        found = None
    if found:
        return Known(found.id)
    spot = warning(
        "unknown-place", f"地名表中没有“{text}”，未采用", f"the gazetteer has no '{text}'; left out", field="place"
    )
    return Known("", (spot,))
