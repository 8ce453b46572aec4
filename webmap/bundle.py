"""Our ES modules as one script: one request instead of fifty, and a page opened from a disk may run scripts, but no modules.

Only the few forms that our modules use are read; any other is refused rather than guessed. Each module becomes a
function of its own, in the order in which they depend on one another, so nothing of one is seen by another unasked.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass

IMPORT = re.compile(r'^import\s+(?:\{([^}]*)\}\s+from\s+)?"(\.[^"]+)";[ \t]*$', re.M)
EXPORT = re.compile(r"^export (?=((?:async )?function\*?|class|const|let)\s+(\w+))", re.M)
EXPORT_LIST = re.compile(r"^export \{([^}]*)\};[ \t]*$", re.M)
LEFT_OVER = re.compile(r"^\s*(?:import|export)\b(?!\()|\bimport\s*\(|\bimport\.meta\b", re.M)
COMMENT = re.compile(r"^[ \t]*//.*$|/\*\*(?:[^*]|\*(?!/))*\*/", re.M)


class Unbundled(ValueError):
    """A module that cannot be made part of a classic script, with the reason."""


@dataclass(frozen=True)
class Module:
    """A module's name, the names it imports by module (theirs → ours), the names it gives, and its code without both."""

    name: str
    imports: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    exports: tuple[tuple[str, str], ...]
    code: str


def bundle(entry: str, source: Callable[[str], str]) -> str:
    """The module `entry` and all that it imports as one script; `source` gives a module's text by its name.

    Raises Unbundled for syntax beyond what is read here, for a name that is not exported, and for modules that import
    one another in a circle.
    """
    made: dict[str, Module] = {}
    _collect(entry, source, made, ())
    number = {name: f"module{at}" for at, name in enumerate(made)}
    parts = [_wrapped(module, number, made) for module in made.values()]
    return '(function () {\n"use strict";\n' + "\n".join(parts) + "\n}());\n"


def _collect(name: str, source: Callable[[str], str], made: dict[str, Module], above: tuple[str, ...]) -> None:
    if name in made:
        return
    if name in above:
        raise Unbundled(f"{' -> '.join((*above, name))}: modules import one another in a circle")
    module = read(name, source(name))
    for other, _ in module.imports:
        _collect(other, source, made, (*above, name))
    made[name] = module


def read(name: str, text: str) -> Module:
    """A module's imports, exports and the rest; raises Unbundled."""
    imports = []
    for found in IMPORT.finditer(text):
        other = posixpath.normpath(posixpath.join(posixpath.dirname(name), found[2]))
        imports.append((other, _names(found[1] or "")))
    exports = [(found[2], found[2]) for found in EXPORT.finditer(text)]
    for listed in EXPORT_LIST.finditer(text):
        exports += _names(listed[1])
    code = EXPORT_LIST.sub("", EXPORT.sub("", IMPORT.sub("", text)))
    said = COMMENT.sub("", code)  # comments name types of other modules; they stay, as only a parser could remove them
    if fault := LEFT_OVER.search(said):
        line = said[fault.start() :].strip().split("\n", 1)[0]
        raise Unbundled(f"{name}: '{line}' is a form of import or export that a classic script cannot have")
    return Module(name, tuple(imports), tuple(exports), code.strip())


def _names(listed: str) -> tuple[tuple[str, str], ...]:
    """`a, b as c` as pairs."""
    pairs = []
    for part in filter(None, (each.strip() for each in listed.split(","))):
        own, _, other = part.partition(" as ")
        pairs.append((own.strip(), (other or own).strip()))
    return tuple(pairs)


def _wrapped(module: Module, number: dict[str, str], made: dict[str, Module]) -> str:
    lines = []
    for other, names in module.imports:
        given = {public for _, public in made[other].exports}
        if missing := [theirs for theirs, _ in names if theirs not in given]:
            raise Unbundled(f"{module.name}: {other} does not export {', '.join(missing)}")
        if names:
            taken = ", ".join(theirs if theirs == ours else f"{theirs}: {ours}" for theirs, ours in names)
            lines.append(f"const {{{taken}}} = {number[other]};")
    given_back = ", ".join(own if own == public else f"{public}: {own}" for own, public in module.exports)
    body = "\n".join((*lines, module.code, f"return {{{given_back}}};"))
    return f"const {number[module.name]} = (function () {{\n{body}\n}}());"
