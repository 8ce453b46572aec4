"""What every type of field has: labels, unit, reading, dumping, filtering, schema."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Literal

from datasets.labels import Label

FilterKind = Literal["any", "range", "years"]


class Storage(Enum):
    """How a column is held in a snapshot."""

    TEXT = "text"
    NUMBER = "number"
    TERM = "term"
    TERMS = "terms"
    FLAG = "flag"
    JSON = "json"


class Unreadable(ValueError):
    """A value that the field cannot take; the label says what it takes."""

    def __init__(self, label: Label) -> None:
        super().__init__(label.en)
        self.label = label


@dataclass(frozen=True, kw_only=True)
class Field:
    """What every face of a field needs.

    label: its name in each language. unit: shown behind the value. filter: how the public filter treats it;
    `param` is its name in the query string (the field's own name where empty) and `param_scale` the number of stored
    units in one unit of the parameter. listed: a column of the text list. required: a feature without it is refused;
    required_to_publish: it may be drafted, but not published.
    """

    label: Label
    filter: FilterKind | None = None
    param: str = ""
    param_scale: float = 1.0
    unit: Label | None = None
    required: bool = False
    required_to_publish: bool = False
    listed: bool = False
    searched: bool = False

    storage: ClassVar[Storage] = Storage.TEXT

    def read(self, raw: object) -> Any:
        """The value that `raw` (text of a cell, or a JSON value) stands for; None where it is empty.

        Raises Unreadable where it stands for nothing of this type.
        """
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return self.empty()
        return self._read(raw)

    def empty(self) -> Any:
        """The value of a field that says nothing."""
        return None

    def _read(self, raw: object) -> Any:
        raise NotImplementedError

    def dump(self, value: Any) -> Any:
        """The JSON form of a value that `read` gave."""
        return value

    def schema(self) -> dict[str, Any]:
        """JSON Schema (draft 2020-12) of the JSON form, without the title."""
        raise NotImplementedError
