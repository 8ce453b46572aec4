"""Which kinds there are: every module of `geo.model.kinds` that declares one, and what a caller adds."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

from geo.model import kinds as _kinds
from geo.model.feature import Feature


class UnknownKind(KeyError):
    """No kind of that name is declared."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"unknown kind '{name}'; known are {', '.join(known)}")
        self.name = name
        self.known = known


class Kinds:
    """An ordered, immutable set of kinds."""

    def __init__(self, *classes: type[Feature]) -> None:
        ordered = sorted(classes, key=lambda c: (c.order, c.kind))
        self._by_name = {c.kind: c for c in ordered}
        if len(self._by_name) != len(classes):
            raise ValueError("two kinds share a name")

    def __iter__(self) -> Iterator[type[Feature]]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @property
    def names(self) -> tuple[str, ...]:
        """The kinds' names, in order."""
        return tuple(self._by_name)

    def get(self, name: str) -> type[Feature]:
        """The class of the kind `name`; raises UnknownKind."""
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownKind(name, self.names) from None

    def plus(self, *classes: type[Feature]) -> Kinds:
        """These kinds and some more."""
        return Kinds(*self, *classes)


@cache
def default_kinds() -> Kinds:
    """Every kind declared in a module of `geo.model.kinds`: a new kind is one new file there."""
    found = []
    for module in pkgutil.iter_modules(_kinds.__path__):
        loaded = importlib.import_module(f"{_kinds.__name__}.{module.name}")
        found += [
            value
            for value in vars(loaded).values()
            if isinstance(value, type)
            and issubclass(value, Feature)
            and value.__module__ == loaded.__name__
            and value.kind
        ]
    return Kinds(*found)
