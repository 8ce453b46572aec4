"""The site as files: pages in every language, the data that their scripts filter, styles, and files to take away."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import numpy as np

from datasets.labels import DEFAULT_LANGUAGE
from geo.draw.export import formats_for
from geo.query import Filter
from webmap import i18n
from webmap.bundle import bundle
from webmap.caching import SOFTWARE
from webmap.static_files import FOLDER, content_version, load
from webmap.static_site import columns, heating, pieces, wording
from webmap.static_site.addresses import HOST, LIST_PAGE, Folder, Target, export_file
from webmap.static_site.edition import Edition, feature_address, in_language
from webmap.static_site.markup import rewritten
from webmap.static_site.shapes import shapes
from webmap.static_site.steady import steady, without_clock

File = tuple[str, bytes]
ENTRIES = {"js/map.js": "js/offline/map.js"}
LIST_ENTRY = "js/offline/list.js"
STYLE_LINK = re.compile(r'url\(\s*["\']?(?!data:|#)([^"\')]+)["\']?\s*\)')
LINKED = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)
LEADS = re.compile(r'(<link rel="(?:canonical|alternate)"[^>]*? href=")([^"]*)(")')


def json_text(value: Any) -> str:
    """Compact JSON, the same for the same value; arrays of numbers as lists."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_listed)


def _listed(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def piece_script(name: str, value: Any) -> str:
    """A piece of the data as the script that hands it over."""
    return f"(self.relituData=self.relituData||[]).push([{json_text(name)},{json_text(value)}]);\n"


def data_version(edition: Edition) -> str:
    """Changes with whatever the data files are made of."""
    site = edition.site
    made_of = (
        site.snapshot.version,
        site.boundaries_version,
        content_version(load(i18n.FOLDER)),
        content_version(load(i18n.FOLDER.parent / "templates")),
        edition.static_version,
        SOFTWARE,
    )
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:16]


def script_source(name: str) -> str:
    """The text of one of our modules."""
    return (FOLDER / name).read_text(encoding="utf-8")


class FolderSite:
    """Makes the files one after the other; those that a page needs come after it. url: where it will be, if known."""

    def __init__(self, edition: Edition, url: str = "") -> None:
        self.edition = edition
        self.url = url and url.rstrip("/") + "/"
        self.version = data_version(edition)
        self.pages: list[str] = []
        self._addresses = Folder(edition.static_version, edition.kinds, edition.languages, self._is_known)
        self._known: dict[str, bool] = {}
        self._further: list[str] = []
        self._needed: dict[str, str] = {}
        self._bundles: dict[str, str] = {}

    def files(self) -> Iterator[File]:
        """Every page, then the data, then the scripts and styles that they need."""
        yield from self._all_pages()
        yield from self._data()
        yield from self._assets()

    def exports(self) -> Iterator[File]:
        """Every kind in every format, and the boundaries."""
        wanted = [f"{kind}.{name}" for kind in self.edition.kinds for name in formats_for(kind)]
        for done, name in enumerate(wanted):
            self.edition.progress("export", done, len(wanted))
            with without_clock():
                content = self.edition.content(f"/export/{name}")
            file = export_file(name)
            yield f"export/{file}", steady(file, content)
        counties = json.loads(self.edition.content("/api/boundaries"))["counties"]
        yield "export/boundaries.geojson", json_text(counties).encode()
        self.edition.progress("export", len(wanted), len(wanted))

    def lost(self) -> File:
        """The page for addresses that are not there; it may be shown at any depth, so its links are absolute."""
        root = urlsplit(self.url).path or "/"

        def place(address: str) -> str | None:
            found = self._target(address)
            return root + found.seen_from("") if found else None

        page = self.edition.get("/lost").content.decode()
        return "404.html", rewritten(page, place).encode()

    def _is_known(self, path: str) -> bool:
        if path not in self._known:
            answer = self.edition.get(path)
            self._known[path] = answer.status == 200 and answer.mimetype == "text/html"
            if self._known[path]:
                self._further.append(path)
        return self._known[path]

    def _all_pages(self) -> Iterator[File]:
        wanted = [in_language(address, lang) for lang in self.edition.languages for address in self._first_pages()]
        for done, address in enumerate(wanted):
            self.edition.progress("pages", done, len(wanted))
            yield self._page(address)
        written: set[str] = set()
        while self._further:  # pages that only other pages name
            path = self._further.pop()
            if path not in written:
                written.add(path)
                for lang in self.edition.languages:
                    yield self._page(in_language(path, lang))
        self.edition.progress("pages", len(wanted), len(wanted))

    def _first_pages(self) -> Iterator[str]:
        site = self.edition.site
        yield from ("/", "/list")
        counts = {kind: site.snapshot.table(kind).rows for kind in self.edition.kinds}
        for kind, rows in {"": sum(counts.values()), **counts}.items():
            for offset in range(0, rows, LIST_PAGE):
                if kind or offset:
                    yield f"/list?{f'kind={quote(kind)}&' if kind else ''}offset={offset}"
        for kind in self.edition.kinds:
            ids = site.snapshot.table(kind).column("id")
            yield from (feature_address(kind, str(ids[row])) for row in range(counts[kind]))
        for sort, codes in pieces.area_codes(self.edition).items():
            yield from (f"/{sort}/{quote(code, safe='')}" for code in codes)

    def _page(self, address: str) -> File:
        target = self._addresses.target(address)
        assert target is not None  # noqa: S101 (only addresses of pages come here)
        file = target.file
        lang = file.split("/")[0] if file.split("/")[0] in self.edition.languages else DEFAULT_LANGUAGE
        html = self.edition.text(address)
        if 'class="demo-note"' not in html:  # what is no fact is not offered to search engines
            self.pages.append(file)
        html = LINKED.sub(self._linked, html)
        if file in ("list.html", f"{lang}/list.html"):
            html = html.replace("</body>", self._list_script(lang) + "</body>")
        html = rewritten(html, lambda other: self._place(other, file), lambda module: self._scripts(module, file, lang))
        if self.url:
            own = self.url + file
            html = LEADS.sub(lambda found: found[1] + escape(urljoin(own, found[2])) + found[3], html)
        return file, html.encode()

    def _linked(self, found: re.Match[str]) -> str:
        """Linked data name their pages by whole addresses, which are known only where the site's own is."""
        if not self.url:
            return ""
        text = json_text(self._in_place(json.loads(found[1]))).replace("<", "\\u003c")
        return f'<script type="application/ld+json">{text}</script>'

    def _in_place(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._in_place(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._in_place(each) for each in value]
        if not isinstance(value, str) or not value.startswith(HOST):
            return value
        target = self._target(value)
        return self.url + (target.seen_from("") if target else "")

    def _list_script(self, lang: str) -> str:
        words = json_text(self.edition.words(lang)).replace("<", "\\u003c")
        module = f'<script type="module" src="/static/{self.edition.static_version}/{LIST_ENTRY}"></script>'
        return f'<script type="application/json" id="messages">{words}</script>{module}'

    def _target(self, address: str) -> Target | None:
        found = self._addresses.target(address)
        if found and found.file.startswith("assets/"):
            self._needed[found.file] = address
        return found

    def _place(self, address: str, file: str) -> str | None:
        found = self._target(address)
        return found.seen_from(file) if found else None

    def _scripts(self, module: str, file: str, lang: str) -> str:
        """A module's script; before it the data, where it answers out of them."""
        name = module.split(f"/static/{self.edition.static_version}/", 1)[1]
        entry = ENTRIES.get(name, name)
        script = f"assets/{self.edition.static_version}/{entry.removeprefix('js/').replace('/', '-')}"
        self._bundles[script] = entry
        if "/offline/" not in entry:
            return f'<script src="{escape(Target(script).seen_from(file))}" defer></script>'
        root = f"data/{self.version}"
        wanted = [f"{root}/{lang}/words.js", f"{root}/site.js"]
        before = "".join(f'<script src="{Target(each).seen_from(file)}" defer></script>\n' for each in wanted)
        return f'{before}<script src="{Target(script).seen_from(file)}" data-root="{Target(root).seen_from(file)}/" defer></script>'

    def _data(self) -> Iterator[File]:
        edition, site = self.edition, self.edition.site
        where, shaped = shapes(edition)
        everything = columns.described(site.snapshot, site.kinds, site.world, where)
        yield self._piece("site", everything)
        yield self._piece("heat", heating.described(site.snapshot, site.kinds, site.world, site.heat_grid))
        for name, value in shaped:
            yield self._piece(name, value)
        total = len(edition.languages) * site.select(Filter()).total
        for number, lang in enumerate(edition.languages):
            pages: wording.Pages = {"map": ("index.html", []), "list": ("list.html", [])}
            yield self._piece(f"{lang}/words", wording.words(edition, lang, pages))
            done = number * total // len(edition.languages)
            for name, value in self._in_language(lang):
                edition.progress("data", done, total)
                done += len(value) if name.startswith("details/") else 0
                yield self._piece(f"{lang}/{name}", value)
        edition.progress("data", total, total)

    def _in_language(self, lang: str) -> Iterable[tuple[str, Any]]:
        """The pieces of markup of a language, with addresses as its map and list see them."""
        seen_from = "index.html" if lang == DEFAULT_LANGUAGE else f"{lang}/index.html"

        def rewrite(markup: str) -> str:
            return rewritten(markup, lambda address: self._place(address, seen_from))

        for make in (pieces.rows, pieces.details, pieces.areas):
            yield from make(self.edition, lang, rewrite)

    def _piece(self, name: str, value: Any) -> File:
        return f"data/{self.version}/{name}.js", piece_script(name, value).encode()

    def _assets(self) -> Iterator[File]:
        for file, entry in sorted(self._bundles.items()):
            yield file, bundle(entry, script_source).encode()
        written: set[str] = set()
        while waiting := sorted(set(self._needed) - written):
            for file in waiting:
                content = self.edition.content(self._needed[file])
                if file.endswith(".css"):
                    self._need_of(file, content.decode())
                written.add(file)
                yield file, content

    def _need_of(self, file: str, style: str) -> None:
        """A style sheet's own pictures; they lie where the app has them."""
        for found in STYLE_LINK.finditer(style):
            other = posixpath.normpath(posixpath.join(posixpath.dirname(file), found[1]))
            self._needed[other] = f"/static/{other.removeprefix('assets/')}"
