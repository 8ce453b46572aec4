"""Scripts, styles and vendor files, under an address that changes with their content; compressed once, not each time."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import brotli
from flask import Blueprint, Flask, Response, abort, current_app, request, url_for

from webmap.joined import joined
from webmap.serving.kept import keep

FOLDER = Path(__file__).parent / "static"
UNSERVED = FOLDER / "vendor" / "fonts"
YEAR_S = 365 * 24 * 3600
SMALLEST = 512  # bytes below which compressing costs more than it saves
TYPES = {".js": "text/javascript", ".ts": "text/plain", ".css": "text/css", ".svg": "image/svg+xml"}

COMMENTS = re.compile(rb"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*\n", re.MULTILINE | re.DOTALL)

blueprint = Blueprint("static_files", __name__)


@dataclass(frozen=True)
class StaticFile:
    """A file in memory, and its compressed forms once somebody has asked for them."""

    content: bytes
    mimetype: str

    @property
    def is_text(self) -> bool:
        """Whether compressing makes it smaller."""
        return self.mimetype in (*TYPES.values(), "application/json") and len(self.content) >= SMALLEST

    @cached_property
    def brotli(self) -> bytes:
        """Brotli, at the level that takes longest: it is done once."""
        return bytes(brotli.compress(self.content, quality=11))

    @cached_property
    def gzip(self) -> bytes:
        """Gzip without a time in it, so that the same file gives the same bytes."""
        return gzip.compress(self.content, mtime=0)


def load(folder: Path = FOLDER) -> dict[str, StaticFile]:
    """All files below `folder` by their address; hidden ones and the fonts of pictures, which no page asks for, left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith(".") and UNSERVED not in path.parents:
            guessed = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            name = path.relative_to(folder).as_posix()
            content = path.read_bytes()
            found[name] = StaticFile(without_comments(content) if name.startswith("js/") else content, guessed)
    return found


def without_comments(script: bytes) -> bytes:
    """A module of ours without the comments that stand on lines of their own: a quarter of what would be sent."""
    return COMMENTS.sub(b"", script)


def content_version(files: dict[str, StaticFile]) -> str:
    """A hash over all files; relative imports and urls inside them stay within the same version."""
    digest = hashlib.sha256()
    for name, held in files.items():
        digest.update(name.encode())
        digest.update(held.content)
    return digest.hexdigest()[:12]


@blueprint.get("/static/<version>/<path:filename>")
def file(version: str, filename: str) -> Response:
    """One file; cacheable for ever under the current version, to be asked for again under any other."""
    held = current_app.extensions["static_files"].get(filename)
    if held is None:
        abort(404)
    response = send(held, filename)
    is_current = version == current_app.config["STATIC_VERSION"]
    response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable" if is_current else "no-cache"
    return response


def send(held: StaticFile, filename: str) -> Response:
    """A file as the client takes it, with its tag; the caller says how long it may be kept."""
    response = packed(held)
    encoding = response.headers.get("Content-Encoding", "")
    response.set_etag(f"{current_app.config['STATIC_VERSION']}-{encoding}-{filename.replace('/', '.')}")
    response.make_conditional(request)
    keep("")
    return response


def packed(held: StaticFile) -> Response:
    """The content in the form that the client takes."""
    content, encoding = _encoded(held)
    response = Response(content, mimetype=held.mimetype)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.vary.add("Accept-Encoding")
    return response


def _encoded(held: StaticFile) -> tuple[bytes, str]:
    accepted = request.accept_encodings
    if held.is_text and accepted.quality("br") and accepted.quality("br") >= accepted.quality("gzip"):
        return held.brotli, "br"
    if held.is_text and accepted.quality("gzip"):
        return held.gzip, "gzip"
    return held.content, ""


def asset(filename: str) -> str:
    """The address of a file below webmap/static."""
    return url_for("static_files.file", version=current_app.config["STATIC_VERSION"], filename=filename)


def part_of(name: str, files: dict[str, StaticFile]) -> str:
    """A file's text, to be joined; nothing for a package's that is not installed: `relitu doctor` says so, and lists need no map."""
    if name.startswith("vendor/") and name not in files:
        return ""
    return files[name].content.decode()


def install(app: Flask) -> None:
    """Serve the files and give templates `asset()`."""
    held = load()
    for name, text in joined(lambda name: part_of(name, held)).items():
        held[name] = StaticFile(text.encode(), TYPES[posixpath.splitext(name)[1]])
    app.extensions["static_files"] = held
    app.config["STATIC_VERSION"] = content_version(held)
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = asset
