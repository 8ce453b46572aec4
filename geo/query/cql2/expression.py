"""From the text of a filter to its tree: CQL2 text by the library `cql2`, CQL2 JSON as it stands; both within limits.

The tree is that of CQL2 JSON (OGC 21-065r2): property names, operators with their arguments, literals.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cql2

from datasets.labels import Label
from geo.query.cql2.faults import Cql2Fault, Spot
from geo.query.cql2.tokens import Token, expected, tokens

LONGEST = 8000  # characters
DEEPEST = 32  # brackets or operators within one another
MOST_OPERATORS = 256
MOST_PARTS = 4000  # names, numbers, texts and operators

# Depth that the parser's own recursion has to bear: beyond it a thread's stack ends, and with it the whole process.
_PREFIXES = frozenset({"NOT", "-", "+"})
_ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "^", "DIV"})
_JUNCTIONS = frozenset({"AND", "OR"})


@dataclass(frozen=True)
class Expression:
    """A filter as a tree, and the text that it was read from; `is_text` tells CQL2 text from CQL2 JSON."""

    tree: Any
    source: str
    is_text: bool

    def spot(self, pointer: str) -> Spot:
        """Where in the source the part at a JSON pointer stands."""
        return _spot_in_text(self.source, self.tree, pointer) if self.is_text else Spot(pointer)


def read_text(text: str) -> Expression:
    """The expression that CQL2 text says; raises Cql2Fault with offset, line and column."""
    _check_length(text)
    found = tokens(text)
    _check_shape(text, found)
    try:
        tree = cql2.parse_text(text).to_json()
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise _of_parser(text, str(error)) from None
    expression = Expression(tree, text, is_text=True)
    _check_tree(expression)
    return expression


def read_json(text: str) -> Expression:
    """The expression that CQL2 JSON says; raises Cql2Fault with the JSON pointer, or the offset where it is no JSON."""
    _check_length(text)
    depth = 0
    for found in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > 4 * DEEPEST:
            raise _too_deep(_place(text, found.start()))
    try:
        tree = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        label = Label("不是有效的 JSON", f"this is not valid JSON: {error.msg.lower()}")
        raise Cql2Fault(label, _place(text, error.pos)) from None
    except ValueError as error:
        raise Cql2Fault(Label("数字无效", f"a number is not valid: {error}"), _place(text, 0)) from None
    expression = Expression(tree, text, is_text=False)
    _check_tree(expression)
    return expression


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _check_length(text: str) -> None:
    if not text.strip():
        raise Cql2Fault(Label("过滤表达式为空", "the filter is empty"), Spot(offset=0, line=1, column=1))
    if len(text) > LONGEST:
        label = Label(
            f"过滤表达式最长 {LONGEST} 个字符，现有 {len(text)} 个",
            f"a filter has at most {LONGEST} characters, not {len(text)}",
        )
        raise Cql2Fault(label, _place(text, LONGEST))
    unfit = re.search("[\x00\ud800-\udfff]", text)
    if unfit:
        raise Cql2Fault(
            Label("含有无法识别的字符", "there is a character that cannot be read"), _place(text, unfit.start())
        )


def _check_shape(text: str, found: list[Token]) -> None:
    depth = run = arithmetic = junctions = 0
    for token in found:
        word = token.value.upper() if token.kind in ("word", "sign") else ""
        depth += {"(": 1, ")": -1}.get(word, 0)
        run = run + 1 if word in _PREFIXES else 0
        arithmetic += word in _ARITHMETIC
        junctions += word in _JUNCTIONS
        if depth > DEEPEST or run > DEEPEST or arithmetic > DEEPEST:
            raise _too_deep(_place(text, token.offset))
        if junctions > MOST_OPERATORS:
            label = Label(f"AND、OR 最多 {MOST_OPERATORS} 个", f"there may be at most {MOST_OPERATORS} of AND and OR")
            raise Cql2Fault(label, _place(text, token.offset))


def _check_tree(expression: Expression) -> None:
    parts = 0
    ahead: list[tuple[Any, str, int]] = [(expression.tree, "", 0)]
    while ahead:
        node, pointer, depth = ahead.pop()
        parts += 1
        if depth > 3 * DEEPEST:
            raise _too_deep(expression.spot(pointer))
        if parts > MOST_PARTS:
            label = Label(f"过滤表达式最多 {MOST_PARTS} 个部分", f"a filter has at most {MOST_PARTS} parts")
            raise Cql2Fault(label, expression.spot(pointer))
        ahead.extend((child, f"{pointer}/{step}", depth + 1) for step, child in children(node))


def children(node: Any) -> Iterator[tuple[str, Any]]:
    """The parts of a node with the step of a JSON pointer that leads to each."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key).replace("~", "~0").replace("/", "~1"), value
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield str(number), value


def _too_deep(spot: Spot) -> Cql2Fault:
    label = Label(
        f"过滤表达式嵌套过深，最多 {DEEPEST} 层括号或运算",
        f"the filter is nested too deeply: at most {DEEPEST} levels of brackets or operators",
    )
    return Cql2Fault(label, spot)


def _of_parser(text: str, message: str) -> Cql2Fault:
    place = re.search(r"-->\s*(\d+):(\d+)", message)
    if place is None:
        return Cql2Fault(Label("无法识别的过滤表达式", "the filter cannot be read"), _place(text, 0))
    line, column = int(place[1]), int(place[2])
    lines = text.split("\n")
    offset = min(sum(len(each) + 1 for each in lines[: line - 1]) + column - 1, len(text))
    names = expected(message)
    rest = text[offset : offset + 20].split("\n", maxsplit=1)[0]
    met = Label(f"“{rest}”处", f"at '{rest}'") if rest else Label("末尾", "at the end")
    label = Label(f"CQL2 语法有误，{met.zh}应为{names.zh}", f"this is not CQL2 {met.en}: {names.en} would be expected")
    return Cql2Fault(label, Spot(offset=offset, line=line, column=column))


def _place(text: str, offset: int) -> Spot:
    before = text[:offset]
    return Spot(offset=offset, line=before.count("\n") + 1, column=offset - (before.rfind("\n") + 1) + 1)


def _spot_in_text(text: str, tree: Any, pointer: str) -> Spot:
    """The tree has its names and literals in the order of the text: the n-th of one spelling is the n-th in the text."""
    leaves, words = list(_leaves(tree, "")), tokens(text)
    for number, (at, leaf) in enumerate(leaves):
        if at != pointer and not at.startswith(f"{pointer}/"):
            continue
        places = [token.offset for token in words if token.leaf == leaf]
        if places:  # a sign such as + is a leaf of the tree, but no word
            before = sum(other == leaf for _, other in leaves[:number])
            return _place(text, places[min(before, len(places) - 1)])
    return _place(text, 0)


def _leaves(node: Any, pointer: str) -> Iterator[tuple[str, tuple[str, Any]]]:
    """Names and literals, each as `Token.leaf` tells it, in the order of the text."""
    if isinstance(node, dict) and isinstance(node.get("op"), str):
        yield f"{pointer}/op", ("function", node["op"].lower())
    if isinstance(node, dict) and isinstance(node.get("property"), str):
        yield pointer, ("name", node["property"])
        return
    if isinstance(node, str):
        yield pointer, ("string", node)
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield pointer, ("number", float(node))
    for step, child in children(node):
        if step not in ("op", "type"):
            yield from _leaves(child, f"{pointer}/{step}")
