"""What a file says of itself: where its facts come from, how old and how exact they are, which of them are made up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from datasets import vocab
from datasets.labels import Label
from geo.model import Feature
from geo.publish.columns import FlagColumn, TermColumn
from geo.publish.table import Table

CRS = Label(
    "WGS-84 经纬度（EPSG:4326，与 CGCS2000 视为一致）",
    "WGS-84 longitude and latitude (EPSG:4326; CGCS2000 is taken as equal)",
)
NOBODY = Label("", "")
UNKNOWN = Label("未说明", "not stated")
NO_DEMO, DEMO = Label("无", "none"), Label("{n} 项，已逐项标明", "{n}, each marked")
MADE_UP = "demo"  # what demonstration data name as their source
MADE_UP_TITLE = Label("演示数据（虚构）", "demonstration data (made up)")
MOST_CITED, MOST_DOCUMENTS = 20_000, 50


@dataclass(frozen=True)
class Publisher:
    """Who offers the data: the site's name, its address, and under which licence; empty where nobody has said.

    documents: the titles of source documents by the name that `source` has for them.
    """

    title: Label = NOBODY
    address: str = ""
    licence: str = ""
    licence_url: str = ""
    documents: Mapping[str, Label] = field(default_factory=dict)


@dataclass(frozen=True)
class About:
    """One line each for a reader (`lines`), and the same for programs (`members`)."""

    lines: tuple[tuple[str, str], ...]
    members: Mapping[str, Any]
    licence: str

    def text(self) -> str:
        """The lines, one below the other."""
        return "\n".join(f"{name}: {value}" for name, value in self.lines)


def about(
    table: Table,
    rows: np.ndarray[Any, np.dtype[np.intp]],
    kind: type[Feature],
    lang: str,
    version: str,
    filter_query: str = "",
    publisher: Publisher | None = None,
) -> About:
    """What the file of these rows says of itself."""
    who = publisher or Publisher()
    precision = _counted(table, rows, "precision")
    labels = {term.code: term.label.text(lang) for term in vocab.load("precision")}
    demo = _demo(table, rows)
    latest = str(int(table.year[rows].max())) if len(rows) and table.year[rows].max() else ""
    titles = {**who.documents, MADE_UP: MADE_UP_TITLE}
    sources = [titles[document].text(lang) if document in titles else document for document in _documents(table, rows)]
    licence = " ".join(filter(None, (who.licence, who.licence_url))) or UNKNOWN.text(lang)
    lines = (
        (Label("内容", "Content"), f"{kind.plural.text(lang)} × {len(rows)}"),
        (Label("筛选条件", "Filter"), filter_query or Label("全部", "everything").text(lang)),
        (Label("发布方", "Publisher"), " ".join(filter(None, (who.title.text(lang), who.address)))),
        (Label("数据版本", "Version"), version),
        (Label("最近年份", "Latest year"), latest),
        (Label("来源", "Sources"), "; ".join(sources) or UNKNOWN.text(lang)),
        (Label("许可", "Licence"), licence),
        (Label("位置精度", "Precision"), "; ".join(f"{labels.get(code, code)} {n}" for code, n in precision.items())),
        (Label("演示数据", "Demonstration data"), (DEMO if demo else NO_DEMO).text(lang).format(n=demo)),
        (Label("坐标系", "Coordinate system"), CRS.text(lang)),
    )
    members = {
        "kind": kind.kind,
        "title": kind.plural.text(lang),
        "features": len(rows),
        "filter": filter_query,
        "publisher": who.title.text(lang),
        "address": who.address,
        "version": version,
        "latest_year": latest,
        "sources": sources,
        "licence": who.licence,
        "licence_url": who.licence_url,
        "precision": precision,
        "demonstration": demo,
        "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    }
    return About(tuple((label.text(lang), value) for label, value in lines if value), members, licence)


def _counted(table: Table, rows: np.ndarray[Any, np.dtype[np.intp]], name: str) -> dict[str, int]:
    column = table.column(name)
    if not isinstance(column, TermColumn):
        return {}
    codes, counts = np.unique(column.codes[rows], return_counts=True)
    found = {column.terms[code]: int(n) for code, n in zip(codes.tolist(), counts.tolist(), strict=True) if code >= 0}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _demo(table: Table, rows: np.ndarray[Any, np.dtype[np.intp]]) -> int:
    column = table.column("demo")
    return int(np.count_nonzero(column.values[rows])) if isinstance(column, FlagColumn) else 0


def _documents(table: Table, rows: np.ndarray[Any, np.dtype[np.intp]]) -> list[str]:
    """The documents that the rows cite, the most cited first; the lines within a document are left out."""
    column = table.column("source")
    if isinstance(column, TermColumn):
        cited = Counter(_counted(table, rows, "source"))
    else:
        cited = Counter(str(column[int(row)]) for row in rows[:MOST_CITED])
    documents: Counter[str] = Counter()
    for source, n in cited.items():
        documents[source.partition(":")[0]] += n
    return [document for document, _ in documents.most_common(MOST_DOCUMENTS) if document]
