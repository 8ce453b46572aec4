"""Where words, numbers and texts stand in CQL2 text: to say where a fault is, and to bound its depth before parsing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from datasets.labels import Label

_TOKEN = re.compile(
    r"""(?P<string>'(?:[^']|'')*')
    |(?P<quoted>"(?:[^"]|"")*")
    |(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)
    |(?P<word>[^\W\d][\w.:]*)
    |(?P<sign><=|>=|<>|[^\s\w])""",
    re.VERBOSE,
)
_NAMES = {
    "Identifier": Label("属性名", "a property"),
    "SingleQuotedString": Label("单引号中的文字", "a text in single quotes"),
    "DECIMAL": Label("数字", "a number"),
    "Double": Label("数字", "a number"),
    "GEOMETRY": Label("几何", "a geometry"),
    "ExpressionInParentheses": Label("括号", "a bracket"),
    "Array": Label("列表", "a list"),
    "Expr": Label("表达式", "an expression"),
    "EOI": Label("结束", "the end"),
    "Eq": Label("比较符（= <> < > <= >=）", "a comparison (= <> < > <= >=)"),
    "And": Label("AND 或 OR", "AND or OR"),
    "IsNullPostfix": Label("IS NULL", "IS NULL"),
    "NotFlag": Label("LIKE、IN 或 BETWEEN", "LIKE, IN or BETWEEN"),
    "Add": Label("算术运算符", "an arithmetic sign"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """A word of CQL2 text. kind: string, quoted, number, word or sign; `called`: a bracket follows it."""

    kind: str
    value: str
    offset: int
    called: bool = False

    @property
    def leaf(self) -> tuple[str, Any]:
        """What it is in the tree: ("name", …), ("string", …), ("number", …) or ("function", …)."""
        if self.kind == "string":
            return "string", self.value[1:-1].replace("''", "'")
        if self.kind == "quoted":
            return "name", self.value[1:-1].replace('""', '"')
        if self.kind == "number":
            return "number", float(self.value)
        return ("function", self.value.lower()) if self.called else ("name", self.value)


def tokens(text: str) -> list[Token]:
    """The words, numbers, texts and signs of CQL2 text, in order."""
    found = [(each.lastgroup or "", each[0], each.start()) for each in _TOKEN.finditer(text)]
    after = [value for _, value, _ in found[1:]] + [""]
    return [Token(*each, called=following == "(") for each, following in zip(found, after, strict=True)]


def expected(message: str) -> Label:
    """What the parser would have taken, out of its message, in both languages."""
    listed = message.rpartition("expected ")[2]
    found = [label for name, label in _NAMES.items() if re.search(rf"\b{name}\b", listed)]
    if not found:
        return Label("另一种写法", "something else")
    unique = list(dict.fromkeys(found))
    return Label("、".join(label.zh for label in unique), ", ".join(label.en for label in unique))
