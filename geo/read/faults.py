"""Findings of readers in one line: code, place in the file, words in both languages."""

from __future__ import annotations

from datasets.labels import Label
from geo.model.finding import Finding, Severity
from geo.read.raw import Unreadable


def error(code: str, where: str, zh: str, en: str) -> Finding:
    """A fault whose meaning is not clear: it keeps the feature, or the file, from being committed."""
    return Finding(code, Severity.ERROR, where, Label(zh, en))


def warning(code: str, where: str, zh: str, en: str) -> Finding:
    """Something odd whose meaning is clear; a person should look."""
    return Finding(code, Severity.WARNING, where, Label(zh, en))


def info(code: str, where: str, zh: str, en: str) -> Finding:
    """Something a person may like to know."""
    return Finding(code, Severity.INFO, where, Label(zh, en))


def unreadable(code: str, where: str, zh: str, en: str) -> Unreadable:
    """The whole file cannot be read; the words name the place, for they may be shown alone."""
    return Unreadable(error(code, where, f"{where}：{zh}", f"{where}: {en}"))
