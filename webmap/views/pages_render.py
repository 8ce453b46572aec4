"""What every page shares: its reader, its frame, and how its answer is tagged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from flask import Blueprint, Response, render_template, request

from datasets.labels import DEFAULT_LANGUAGE
from geo.publish import Snapshot
from geo.publish.columns import FlagColumn
from webmap import caching, i18n
from webmap.i18n import catalogue, catalogues, current
from webmap.present.reader import Reader
from webmap.site import site
from webmap.static_files import content_version, load

blueprint = Blueprint("pages_render", __name__)


def reader() -> Reader:
    """The reader of this request."""
    here = site()
    return Reader(current(), here.kinds, here.world, here.snapshot, here.documents, request.script_root)


def page(template: str, make: Callable[[], dict[str, Any]], *, rests_on: str = "") -> Response:
    """The answer with `template` filled by what `make` gives; not made anew where the reader's copy is still right.

    With `?fragment=1` the template leaves the frame of the page out. rests_on: what else than snapshot, words and settings
    the page shows: a reader's copy counts as old once that changes, and the server keeps none.
    """

    def answer() -> Response:
        text = render_template(template, fragment=is_fragment(), **make())
        return Response(text, mimetype="text/html")

    version = f"{site().snapshot.version}-{appearance()}{rests_on}"
    return caching.answer(answer, version=version, shared=not rests_on)


def is_fragment() -> bool:
    """Whether only the content is wanted, to be put into another page."""
    return request.args.get("fragment") == "1"


@cache
def appearance() -> str:
    """A text that changes with the templates, the words and the settings that stand on pages."""
    config = site().config
    shown = (config.title, config.map_approval, config.base_map, config.frame_ancestors)
    files = content_version(load(i18n.FOLDER)) + content_version(load(i18n.FOLDER.parent / "templates"))
    return hashlib.sha256(f"{files}{shown}".encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Language:
    """A link to the same page in a language."""

    code: str
    tag: str
    name: str
    href: str
    current: bool


class Frame:
    """What stands around every page's content; worked out only where a template asks for it."""

    @cached_property
    def title(self) -> str:
        """The site's name."""
        return site().config.title.text(current())

    @cached_property
    def map_approval(self) -> str:
        """The 审图号, or nothing."""
        return site().config.map_approval

    @cached_property
    def data_date(self) -> str:
        """The latest date that a fact bears, in words; demonstration data don't count."""
        snapshot = site().snapshot
        latest = site().remember(("data date", snapshot.version), lambda: latest_fact(snapshot))
        return catalogue(current()).day(latest) if latest else ""

    @cached_property
    def has_demo(self) -> bool:
        """Whether demonstration data are published."""
        snapshot = site().snapshot
        return site().remember(
            ("has demo", snapshot.version), lambda: any(_demo(snapshot, k).any() for k in snapshot.kinds)
        )

    @cached_property
    def boundaries(self) -> str:
        """Where the boundaries come from."""
        return site().world.boundaries.source.text(current())

    @property
    def languages(self) -> list[Language]:
        """This page in every language, its query kept."""
        return [
            Language(each.lang, each.html, each.name, _in_language(each.lang), each.lang == current())
            for each in catalogues().values()
        ]

    def link(self, *path: str, **query: str) -> str:
        """An address on the site in the language of this page."""
        return reader().link(*path, query=query.items())

    def map_query(self, pairs: Iterable[tuple[str, str]]) -> str:
        """The map with a filter."""
        return reader().link(query=pairs)

    def list_query(self, pairs: Iterable[tuple[str, str]]) -> str:
        """The list with a filter."""
        return reader().link("list", query=pairs)


def _in_language(lang: str) -> str:
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name not in ("lang", "fragment")]
    if lang != DEFAULT_LANGUAGE:
        pairs.append(("lang", lang))
    return Reader.address(request.script_root + request.path, pairs)


def latest_fact(snapshot: Snapshot) -> str:
    """The latest `as_of` among what is no demonstration data; empty where there is none."""
    latest = ""
    for kind in snapshot.kinds:
        table = snapshot.table(kind)
        years = np.where(_demo(snapshot, kind), 0, table.year)
        if not table.rows or not years.max():
            continue
        dates = table.column("as_of")
        latest = max(latest, *(str(dates[int(row)]) for row in np.flatnonzero(years == years.max())), key=_end)
    return latest


def _end(day: str) -> str:
    """A date in a form that sorts: a month or quarter ends later than each of its days, a bare year is not that exact."""
    year, quarter, number = day.partition("-Q")
    if quarter:
        return f"{year}-{3 * int(number):02}-98"
    return f"{day}-99" if len(day) == len("2022-03") else day


def _demo(snapshot: Snapshot, kind: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    column = snapshot.table(kind).column("demo")
    assert isinstance(column, FlagColumn)  # noqa: S101 (every kind declares it so)
    return column.values


@blueprint.app_context_processor
def _frame() -> dict[str, Any]:
    return {"frame": Frame(), "lang": current(), "fragment": is_fragment()}
