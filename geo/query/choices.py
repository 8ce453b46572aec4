"""Which codes a list parameter may hold, and what to say about one that it may not."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping

from datasets import vocab
from datasets.labels import Label
from datasets.world import World
from geo.model import Field, Kinds
from geo.model.fields import Code, Codes, Flag, Term
from geo.query.faults import BadParameter
from geo.query.parameters import Parameters

FLAGS = {"true": Label("是", "yes"), "false": Label("否", "no")}
SHOWN = 12
LONGEST = 60


def choices(param: str, declared: Parameters, kinds: Kinds, world: World) -> Mapping[str, Label] | None:
    """The codes of a list parameter with their names; None where any code will do (another feature's id)."""
    if param == "kind":
        return {kind.kind: kind.title for kind in kinds}
    if param == "segment":
        return {term.code: term.label for term in vocab.load("segment")}
    if param == "city":
        return {code: city.name for code, city in world.boundaries.cities.items()}
    if param in ("county", "chain"):
        return _of_dataset("unit" if param == "county" else param, world)
    found: dict[str, Label] = {}
    for field in declared.any[param].declarations.values():
        codes = _of_field(field, world)
        if codes is None:
            return None
        found.update(codes)
    return found


def misfit(param: str, value: str, known: Mapping[str, Label] | None, declared: Parameters) -> BadParameter | None:
    """What is wrong with one code of a list parameter, or None."""
    if known is None:
        field = declared.any[param].any_field
        pattern = field.pattern if isinstance(field, Code) else ""
        if not pattern or re.fullmatch(pattern, value):
            return None
        return BadParameter(param, value, Label(f"“{_cut(value)}”的格式不对", f"'{_cut(value)}' is malformed"))
    return None if value in known else unknown_code(param, value, known)


def unknown_code(param: str, value: str, known: Mapping[str, Label]) -> BadParameter:
    """The fault of a value that is none of those known, with the one that may be meant."""
    hint = _hint(value, known)
    return BadParameter(
        param,
        value,
        Label(f"{param} 没有“{_cut(value)}”这个取值{hint.zh}", f"{param} has no value '{_cut(value)}'{hint.en}"),
    )


def unknown_name(param: str, value: str, names: Collection[str]) -> BadParameter:
    """The fault of a parameter that does not exist."""
    near = difflib.get_close_matches(param, sorted(names), n=1)
    hint = Label(f"；是否想写 {near[0]}？", f"; did you mean '{near[0]}'?") if near else _listed(sorted(names))
    return BadParameter(
        param, value, Label(f"没有参数“{_cut(param)}”{hint.zh}", f"there is no parameter '{_cut(param)}'{hint.en}")
    )


def _of_field(field: Field, world: World) -> Mapping[str, Label] | None:
    if isinstance(field, Term):
        return {term.code: term.label for term in vocab.load(field.vocabulary)}
    if isinstance(field, Flag):
        return FLAGS
    if isinstance(field, (Code, Codes)):
        return _of_dataset(field.of, world)
    return None


def _of_dataset(name: str, world: World) -> Mapping[str, Label] | None:
    units = world.boundaries
    if name == "unit":
        return {code: unit.name for group in (units.cities, units.counties) for code, unit in group.items()}
    if name == "place":
        return {code: place.name for code, place in world.gazetteer.places.items()}
    if name == "chain":
        return {code: chain.label for code, chain in world.chains.chains.items()}
    if name == "node":
        return {node.id: node.label for chain in world.chains.chains.values() for node in chain.nodes}
    return None


def _hint(value: str, known: Mapping[str, Label]) -> Label:
    """A code close to what was typed, or whose name was typed; else all codes, if they are few."""
    named = [code for code, label in known.items() if value.lower() in (label.zh.lower(), label.en.lower())]
    near = named or difflib.get_close_matches(value[:LONGEST], known, n=1)
    if near:
        label = known[near[0]]
        return Label(f"；是否想写 {near[0]}（{label.zh}）？", f"; did you mean '{near[0]}' ({label.en})?")
    return _listed(known)


def _listed(known: Collection[str]) -> Label:
    if len(known) > SHOWN:
        return Label("", "")
    return Label(f"；可用：{'、'.join(known)}", f"; known are {', '.join(known)}")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
