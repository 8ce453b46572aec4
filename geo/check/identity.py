"""What a row is called in the record: its id, made the same way each time, so that a second import finds the first."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from geo.check.existing import Existing
from geo.model import Feature

LONGEST = 120


def slug(text: str) -> str:
    """A code in half width and lower case; everything but letters (of any script) and digits becomes a hyphen."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "-", plain).strip("-")


def ids_of(
    kind: type[Feature],
    given: Sequence[str],
    codes: Sequence[str],
    names: Sequence[str],
    counties: Sequence[str],
    existing: Existing,
) -> list[str]:
    """Each row's id: the given one if it is one of ours; that of the record's feature with the same county and code;
    "plot-<county>-<code>" of a plot; for other kinds the number given, else a hash of county and name. "" where nothing is known.
    """
    return [
        (own if own and is_ours(own, kind, existing) else "")
        or existing_id(existing, county, code)
        or made(kind, county, code or own, name)
        for own, code, name, county in zip(given, codes, names, counties, strict=True)
    ]


def is_ours(text: str, kind: type[Feature], existing: Existing) -> bool:
    """Whether a text is a feature's id rather than a number that some office gave: the record has it, or it is formed so."""
    return text in existing.place or bool(re.fullmatch(rf"(?:[\w.]+-)*{kind.kind}-[\w.-]{{1,100}}", text))


def existing_id(existing: Existing, county: str, code: str) -> str:
    """The id of the record's feature with this code in this county; "" if there is none."""
    place = existing.by_code.get((county, code), -1) if code else -1
    return existing.ids[place] if place >= 0 else ""


def made(kind: type[Feature], county: str, code: str, name: str) -> str:
    """A new id: readable where there is a code, a hash of county and name otherwise."""
    own = slug(code) or (hashlib.sha256(f"{county}|{name}".encode()).hexdigest()[:12] if name else "")
    if not own:
        return ""
    whole = f"{kind.kind}-{county}-{own}" if county else f"{kind.kind}-{own}"
    if len(whole) <= LONGEST:
        return whole
    return f"{whole[: LONGEST - 13]}-{hashlib.sha256(whole.encode()).hexdigest()[:12]}"
