"""The staff's pages: login, records, review, history, people. One module a group of addresses, each with its `blueprint`."""

from __future__ import annotations

import atexit
import importlib
import pkgutil
from collections.abc import Mapping

from flask import Blueprint, Flask


def blueprints() -> list[Blueprint]:
    """The blueprint of every module in this package."""
    modules = (importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return [module.blueprint for module in modules if hasattr(module, "blueprint")]


def install(app: Flask) -> None:
    """Serve the staff's pages below /staff, and keep every one of them out of all caches."""
    from webmap.staff.frame import install as put_around

    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    put_around(app)
    count_embeds(app)


def count_embeds(app: Flask) -> None:
    """Let the record know how often each website's embed was opened."""
    from webmap.site import Site
    from webmap.staff.desk import desk_of

    def save(opened: Mapping[tuple[str, str], int]) -> None:
        with app.app_context():
            desk_of(app).embed_sites.count(opened)

    here: Site = app.extensions["relitu"]
    here.embed_uses.save = save
    atexit.register(here.embed_uses.flush)
