"""Where the pages of the app are among the files of a site, and how one file leads to another.

Links are relative, so the files work under any path and from a disk.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from datasets.labels import DEFAULT_LANGUAGE
from geo.draw.export import formats

HOST = "http://localhost"
LONGEST_NAME = 120
LIST_PAGE = 50  # rows on a page of the list
NOT_STATE = ("lang", "v", "fragment")

# What answers only while a server runs; a link there is left out.
NEEDS_SERVER = frozenset(
    [
        "staff",
        "api",
        "embed",
        "embed.js",
        "oembed",
        "map.png",
        "map.svg",
        "select",
        "compare",
        "enquiry",
        "enquiries",
        "healthz",
        "readyz",
        "metrics",
        "tiles",
        "data.jsonld",
    ]
)


@dataclass(frozen=True)
class Target:
    """A file of the site, below its root, and what stands behind it in the address."""

    file: str
    query: str = ""
    fragment: str = ""

    def seen_from(self, file: str) -> str:
        """The address as a page in `file` writes it."""
        path = posixpath.relpath(self.file, posixpath.dirname(file) or ".")
        return path + (f"?{self.query}" if self.query else "") + (f"#{self.fragment}" if self.fragment else "")


def file_name(identifier: str) -> str:
    """A feature's identifier as a file's name on every system: other characters than a-z, 0-9, - and _ as ~ and hex."""
    plain = "".join(
        chr(byte) if re.match(rb"[a-z0-9_-]", bytes([byte])) else f"~{byte:02x}" for byte in identifier.encode()
    )
    if len(plain) <= LONGEST_NAME:
        return plain
    return f"{plain[: LONGEST_NAME - 18]}~~{hashlib.sha256(identifier.encode()).hexdigest()[:16]}"


@dataclass
class Folder:
    """The site as a folder of files. static_version: of the app's own files. known: whether a further page exists.

    kinds: those that have a list of their own. languages: those that the site has.
    """

    static_version: str
    kinds: tuple[str, ...]
    languages: tuple[str, ...]
    known: Callable[[str], bool] = field(default=lambda _: False)

    def target(self, address: str) -> Target | None:
        """Where an address of the app is in the site; None for what needs a server or is not there."""
        parts = urlsplit(address.removeprefix(HOST))
        if parts.scheme or parts.netloc or not parts.path.startswith("/"):
            return None
        pairs = [(name, value) for name, value in parse_qsl(parts.query) if name not in NOT_STATE]
        lang = dict(parse_qsl(parts.query)).get("lang", DEFAULT_LANGUAGE)
        if lang not in self.languages:
            return None
        steps = [unquote(step) for step in parts.path.split("/")[1:]]
        found = self._file(steps, pairs, dict(parse_qsl(parts.query)))
        if found is None:
            return None
        file, query = found
        if file.endswith(".html") and lang != DEFAULT_LANGUAGE:
            file = f"{lang}/{file}"
        return Target(file, urlencode(query, safe=",/:"), parts.fragment)

    def _file(
        self, steps: list[str], pairs: list[tuple[str, str]], query: dict[str, str]
    ) -> tuple[str, list[tuple[str, str]]] | None:
        first, rest = steps[0], steps[1:]
        if steps == [""]:
            return "index.html", pairs
        if steps == ["list"]:
            return self._list(pairs)
        if first == "static" and len(rest) > 1:
            return f"assets/{self.static_version}/{'/'.join(rest[1:])}", []
        if first == "assets":
            stem, _, suffix = rest[0].rpartition(".")
            version = query.get("v", "")
            return f"assets/{stem}{f'-{version}' if version else ''}.{suffix}", []
        if first == "export" and len(rest) == 1:
            return None if pairs else (f"export/{export_file(rest[0])}", [])
        if first == "f" and len(rest) > 1:
            return f"f/{file_name(rest[0])}/{file_name('/'.join(rest[1:]))}.html", []
        if first in ("county", "place") and len(rest) == 1:
            return f"{first}/{file_name(rest[0])}.html", []
        if first in NEEDS_SERVER or not self.known("/" + "/".join(steps)):
            return None
        return "/".join(file_name(step) for step in steps if step) + ".html", pairs

    def _list(self, pairs: list[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
        """The first pages of every list are files; any other filter or order is worked out by the list's script."""
        held = dict(pairs)
        kind, offset = held.pop("kind", ""), held.pop("offset", "0")
        plain = not held and len(pairs) == len(dict(pairs)) and (not kind or kind in self.kinds)
        if plain and offset.isdigit() and int(offset) % LIST_PAGE == 0 and (kind or int(offset)):
            return list_file(kind, int(offset) // LIST_PAGE + 1), []
        return "list.html", pairs


def export_file(name: str) -> str:
    """The file of an export called `<kind>.<format>`: a format may have a suffix of its own, as a zip has."""
    kind, _, format_name = name.partition(".")
    known = formats().get(format_name)
    return f"{kind}.{known.suffix}" if known else name


def list_file(kind: str, number: int) -> str:
    """The file of a page of a list; of all kinds where `kind` is empty."""
    if not kind and number == 1:
        return "list.html"
    return f"list/{file_name(kind) or 'all'}{f'-{number}' if number > 1 else ''}.html"


def needs_server(address: str) -> bool:
    """Whether an address of the app answers only while a server runs."""
    path = urlsplit(address.removeprefix(HOST)).path
    return path.startswith("/") and path.split("/")[1] in NEEDS_SERVER


def selected_by(address: str) -> str:
    """What the address of a feature, county or place selects on the map, else nothing."""
    path = urlsplit(address.removeprefix(HOST)).path
    if found := re.fullmatch(r"/f/([^/]+)/(.+)", path):
        return f"{unquote(found[1])}/{unquote(found[2])}"
    found = re.fullmatch(r"/(county|place)/([^/]+)", path)
    return f"{found[1]}/{unquote(found[2])}" if found else ""
