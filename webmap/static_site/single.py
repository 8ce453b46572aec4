"""The site as one HTML file that opens by a double click: map and list in every language, everything inside.

A feature's page is the panel on the map. All markup of features shares one table of parts, for the same tags stand in
every one of them.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from datasets.labels import DEFAULT_LANGUAGE, Label
from webmap.bundle import bundle
from webmap.i18n import catalogue
from webmap.static_files import TYPES
from webmap.static_site import columns, heating, pieces, wording
from webmap.static_site.addresses import HOST, NOT_STATE, selected_by
from webmap.static_site.edition import Edition, in_language
from webmap.static_site.folder import STYLE_LINK, json_text, script_source
from webmap.static_site.markup import rewritten
from webmap.static_site.refusals import SiteRefused
from webmap.static_site.shapes import shapes

MB = 1_000_000
MOST_BYTES = 15 * MB
PAGES = {"map": "/", "list": "/list"}
BODY = re.compile(r"<body([^>]*)>(.*)</body>", re.S)
CODE = re.compile(r'<script(?! type="application/json")[^>]*>.*?</script>\s*', re.S)
STYLES = re.compile(r'<link rel="stylesheet" href="([^"]*)"(?: media="(\w+)")?>')
LEAVE = re.compile(r'<p class="detail-actions">\s*<a [^>]*data-leave[^>]*>.*?</a>\s*</p>', re.S)
PARTS = re.compile(r"(<[^>]*>)")


def export_html(edition: Edition, path: Path, most: int = MOST_BYTES) -> int:
    """Write the site as one file; its size in bytes. Raises SiteRefused where it would be larger than `most` bytes."""
    content = Single(edition).html().encode()
    if len(content) > most:
        zipped = path.with_suffix(".zip").name
        raise SiteRefused(
            Label(
                f"单个 HTML 文件将有 {len(content) / MB:.1f} MB，超过 {most / MB:.0f} MB，浏览器打开会很慢；"
                f"请改为导出 ZIP：relitu export-site {zipped}",
                f"one HTML file would have {len(content) / MB:.1f} MB, more than {most / MB:.0f} MB, and open slowly; "
                f"write a ZIP instead: relitu export-site {zipped}",
            )
        )
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_bytes(content)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return len(content)


class Single:
    """Makes the one file."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    def html(self) -> str:
        """The whole file; the same content gives the same text."""
        bodies = [self._template(name, lang) for name in PAGES for lang in self.edition.languages]
        styles = [self._styles(name) for name in PAGES]
        vendor, shells = self._map_scripts()
        scripts = [
            _safe(bundle("js/offline/boot.js", script_source)),
            *vendor,
            self._data(),
            *shells,
            _safe(bundle("js/offline/single.js", script_source)),
        ]
        icon = self._inlined(f"/static/{self.edition.static_version}/img/mark.svg")
        title = self.edition.config.title
        head = (
            '<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts, [style for _, style in styles])}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">\n',
            f"<title>{escape(title.zh)} {escape(title.en)}</title>\n",
            f'<link rel="icon" href="{icon}" type="image/svg+xml">\n',
            *(f'<style data-of="{name}">{style}</style>\n' for name, style in styles),
            "</head>\n<body>\n<noscript><p>本文件需要启用脚本。This file needs scripts to be enabled.</p></noscript>\n",
        )
        tail = (*bodies, *(f"<script>{script}</script>\n" for script in scripts), "</body>\n</html>\n")
        return "".join((*head, *tail))

    def place(self, address: str) -> str | None:
        """Where an address of the app is inside the file."""
        parts = urlsplit(address.removeprefix(HOST))
        asked = dict(parse_qsl(parts.query))
        pairs = [(name, value) for name, value in parse_qsl(parts.query) if name not in NOT_STATE]
        if selected := selected_by(address):
            pairs = [("select", selected)]
        elif parts.path == "/list":
            pairs.append(("page", "list"))
        elif parts.path.startswith("/static/") and parts.path.endswith((".svg", ".png")):
            return self._inlined(address)
        elif parts.path != "/":
            return None
        lang = asked.get("lang", DEFAULT_LANGUAGE)
        if lang not in self.edition.languages:
            return None
        if lang != self.edition.languages[0]:
            pairs.append(("lang", lang))
        return f"?{urlencode(pairs, safe=',/:')}" + (f"#{parts.fragment}" if parts.fragment else "")

    def _template(self, name: str, lang: str) -> str:
        html = self.edition.text(in_language(PAGES[name], lang))
        found = BODY.search(html)
        assert found is not None  # noqa: S101 (every page of ours has one)
        inner = rewritten(CODE.sub("", found[2]), self.place)
        if name == "list":
            words = json_text(self.edition.words(lang)).replace("<", "\\u003c")
            inner += f'<script type="application/json" id="messages">{words}</script>'
        title = re.search(r"<title>(.*?)</title>", html, re.S)
        kind = re.search(r'class="([^"]*)"', found[1])
        data = {
            "page": name,
            "lang": lang,
            "tag": catalogue(lang).html,
            "version": self.edition.site.snapshot.version,
            "title": unescape(title[1]) if title else "",
            "class": kind[1] if kind else "",
        }
        written = "".join(f' data-{key}="{escape(value)}"' for key, value in data.items())
        return f"<template{written}>{inner}</template>\n"

    def _styles(self, name: str) -> tuple[str, str]:
        """The style sheets of a page as one, with their pictures inside."""
        html = self.edition.text(PAGES[name])
        without = re.sub(r"<noscript>.*?</noscript>", "", html.split("</head>")[0], flags=re.S)
        sheets = []
        for address, medium in STYLES.findall(without):
            sheet = self._with_pictures(unescape(address))
            sheets.append(f"@media {medium} {{\n{sheet}}}\n" if medium else sheet)
        return name, _lines("\n".join(sheets)).replace("</", "<\\/")

    def _with_pictures(self, address: str) -> str:
        base = urlsplit(address).path.rsplit("/", 1)[0]

        def inlined(found: re.Match[str]) -> str:
            return f'url("{self._inlined(os.path.normpath(f"{base}/{found[1]}"))}")'

        return STYLE_LINK.sub(inlined, self.edition.text(address))

    def _inlined(self, address: str) -> str:
        kind = TYPES.get(Path(urlsplit(address).path).suffix, "image/png")
        return f"data:{kind};base64,{base64.b64encode(self.edition.content(address)).decode()}"

    def _map_scripts(self) -> tuple[list[str], list[str]]:
        """The scripts that the map is made with, and by language the one that makes it, as a piece of the data."""
        vendor: dict[str, str] = {}
        shells = []
        for lang in self.edition.languages:
            addresses = re.findall(r'<script src="([^"]*)" defer>', self.edition.text(in_language("/", lang)))
            for address in map(unescape, addresses):
                text = self.edition.text(address)
                if "/assets/map-" in address:
                    shells.append(_handed_over(f"{lang}/shell", f"function () {{\n{text}\n}}"))
                else:
                    vendor[address] = text
        return [_safe(text) for text in vendor.values()], shells

    def _data(self) -> str:
        edition, site = self.edition, self.edition.site
        where, shaped = shapes(edition)
        held: dict[str, Any] = {
            "site": columns.described(site.snapshot, site.kinds, site.world, where),
            "heat": heating.described(site.snapshot, site.kinds, site.world, site.heat_grid),
            **dict(shaped),
        }
        marked: dict[str, Any] = {}
        for number, lang in enumerate(edition.languages):
            own = [("lang", lang)] if number else []
            pages: wording.Pages = {"map": ("", own), "list": ("", [("page", "list"), *own])}
            held[f"{lang}/words"] = wording.words(edition, lang, pages)
            for make in (pieces.rows, pieces.details, pieces.areas):
                for name, value in make(edition, lang, self._rewrite):
                    marked[f"{lang}/{name}"] = value
                    edition.progress("data", len(marked), max(len(marked) + 1, 1))
        table, numbered = shared(marked)
        edition.progress("data", len(marked), len(marked))
        return "".join(
            _handed_over(name, json_text(value)) for name, value in {"parts": table, **held, **numbered}.items()
        )

    def _rewrite(self, markup: str) -> str:
        return rewritten(LEAVE.sub("", markup), self.place)


def shared(marked: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """Markup as numbers of its parts in one table, the most frequent parts first."""
    counts: Counter[str] = Counter()
    for text in _texts(marked):
        counts.update(filter(None, PARTS.split(text)))
    table = sorted(counts, key=lambda part: (-counts[part], part))
    number = {part: at for at, part in enumerate(table)}

    def numbered(value: Any) -> Any:
        if isinstance(value, str):
            return [number[part] for part in PARTS.split(value) if part]
        return [numbered(each) for each in value]

    return table, {name: numbered(value) for name, value in marked.items()}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _handed_over(name: str, value: str) -> str:
    return _safe(f"(self.relituData=self.relituData||[]).push([{json_text(name)},{value}]);\n")


def _safe(script: str) -> str:
    """The script as it may stand inside a page: nothing in it ends the element or begins a comment."""
    return re.sub(r"<(?=/script|!--|script)", r"\\u003c", _lines(script), flags=re.I)


def _lines(text: str) -> str:
    """The text with the ends of lines that a browser makes of any: the policy names the hash of what it reads."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _policy(scripts: list[str], styles: list[str]) -> str:
    """Nothing runs but these scripts, nothing is fetched from anywhere."""

    def hashes(texts: list[str]) -> str:
        return " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}'" for each in texts
        )

    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {hashes(scripts)}",
            f"style-src {hashes(styles)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
