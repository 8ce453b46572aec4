"""The application factory."""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from geo.model import Kinds, default_kinds
from webmap import i18n, problems, security, static_files
from webmap.config import Config
from webmap.requests import OwnRequest
from webmap.serving import front
from webmap.site import Site
from webmap.views import blueprints

COMPRESSED = [
    "text/html",
    "text/css",
    "text/csv",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/geo+json",
    "application/problem+json",
    "application/schema+json",
    "image/svg+xml",
]


def create_app(config: Config, kinds: Kinds | None = None) -> Flask:
    """The public application of one installation.

    Raises what keeps it from serving rightly: datasets.errors.DatasetError, geo.publish.DamagedSnapshot,
    geo.publish.shelf.NoSnapshot.
    """
    app = Flask(__name__, static_folder=None)
    app.request_class = OwnRequest
    app.config["COMPRESS_MIMETYPES"] = COMPRESSED
    app.config["COMPRESS_ALGORITHM"] = ["br", "gzip"]
    app.config["COMPRESS_STREAMS"] = False
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.extensions["relitu"] = Site(config, kinds or default_kinds())
    static_files.install(app)
    i18n.install(app)
    problems.install(app)
    security.install(app, config)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    if config.staff_enabled:
        from webmap import staff, writing  # the libraries of the record are loaded only where somebody works on it

        staff.install(app)
        writing.install(app)
    Compress(app)
    front.install(app)
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
