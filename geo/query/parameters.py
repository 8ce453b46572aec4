"""Which filter parameters there are: the ones that every feature has, and those that the kinds' fields declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from datasets import vocab
from geo.model import Feature, Field, Kinds, fields_of
from geo.model.field import Storage
from geo.model.fields import Code, Codes, Term

LISTS = ("kind", "chain", "segment", "county", "city")
SINGLES = ("year_from", "year_to", "q", "bbox", "near")
LOWER, UPPER = "_min", "_max"
DATED = ("as_of", "year")

_ANY_STORAGE = (Storage.TERM, Storage.TERMS, Storage.FLAG)


class DeclarationError(ValueError):
    """Kinds whose fields declare filters that cannot live in one query string."""


@dataclass(frozen=True, eq=False)
class Declared:
    """A declared parameter. fields: by kind the name of the field behind it; declarations: the fields themselves."""

    param: str
    fields: dict[str, str] = field(default_factory=dict)
    declarations: dict[str, Field] = field(default_factory=dict)

    @property
    def any_field(self) -> Field:
        """One of the fields; all of them mean the same."""
        return next(iter(self.declarations.values()))


@dataclass(frozen=True, eq=False)
class Parameters:
    """All filter parameters of a set of kinds; `any` and `ranges` are the declared ones by name."""

    any: Mapping[str, Declared]
    ranges: Mapping[str, Declared]

    @property
    def lists(self) -> tuple[str, ...]:
        """The names of the parameters that take several codes."""
        return (*LISTS, *self.any)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parameters as they stand in a query string."""
        bounds = [name + end for name in self.ranges for end in (LOWER, UPPER)]
        return (*LISTS, *self.any, *bounds, *SINGLES)


@lru_cache(maxsize=16)
def parameters(kinds: Kinds) -> Parameters:
    """The parameters of `kinds`, read off their declarations.

    Raises DeclarationError where two fields use one name for different things, or a field asks for a filter that its
    type cannot give. Call it at start-up to have it said there.
    """
    found: dict[str, dict[str, Declared]] = {"any": {}, "range": {}}
    for kind in kinds:
        for name, declared in fields_of(kind).items():
            if declared.filter is None:
                continue
            param = declared.param or name
            _check_own(kind, name, param, declared)
            if declared.filter == "years":
                continue
            entry = found[declared.filter].setdefault(param, Declared(param))
            for other_kind, other in entry.declarations.items():
                _check_pair(param, f"{kind.kind}.{name}", declared, f"{other_kind}.{entry.fields[other_kind]}", other)
            if kind.kind in entry.fields:
                raise DeclarationError(f"{kind.kind}: two fields share the filter parameter '{param}'")
            entry.fields[kind.kind] = name
            entry.declarations[kind.kind] = declared
    both = found["any"].keys() & found["range"].keys()
    if both:
        raise DeclarationError(f"a list of codes and a range share the name: {', '.join(sorted(both))}")
    return Parameters(found["any"], found["range"])


def _check_own(kind: type[Feature], name: str, param: str, declared: Field) -> None:
    where = f"{kind.kind}.{name}"
    if declared.filter == "years":
        if (name, param) != DATED:
            raise DeclarationError(f"{where}: only '{DATED[0]}' can be filtered by years, under the name '{DATED[1]}'")
        return
    if declared.filter == "any" and declared.storage not in _ANY_STORAGE:
        raise DeclarationError(f"{where}: filter='any' needs codes or a flag, not {declared.storage.value}")
    if declared.filter == "range" and declared.storage is not Storage.NUMBER:
        raise DeclarationError(f"{where}: filter='range' needs a number, not {declared.storage.value}")
    # Without this rule a reader of the query string could not tell a bound from a code.
    if param in (*LISTS, *SINGLES) or param.endswith((LOWER, UPPER)) or "," in param:
        raise DeclarationError(f"{where}: the filter parameter cannot be called '{param}'; give the field a `param`")


def _check_pair(param: str, name: str, one: Field, other_name: str, other: Field) -> None:
    """Fields that share a parameter must share its meaning."""
    same = (
        one.storage is other.storage
        and one.param_scale == other.param_scale
        and one.unit == other.unit
        and _same_codes(one, other)
    )
    if not same:
        raise DeclarationError(
            f"{name} and {other_name} share the filter parameter '{param}' but not its meaning: storage, unit, scale "
            "and codes must agree; give one of them a `param` of its own"
        )


def _same_codes(one: Field, other: Field) -> bool:
    """Whether a code means the same in both: same origin, or two vocabularies without a code in common."""
    if isinstance(one, Term) and isinstance(other, Term):
        apart = not set(vocab.load(one.vocabulary).codes()) & set(vocab.load(other.vocabulary).codes())
        return one.vocabulary == other.vocabulary or apart
    if isinstance(one, (Code, Codes)) and isinstance(other, (Code, Codes)):
        return one.of == other.of
    return not isinstance(one, (Term, Code, Codes)) and not isinstance(other, (Term, Code, Codes))
