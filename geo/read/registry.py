"""Which formats there are, and which one a file is."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from datasets.labels import Label
from geo.model.finding import Finding, Severity
from geo.read import formats as _formats
from geo.read.raw import Progress, Reader, ReadFile, Sniff, Unreadable, nothing_done

HEAD_BYTES = 64 * 1024


@cache
def readers() -> Mapping[str, Reader]:
    """Every format by its name: one module of `geo.read.formats` each."""
    modules = pkgutil.iter_modules(_formats.__path__)
    found = [importlib.import_module(f"{_formats.__name__}.{module.name}") for module in modules]
    ordered = sorted((module.READER for module in found if hasattr(module, "READER")), key=lambda r: (r.order, r.name))
    return {reader.name: reader for reader in ordered}


def recognise(path: Path, name: str) -> Reader:
    """The reader whose format the file is, by its content first; raises Unreadable where none knows it."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise Unreadable(
            _finding("empty-file", name, "文件是空的，请重新导出后再上传", "the file is empty; export it again")
        )
    sniff = Sniff(name, head)
    best = max(readers().values(), key=lambda reader: (reader.recognises(sniff), -reader.order))
    if best.recognises(sniff) <= 0:
        known = ", ".join(sorted({suffix for reader in readers().values() for suffix in reader.suffixes}))
        raise Unreadable(
            _finding(
                "unknown-format",
                name,
                f"无法识别文件格式；可用：{known}",
                f"the format is not known; known are {known}",
            )
        )
    return best


def read(path: Path, name: str = "", format_name: str = "", progress: Progress = nothing_done) -> ReadFile:
    """The features of a file, in its own coordinates.

    name: what the person called the file. format_name: its format where the person says so. Raises Unreadable.
    """
    shown = name or path.name
    reader = readers()[format_name] if format_name else recognise(path, shown)
    return reader.read(path, shown, progress)


def _finding(code: str, where: str, zh: str, en: str) -> Finding:
    return Finding(code, Severity.ERROR, where, Label(f"{where}：{zh}", f"{where}: {en}"))
