"""Scripts, styles and vendor files, under an address that changes with their content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, send_from_directory, url_for

FOLDER = Path(__file__).parent / "static"
YEAR_S = 365 * 24 * 3600

blueprint = Blueprint("static_files", __name__)


def content_version(folder: Path = FOLDER) -> str:
    """A hash over all files below `folder`; relative imports and urls inside them stay within the same version."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@blueprint.get("/static/<version>/<path:filename>")
def file(version: str, filename: str) -> Response:
    """One file; cacheable for ever under the current version, to be asked for again under any other."""
    response = send_from_directory(FOLDER, filename, conditional=True)
    current = current_app.config["STATIC_VERSION"]
    if version == current:
        response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response


def asset(filename: str) -> str:
    """The address of a file below webmap/static."""
    return url_for("static_files.file", version=current_app.config["STATIC_VERSION"], filename=filename)


def install(app: Flask) -> None:
    """Serve the files and give templates `asset()`."""
    app.config["STATIC_VERSION"] = content_version()
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = asset
